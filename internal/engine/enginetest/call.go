package enginetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/ddb-cli/ddb/internal/wire"
)

// call sends one operation with its input in the wire's JSON through the SDK and returns the answer in the same form.
func (t *Target) call(ctx context.Context, operation string, input []byte) (map[string]any, error) {
	for _, client := range []any{t.DynamoDB, t.Streams} {
		method := reflect.ValueOf(client).MethodByName(operation)
		if !method.IsValid() {
			continue
		}
		in := reflect.New(method.Type().In(1).Elem())
		if err := wire.Unmarshal(input, in.Interface()); err != nil {
			return nil, fmt.Errorf("%s: the scenario's input does not fit the SDK: %w", operation, err)
		}
		out := method.Call([]reflect.Value{reflect.ValueOf(ctx), in})
		if err, failed := reflect.TypeAssert[error](out[1]); failed {
			return nil, err
		}
		body, err := wire.Marshal(out[0].Interface())
		if err != nil {
			return nil, err
		}
		return decode(body)
	}
	return nil, fmt.Errorf("%s: no client of the SDK has such an operation", operation)
}

// raw sends the body as it stands, signed, past the SDK's own checks of an input.
func (t *Target) raw(ctx context.Context, operation string, body []byte) (map[string]any, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.endpoint+"/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	service := "DynamoDB_20120810."
	if reflect.ValueOf(t.Streams).MethodByName(operation).IsValid() {
		service = "DynamoDBStreams_20120810."
	}
	req.Header.Set("X-Amz-Target", service+operation)
	creds, err := t.creds.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), "dynamodb", t.region, time.Now()); err != nil {
		return nil, err
	}
	res, err := t.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusOK {
		return decode(answer)
	}
	var failure struct {
		Type     string `json:"__type"`
		Lower    string `json:"message"`
		Upper    string `json:"Message"`
		Rejected json.RawMessage
	}
	if err := json.Unmarshal(answer, &failure); err != nil {
		return nil, fmt.Errorf("status %d with a body that is no JSON: %q", res.StatusCode, answer)
	}
	_, code, _ := strings.Cut(failure.Type, "#")
	return nil, &smithy.GenericAPIError{Code: code, Message: failure.Lower + failure.Upper}
}

// decode reads an answer with its numbers as they were written.
func decode(body []byte) (map[string]any, error) {
	var answer map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&answer); err != nil {
		return nil, fmt.Errorf("the answer %q: %w", body, err)
	}
	return answer, nil
}

// words gives an error as a scenario writes it: the exception and the message of the service.
func words(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return "error: " + err.Error()
}

// reasons gives why each action of a cancelled transaction was refused, a line each; nothing for other errors.
func reasons(err error) string {
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return ""
	}
	var out strings.Builder
	for _, r := range cancelled.CancellationReasons {
		out.WriteString("\n" + aws.ToString(r.Code))
		if r.Message != nil {
			out.WriteString(": " + *r.Message)
		}
		if r.Item != nil {
			item, _ := wire.Marshal(r)
			if whole, err := decode(item); err == nil {
				out.WriteString(" " + flatten(whole["Item"]))
			}
		}
	}
	return out.String()
}
