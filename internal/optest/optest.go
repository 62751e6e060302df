// Package optest gives operations under test an environment: an embedded engine in memory, reached through the real
// client, and short ways to call them as an assistant does.
package optest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

// Env is an environment on an engine of its own, which ends with the test.
func Env(t *testing.T) *op.Env {
	t.Helper()
	return EnvOn(t, engine.Options{S3Root: t.TempDir()})
}

// EnvOn is Env on an engine with options, such as a clock or an S3 root.
func EnvOn(t *testing.T, options engine.Options) *op.Env {
	t.Helper()
	e, err := engine.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	f := dynamo.New(t.Context(), dynamo.Config{Local: e.Handler(), MaxAttempts: 1})
	return &op.Env{Clients: f.Clients, Explain: f.Explain}
}

// Orders is Env with an empty table Orders of partition key pk, a string.
func Orders(t *testing.T) *op.Env {
	t.Helper()
	env := Env(t)
	Table(t, env, "Orders", "pk:S")
	return env
}

// Table makes an on-demand table and gives its ARN. Keys are written NAME:TYPE, the partition key first: "pk:S", "n:N".
func Table(t *testing.T, env *op.Env, name string, keys ...string) (arn string) {
	t.Helper()
	c, err := env.Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	in := &dynamodb.CreateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest}
	kind := types.KeyTypeHash
	for _, key := range keys {
		attribute, of, _ := strings.Cut(key, ":")
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{AttributeName: &attribute, AttributeType: types.ScalarAttributeType(of)})
		in.KeySchema = append(in.KeySchema, types.KeySchemaElement{AttributeName: &attribute, KeyType: kind})
		kind = types.KeyTypeRange
	}
	out, err := c.DynamoDB.CreateTable(t.Context(), in)
	if err != nil {
		t.Fatalf("making the table %s: %v", name, err)
	}
	return *out.TableDescription.TableArn
}

// Call runs an operation with arguments as JSON and gives the result as data.
func Call(t *testing.T, env *op.Env, o op.Operation, arguments string) map[string]any {
	t.Helper()
	out, err := call(t, env, o, arguments)
	if err != nil {
		t.Fatalf("%s %s: %v", o.Spec().Tool, arguments, err)
	}
	text, err := wire.Marshal(out, o.Spec().Nulls...)
	if err != nil {
		t.Fatal(err)
	}
	var result map[string]any
	if err := json.Unmarshal(text, &result); err != nil {
		t.Fatalf("%s: %v in %s", o.Spec().Tool, err, text)
	}
	return result
}

// Fail runs an operation that is expected to fail, and gives the error.
func Fail(t *testing.T, env *op.Env, o op.Operation, arguments string) *op.Error {
	t.Helper()
	out, err := call(t, env, o, arguments)
	var e *op.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s %s: result %v, error %v, want an *op.Error", o.Spec().Tool, arguments, out, err)
	}
	return e
}

func call(t *testing.T, env *op.Env, o op.Operation, arguments string) (any, error) {
	t.Helper()
	in, err := o.Decode(json.RawMessage(arguments))
	if err != nil {
		return nil, err
	}
	return o.Invoke(t.Context(), env, in)
}

// JSON writes a value compactly with its members in order of name, for comparison with text.
func JSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
