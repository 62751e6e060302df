package ddbtest_test

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/smithy-go"
	"go.uber.org/goleak"

	"github.com/ddb-cli/ddb/ddbtest"
)

type item = map[string]types.AttributeValue

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

var things = &dynamodb.CreateTableInput{
	TableName:            aws.String("Things"),
	AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
	KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
}

func get(t *testing.T, c *dynamodb.Client, id string) item {
	t.Helper()
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: things.TableName, Key: item{"id": str(id)}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

func put(t *testing.T, c *dynamodb.Client, i item) {
	t.Helper()
	if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: things.TableName, Item: i}); err != nil {
		t.Fatal(err)
	}
}

func TestEachNewIsItsOwn(t *testing.T) {
	one := ddbtest.New(t, ddbtest.Table(things, item{"id": str("a")}))
	two := ddbtest.New(t, ddbtest.Table(things))
	if len(get(t, one, "a")) != 1 || get(t, two, "a") != nil {
		t.Error("the item of one is not in one alone")
	}
}

func TestEndsWithTheTest(t *testing.T) {
	before := goleak.IgnoreCurrent()
	var client *dynamodb.Client
	t.Run("inner", func(t *testing.T) {
		client = ddbtest.New(t, ddbtest.Table(things))
		if _, err := client.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
			TableName: things.TableName, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)},
		}); err != nil {
			t.Error(err)
		}
	})
	goleak.VerifyNone(t, before)
	retryer := &countingRetryer{Retryer: retry.NewStandard()}
	_, err := client.ListTables(t.Context(), &dynamodb.ListTablesInput{}, func(o *dynamodb.Options) { o.Retryer = retryer })
	if err == nil || !strings.Contains(err.Error(), "the test it was started for has ended") || retryer.retries > 0 {
		t.Errorf("a call after the test, tried again %d times: %v", retryer.retries, err)
	}
}

// countingRetryer counts how often a call is tried again.
type countingRetryer struct {
	aws.Retryer
	retries int
}

func (r *countingRetryer) RetryDelay(attempt int, err error) (time.Duration, error) {
	r.retries++
	return r.Retryer.RetryDelay(attempt, err)
}

func TestHandlerOnAPort(t *testing.T) {
	server := httptest.NewServer(ddbtest.Handler(ddbtest.Table(things, item{"id": str("a")})))
	defer server.Close()
	client := dynamodb.New(dynamodb.Options{
		Region: "us-west-2", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("any", "any", ""),
	})
	if got := get(t, client, "a"); len(got) != 1 {
		t.Errorf("item %v", got)
	}
}

func TestRegions(t *testing.T) {
	db := ddbtest.Start(t, ddbtest.Region("eu-central-1"), ddbtest.Table(things))
	out, err := db.Client().DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: things.TableName})
	if err != nil {
		t.Fatal(err)
	}
	if want := "arn:aws:dynamodb:eu-central-1:000000000000:table/Things"; *out.Table.TableArn != want {
		t.Errorf("ARN %s, want %s", *out.Table.TableArn, want)
	}
	elsewhere, err := db.Client(func(o *dynamodb.Options) { o.Region = "us-east-1" }).ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil || len(elsewhere.TableNames) != 0 {
		t.Errorf("tables of another region: %v, %v", elsewhere, err)
	}
}

func TestAccounts(t *testing.T) {
	const arn = "arn:aws:dynamodb:us-west-2:123456789012:table/Things"
	for _, c := range []struct {
		counts []string
		denied bool
	}{{nil, true}, {[]string{"111122223333"}, true}, {[]string{"111122223333", "123456789012"}, false}, {[]string{"*"}, false}} {
		_, err := ddbtest.New(t, ddbtest.Table(things), ddbtest.Accounts(c.counts...)).DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(arn)})
		var api smithy.APIError
		if denied := errors.As(err, &api) && api.ErrorCode() == "AccessDeniedException"; denied != c.denied || err != nil && !denied {
			t.Errorf("with accounts %q: %v", c.counts, err)
		}
	}
}

func TestClockAndTend(t *testing.T) {
	var now atomic.Int64
	now.Store(1_800_000_000)
	db := ddbtest.Start(t, ddbtest.Clock(func() time.Time { return time.Unix(now.Load(), 0) }), ddbtest.TTLSweep(time.Hour), ddbtest.Table(things))
	client := db.Client()
	if _, err := client.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: things.TableName, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)},
	}); err != nil {
		t.Fatal(err)
	}
	put(t, client, item{"id": str("a"), "ttl": &types.AttributeValueMemberN{Value: "1800000060"}})
	for _, step := range []struct {
		seconds int64
		there   bool
	}{{59, true}, {2, false}} {
		now.Add(step.seconds)
		if err := db.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		if there := get(t, client, "a") != nil; there != step.there {
			t.Errorf("at %d: there is %v", now.Load(), there)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Tend(t.Context()); err == nil {
		t.Error("Tend after Close says nothing")
	}
}

func TestFaults(t *testing.T) {
	client := ddbtest.New(t, ddbtest.Table(things, item{"id": str("a")}),
		ddbtest.Faults(`{"faults": [{"operation": "PutItem", "exception": "ThrottlingException"}, {"operation": "GetItem", "cut": "before"}]}`))
	once := func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 }
	_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: things.TableName, Item: item{"id": str("b")}}, once)
	if api, ok := errors.AsType[smithy.APIError](err); !ok || api.ErrorCode() != "ThrottlingException" {
		t.Errorf("the first PutItem after the seeded one: %v", err)
	}
	_, err = client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: things.TableName, Key: item{"id": str("a")}}, once)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a connection that is cut: %v", err)
	}
}

func TestRealisticLifecycle(t *testing.T) {
	client := ddbtest.New(t, ddbtest.RealisticLifecycle(), ddbtest.Table(things, item{"id": str("a")}))
	if get(t, client, "a") == nil {
		t.Error("the seeded item is not there")
	}
	more := *things
	more.TableName, more.BillingMode = aws.String("More"), types.BillingModePayPerRequest
	out, err := client.CreateTable(t.Context(), &more)
	if err != nil || out.TableDescription.TableStatus != types.TableStatusCreating {
		t.Errorf("a new table: %v, %v", out, err)
	}
	_, err = client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: more.TableName, Item: item{"id": str("a")}})
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok {
		t.Errorf("a write to it: %v", err)
	}
}

func TestStreamsClient(t *testing.T) {
	table := *things
	table.StreamSpecification = &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewImage}
	db := ddbtest.Start(t, ddbtest.Table(&table, item{"id": str("a")}))
	streams, err := db.Streams().ListStreams(t.Context(), &dynamodbstreams.ListStreamsInput{TableName: things.TableName})
	if err != nil || len(streams.Streams) != 1 {
		t.Fatalf("streams %v, %v", streams, err)
	}
	again, err := dynamodbstreams.NewFromConfig(db.Config()).DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: streams.Streams[0].StreamArn})
	if err != nil || len(again.StreamDescription.Shards) == 0 {
		t.Errorf("stream %v, %v", again, err)
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	keyless := *things
	keyless.TableName, keyless.KeySchema = aws.String("Keyless"), nil
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]struct {
		option ddbtest.Option
		want   string
	}{
		"faults":    {ddbtest.Faults(`{"faults": [{"cut": "soon"}]}`), "before, amid or after"},
		"table":     {ddbtest.Table(&keyless), "table Keyless: "},
		"no table":  {ddbtest.Table(nil), "table: it is nil"},
		"no name":   {ddbtest.Table(&dynamodb.CreateTableInput{}), "table 1 of the options has no TableName"},
		"nil":       {nil, "option 1 is nil"},
		"region":    {ddbtest.Region("nowhere"), `region "nowhere": that is no name of an AWS Region`},
		"no region": {ddbtest.Region(""), `region "": `},
		"zone":      {ddbtest.Region("us-west-2a"), `region "us-west-2a": `},
		"sweep":     {ddbtest.TTLSweep(-1), "time between sweeps -1ns: it has to be more than none"},
		"no sweep":  {ddbtest.TTLSweep(0), "time between sweeps 0s: "},
		"account":   {ddbtest.Accounts("123456789012", "12"), `account "12": an account is 12 digits`},
		"no root":   {ddbtest.S3Root(""), "S3 root: no directory is named"},
		"root":      {ddbtest.S3Root(file), "that is a file"},
		"item":      {ddbtest.Table(things, item{"id": str("a")}, item{"no": str("a")}), "table Things: item 2: "},
	} {
		db, err := ddbtest.Open(o.option)
		if err == nil || !strings.Contains(err.Error(), o.want) {
			t.Errorf("%s: %v, %v; want %s", name, db, err, o.want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Handler takes an option that makes no sense")
		}
	}()
	ddbtest.Handler(ddbtest.Faults("{"))
}

// BenchmarkNew measures what a test pays: a DynamoDB started, a client made, both ended. Less than a millisecond.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		db, err := ddbtest.Open()
		if err != nil {
			b.Fatal(err)
		}
		_ = db.Client()
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNewWithTable adds the first call, a table of one item.
func BenchmarkNewWithTable(b *testing.B) {
	table := ddbtest.Table(things, item{"id": str("a")})
	for b.Loop() {
		db, err := ddbtest.Open(table)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := db.Client().ListTables(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestStartIsCheap counts what a DynamoDB costs a test, since a clock would tell on a quiet machine only: 581 allocations where
// BenchmarkNew measures 0.4 ms.
func TestStartIsCheap(t *testing.T) {
	n := testing.AllocsPerRun(10, func() {
		db, err := ddbtest.Open()
		if err != nil {
			t.Fatal(err)
		}
		_ = db.Client()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	})
	if n > 1000 {
		t.Errorf("a DynamoDB costs %.0f allocations, want 1000 at most", n)
	}
}
