package engine_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/ddb-cli/ddb/internal/engine"
)

// inProcess carries the SDK's requests to a handler without a network.
type inProcess struct{ h http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	p.h.ServeHTTP(rec, in)
	return rec.Result(), nil
}

func open(t *testing.T, o engine.Options) (*engine.Engine, *dynamodb.Client) {
	t.Helper()
	e, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, clientOf(e)
}

func clientOf(e *engine.Engine) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region:           "eu-west-1",
		Credentials:      credentials.NewStaticCredentialsProvider("key", "secret", ""),
		HTTPClient:       &http.Client{Transport: inProcess{e.Handler()}},
		RetryMaxAttempts: 1,
	})
}

// wantError checks code and message of a refusal.
func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("got %v, want %s: %s", err, code, message)
	}
	if api.ErrorCode() != code || api.ErrorMessage() != message {
		t.Errorf("got  %s: %s\nwant %s: %s", api.ErrorCode(), api.ErrorMessage(), code, message)
	}
}

func simpleTable(t *testing.T, c *dynamodb.Client, name string) {
	t.Helper()
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPutAndGet(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		_, c := open(t, engine.Options{Dir: dir})
		simpleTable(t, c, "Things")
		item := map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "a"},
			"n":  &types.AttributeValueMemberN{Value: "1.50"},
		}
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: item}); err != nil {
			t.Fatal(err)
		}
		got, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{
			TableName: aws.String("Things"), Key: map[string]types.AttributeValue{"pk": item["pk"]}, ReturnConsumedCapacity: "TOTAL",
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := got.Item["n"].(*types.AttributeValueMemberN).Value; n != "1.5" {
			t.Errorf("n is %s, want its normal form 1.5", n)
		}
		if u := *got.ConsumedCapacity.CapacityUnits; u != 0.5 {
			t.Errorf("read took %v units, want 0.5", u)
		}
	}
}

func TestKeptOverReopen(t *testing.T) {
	dir := t.TempDir()
	e, err := engine.Open(engine.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	simpleTable(t, c, "Things")
	key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "a"}}
	if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: key}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	_, c = open(t, engine.Options{Dir: dir})
	got, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Things"), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Item) != 1 {
		t.Errorf("the item is gone after reopening: %v", got.Item)
	}
}

func TestRefusals(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	_, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Nothing"), Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "a"}}})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found")
	_, err = c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Nothing")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: Nothing not found")
	_, err = c.ListTables(t.Context(), &dynamodb.ListTablesInput{Limit: aws.Int32(0), ExclusiveStartTableName: aws.String("a!")})
	wantError(t, err, "ValidationException", "3 validation errors detected: "+
		"Value 'a!' at 'exclusiveStartTableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; "+
		"Value 'a!' at 'exclusiveStartTableName' failed to satisfy constraint: Member must have length greater than or equal to 3; "+
		"Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1")
	_, err = c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: map[string]types.AttributeValue{"x": &types.AttributeValueMemberS{Value: "a"}}})
	wantError(t, err, "ValidationException", "One or more parameter values were invalid: Missing the key pk in the item")
	simple := &dynamodb.CreateTableInput{
		TableName: aws.String("Things"), BillingMode: "PAY_PER_REQUEST",
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
	}
	_, err = c.CreateTable(t.Context(), simple)
	wantError(t, err, "ResourceInUseException", "Table already exists: Things")
}
