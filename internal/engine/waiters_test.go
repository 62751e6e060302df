package engine_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// passing is a transport under which a second passes with each call, so that waiters see every state and nobody waits.
type passing struct {
	to    http.RoundTripper
	clock *fakeClock
}

func (p passing) RoundTrip(r *http.Request) (*http.Response, error) {
	p.clock.advance(time.Second)
	return p.to.RoundTrip(r)
}

// Each waiter of the SDK finds what it waits for when the life cycle is realistic, and has to wait for it.
func TestWaitersUnderARealisticLifecycle(t *testing.T) {
	root := t.TempDir()
	clock := newClock(time.Now())
	e, _ := open(t, engine.Options{Region: "eu-west-1", Clock: clock.Now, Lifecycle: "realistic", S3Root: root})
	calls := 0
	c := dynamodb.New(dynamodb.Options{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""), RetryMaxAttempts: 1,
		HTTPClient: &http.Client{Transport: passing{counted{inProcess{e.Handler()}, &calls}, clock}},
	})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// Some work goes on behind an answer in real time, so waiters ask every few milliseconds for up to a minute.
	const every, most = 5 * time.Millisecond, time.Minute
	waits := func(what string, least int, wait func() error) {
		t.Helper()
		calls = 0
		if err := wait(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if calls < least {
			t.Errorf("%s: there after %d calls, want %d at least", what, calls, least)
		}
	}

	simpleTable(t, c, "Things")
	table := &dynamodb.DescribeTableInput{TableName: aws.String("Things")}
	waits("table exists", 2, func() error {
		return dynamodb.NewTableExistsWaiter(c, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay, o.MaxDelay = every, every }).Wait(t.Context(), table, most)
	})

	_, err := c.UpdateContributorInsights(t.Context(), &dynamodb.UpdateContributorInsightsInput{
		TableName: table.TableName, ContributorInsightsAction: types.ContributorInsightsActionEnable,
	})
	must(err)
	waits("contributor insights enabled", 1, func() error {
		w := dynamodb.NewContributorInsightsEnabledWaiter(c, func(o *dynamodb.ContributorInsightsEnabledWaiterOptions) { o.MinDelay, o.MaxDelay = every, every })
		return w.Wait(t.Context(), &dynamodb.DescribeContributorInsightsInput{TableName: table.TableName}, most)
	})

	stream := aws.String("arn:aws:kinesis:eu-west-1:000000000000:stream/things")
	_, err = c.EnableKinesisStreamingDestination(t.Context(), &dynamodb.EnableKinesisStreamingDestinationInput{TableName: table.TableName, StreamArn: stream})
	must(err)
	waits("kinesis destination active", 2, func() error {
		w := dynamodb.NewKinesisStreamingDestinationActiveWaiter(c, func(o *dynamodb.KinesisStreamingDestinationActiveWaiterOptions) {
			o.MinDelay, o.MaxDelay = every, every
		})
		return w.Wait(t.Context(), &dynamodb.DescribeKinesisStreamingDestinationInput{TableName: table.TableName}, most)
	})

	put(t, c, "Things", map[string]types.AttributeValue{"pk": text("a")})
	_, err = c.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
		TableName: table.TableName, PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	})
	must(err)
	exported, err := c.ExportTableToPointInTime(t.Context(), &dynamodb.ExportTableToPointInTimeInput{TableArn: arnOf("Things"), S3Bucket: aws.String("bucket")})
	must(err)
	waits("export completed", 1, func() error {
		w := dynamodb.NewExportCompletedWaiter(c, func(o *dynamodb.ExportCompletedWaiterOptions) { o.MinDelay, o.MaxDelay = every, every })
		return w.Wait(t.Context(), &dynamodb.DescribeExportInput{ExportArn: exported.ExportDescription.ExportArn}, most)
	})

	must(os.MkdirAll(filepath.Join(root, "source"), 0o700))
	must(os.WriteFile(filepath.Join(root, "source", "things.json"), []byte(`{"Item":{"pk":{"S":"b"}}}`+"\n"), 0o600))
	imported, err := c.ImportTable(t.Context(), &dynamodb.ImportTableInput{
		S3BucketSource: &types.S3BucketSource{S3Bucket: aws.String("source")}, InputFormat: types.InputFormatDynamodbJson,
		TableCreationParameters: &types.TableCreationParameters{
			TableName: aws.String("Imported"), BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}},
		},
	})
	must(err)
	waits("import completed", 1, func() error {
		w := dynamodb.NewImportCompletedWaiter(c, func(o *dynamodb.ImportCompletedWaiterOptions) { o.MinDelay, o.MaxDelay = every, every })
		return w.Wait(t.Context(), &dynamodb.DescribeImportInput{ImportArn: imported.ImportTableDescription.ImportArn}, most)
	})
	if item := get(t, c, "Imported", "b"); item == nil {
		t.Error("the item of the import is not there when the import is COMPLETED")
	}

	bulk, err := c.StartBulkPutItems(t.Context(), &dynamodb.StartBulkPutItemsInput{
		TableName: table.TableName, InputS3Configuration: &types.InputS3Configuration{S3Bucket: aws.String("source"), InputFormat: types.BulkOperationInputFormatDynamodbJson},
		OutputS3Configuration: &types.OutputS3Configuration{S3Bucket: aws.String("bucket"), OutputType: []types.OutputTypeEnum{types.OutputTypeEnumError}},
	})
	must(err)
	waits("bulk operation completed", 1, func() error {
		w := dynamodb.NewBulkOperationCompletedWaiter(c, func(o *dynamodb.BulkOperationCompletedWaiterOptions) { o.MinDelay, o.MaxDelay = every, every })
		return w.Wait(t.Context(), &dynamodb.DescribeBulkOperationInput{BulkOperationArn: bulk.BulkOperationDescription.BulkOperationArn}, most)
	})
	if item := get(t, c, "Things", "b"); item == nil {
		t.Error("the item of the bulk operation is not there when it is COMPLETED")
	}

	_, err = c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: table.TableName})
	must(err)
	waits("table does not exist", 2, func() error {
		return dynamodb.NewTableNotExistsWaiter(c, func(o *dynamodb.TableNotExistsWaiterOptions) { o.MinDelay, o.MaxDelay = every, every }).Wait(t.Context(), table, most)
	})
}

// counted is a transport that counts its calls.
type counted struct {
	to    http.RoundTripper
	calls *int
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	*c.calls++
	return c.to.RoundTrip(r)
}
