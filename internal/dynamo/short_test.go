package dynamo

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
)

// both are the client as operations have it and the SDK's whole one below it, on one engine.
func both(t *testing.T, o engine.Options) (quick *short, whole op.DynamoDBAPI) {
	t.Helper()
	isolate(t)
	e, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	c, err := New(t.Context(), Config{Local: e.Handler()}).Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	quick, ok := c.DynamoDB.(*short)
	if !ok {
		t.Fatalf("the client on the engine is a %T", c.DynamoDB)
	}
	_, err = quick.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: new("Things"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: new("pk"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: new("pk"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return quick, quick.Client
}

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// requestIDs are what no two calls have in common.
var requestIDs = regexp.MustCompile(`RequestID: \w+`)

// Whatever the engine answers, success or failure, is what the SDK makes of it.
func TestShortAnswersAsTheSDK(t *testing.T) {
	quick, whole := both(t, engine.Options{})
	key := map[string]types.AttributeValue{"pk": str("a")}
	item := map[string]types.AttributeValue{
		"pk": str("a"), "n": &types.AttributeValueMemberN{Value: "1234567890123456789012345678901234567.8"}, "b": &types.AttributeValueMemberB{Value: []byte{0, 1, 255}},
		"m": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"<é\u2028>": &types.AttributeValueMemberNULL{Value: true}}}, "s": &types.AttributeValueMemberSS{Value: []string{"x", "y"}},
	}
	if _, err := whole.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: new("Things"), Item: item}); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func(context.Context, op.DynamoDBAPI) (any, error){
		"put": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.PutItem(ctx, &dynamodb.PutItemInput{TableName: new("Things"), Item: item, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
		},
		"get": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.GetItem(ctx, &dynamodb.GetItemInput{TableName: new("Things"), Key: key, ConsistentRead: new(true), ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
		},
		"get nothing": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.GetItem(ctx, &dynamodb.GetItemInput{TableName: new("Things"), Key: map[string]types.AttributeValue{"pk": str("none")}})
		},
		"get without a key": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.GetItem(ctx, &dynamodb.GetItemInput{TableName: new("Things")})
		},
		"get without input": func(ctx context.Context, c op.DynamoDBAPI) (any, error) { return c.GetItem(ctx, nil) },
		"get with a wrong key": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.GetItem(ctx, &dynamodb.GetItemInput{TableName: new("Things"), Key: map[string]types.AttributeValue{"x": str("a")}})
		},
		"get elsewhere": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.GetItem(ctx, &dynamodb.GetItemInput{TableName: new("none"), Key: key})
		},
		"update": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: new("Things"), Key: key, UpdateExpression: new("SET x = :x"), ExpressionAttributeValues: map[string]types.AttributeValue{":x": str("1")}, ReturnValues: types.ReturnValueAllNew})
		},
		"update with a failed condition": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: new("Things"), Key: key, UpdateExpression: new("REMOVE x"), ConditionExpression: new("attribute_not_exists(pk)"), ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld})
		},
		"query": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.Query(ctx, &dynamodb.QueryInput{TableName: new("Things"), KeyConditionExpression: new("pk = :p"), ExpressionAttributeValues: map[string]types.AttributeValue{":p": str("a")}})
		},
		"query the old way, half said": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.Query(ctx, &dynamodb.QueryInput{TableName: new("Things"), KeyConditions: map[string]types.Condition{"pk": {}}})
		},
		"scan": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.Scan(ctx, &dynamodb.ScanInput{TableName: new("Things"), Limit: new(int32(1))})
		},
		"delete": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			return c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: new("Things"), Key: map[string]types.AttributeValue{"pk": str("none")}, ReturnValues: types.ReturnValueAllOld})
		},
		"cancelled": func(ctx context.Context, c op.DynamoDBAPI) (any, error) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return c.Scan(ctx, &dynamodb.ScanInput{TableName: new("Things")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			want, wantErr := call(t.Context(), whole)
			got, err := call(t.Context(), quick)
			if said(err) != said(wantErr) {
				t.Errorf("error:\n%s\nwant:\n%s", said(err), said(wantErr))
			}
			opts := cmp.Options{cmpopts.IgnoreUnexported(
				dynamodb.GetItemOutput{}, dynamodb.PutItemOutput{}, dynamodb.UpdateItemOutput{}, dynamodb.DeleteItemOutput{}, dynamodb.QueryOutput{}, dynamodb.ScanOutput{}, types.ConsumedCapacity{},
				types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{}, types.AttributeValueMemberM{}, types.AttributeValueMemberNULL{}, types.AttributeValueMemberSS{},
			), cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".ResultMetadata" }, cmp.Ignore())}
			if diff := cmp.Diff(want, got, opts); diff != "" {
				t.Errorf("-SDK +short:\n%s", diff)
			}
			var wantItem, item *types.ConditionalCheckFailedException
			if errors.As(wantErr, &wantItem) && (!errors.As(err, &item) || !cmp.Equal(wantItem.Item, item.Item, opts)) {
				t.Errorf("the item of a failed condition: %v, want %v", item, wantItem)
			}
		})
	}
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return requestIDs.ReplaceAllString(err.Error(), "RequestID: …")
}

// A failure is the first attempt of the SDK's, not one more call: what fails once is tried a second time and no third, and
// what is not to be repeated reaches the engine once.
func TestShortFailsAsTheSDK(t *testing.T) {
	for name, test := range map[string]struct {
		fault string
		want  string // in the error; "" for success
		calls int
	}{
		"throttled once":   {`{"call":1,"exception":"ThrottlingException","status":400}`, "", 2},
		"throttled always": {`{"count":-1,"exception":"ThrottlingException","status":400}`, "exceeded maximum number of attempts, 3", 3},
		"refused":          {`{"exception":"AccessDeniedException","status":400}`, "AccessDeniedException", 1},
		"failed once":      {`{"call":1,"exception":"InternalServerError","status":500}`, "", 2},
		"cut once":         {`{"call":1,"cut":"before"}`, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t)
			faults, err := engine.ParseFaults([]byte(`{"faults":[` + strings.Replace(test.fault, "{", `{"operation":"GetItem",`, 1) + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			quick, _ := both(t, engine.Options{Faults: faults})
			calls := 0
			quick.engine = counting{quick.engine, &calls}
			o := quick.Client.Options()
			o.HTTPClient = counting{o.HTTPClient, &calls}
			o.Retryer = retry.AddWithMaxBackoffDelay(o.Retryer, time.Millisecond)
			quick.Client = dynamodb.New(o)
			_, err = quick.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: new("Things"), Key: map[string]types.AttributeValue{"pk": str("a")}})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if calls != test.calls {
				t.Errorf("%d calls, want %d", calls, test.calls)
			}
		})
	}
}

// counting counts what reaches the engine.
type counting struct {
	client aws.HTTPClient
	calls  *int
}

func (c counting) Do(r *http.Request) (*http.Response, error) {
	if first, ok := r.Context().Value(attemptKey{}).(*attempt); !ok || first.taken {
		*c.calls++
	}
	return c.client.Do(r)
}
