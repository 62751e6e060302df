package engine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func bulkPut(table, prefix string) *dynamodb.StartBulkPutItemsInput {
	return &dynamodb.StartBulkPutItemsInput{
		TableName:            &table,
		InputS3Configuration: &types.InputS3Configuration{S3Bucket: aws.String("my-bucket"), S3KeyPrefix: &prefix, InputFormat: "DYNAMODB_JSON"},
		OutputS3Configuration: &types.OutputS3Configuration{
			S3Bucket: aws.String("my-bucket"), S3KeyPrefix: aws.String("out"), OutputType: []types.OutputTypeEnum{"ERROR", "CONDITION_CHECK_FAILURE"},
		},
	}
}

// bulk starts an operation and waits for its end.
func bulk(t *testing.T, c *dynamodb.Client, in *dynamodb.StartBulkPutItemsInput) *types.BulkOperationDescription {
	t.Helper()
	out, err := c.StartBulkPutItems(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	d := out.BulkOperationDescription
	if d.BulkOperationStatus != "IN_PROGRESS" || d.EndTime != nil || d.StartTime == nil {
		t.Errorf("the answer of the start: %+v", d)
	}
	return bulkEnd(t, c, *d.BulkOperationArn)
}

func bulkEnd(t *testing.T, c *dynamodb.Client, arn string) *types.BulkOperationDescription {
	t.Helper()
	var d *types.BulkOperationDescription
	eventually(t, "bulk operation", func() bool {
		out, err := c.DescribeBulkOperation(t.Context(), &dynamodb.DescribeBulkOperationInput{BulkOperationArn: &arn})
		if err != nil {
			t.Fatal(err)
		}
		d = out.BulkOperationDescription
		return d.EndTime != nil
	})
	return d
}

// report reads one kind of report of an operation, and the status its manifest has.
func report(t *testing.T, root string, d *types.BulkOperationDescription, kind string) (lines []string, status string) {
	t.Helper()
	id := (*d.BulkOperationArn)[strings.LastIndexByte(*d.BulkOperationArn, '/')+1:]
	base := filepath.Join(root, "my-bucket", "out", "AWSDynamoDB", id)
	raw, err := os.ReadFile(filepath.Join(base, "manifest-summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	var summary map[string]any
	if err := json.Unmarshal(raw, &summary); err != nil {
		t.Fatal(err)
	}
	return dataLines(t, filepath.Join(base, kind)), summary["bulkOperationStatus"].(string)
}

func TestBulkPutItems(t *testing.T) {
	root := t.TempDir()
	_, c := open(t, engine.Options{S3Root: root})
	indexedTable(t, c, "Places")
	put(t, c, "Places", row("p0", 0, "before"))
	var lines strings.Builder
	for i := range 200 {
		fmt.Fprintf(&lines, `{"Item":{"pk":{"S":"p%d"},"sk":{"N":"%d"},"city":{"S":"c%d"}}}`+"\n", i%3, i/3, i%5)
	}
	object(t, root, "in/a.json", lines.String())
	object(t, root, "in/b.json", `{"Item":{"pk":{"S":"p0"},"sk":{"N":"0"},"city":{"S":"last"}}}`)
	d := bulk(t, c, bulkPut("Places", "in/"))
	if d.BulkOperationStatus != "COMPLETED" || d.ProcessedItemCount != 201 || d.FailedItemCount != 0 || *d.TotalInputBytes != *d.ProcessedInputBytes ||
		*d.TotalInputBytes < 10000 || d.PerformanceTier != "STANDARD" || *d.TableDetails[0].TableName != "Places" {
		t.Errorf("operation: %+v", d)
	}
	got := contents(t, c, "Places", "")
	if len(got) != 200 || got["[pk=p0 sk=0]"] != "pk=p0 sk=0 city=last" {
		t.Errorf("%d rows, the first %q", len(got), got["[pk=p0 sk=0]"])
	}
	if n := len(contents(t, c, "Places", "byCity")); n != 200 {
		t.Errorf("%d entries in the index, want 200", n)
	}
	u := d.BulkOperationUsage[0]
	table, local, global := *u.Table.BulkPutBytes, *u.LocalSecondaryIndexes["local"].BulkPutBytes, *u.GlobalSecondaryIndexes["byCity"].BulkPutBytes
	if table == 0 || local != table || global == 0 || *u.BulkPutBytes != table+local+global {
		t.Errorf("usage: %d on the table, %d and %d on its indexes, %d in all", table, local, global, *u.BulkPutBytes)
	}
	if _, status := report(t, root, d, "error"); status != "COMPLETED" {
		t.Errorf("the manifest says %s", status)
	}
}

func TestBulkPutItemsReports(t *testing.T) {
	root := t.TempDir()
	_, c := open(t, engine.Options{S3Root: root})
	simpleTable(t, c, "Music")
	put(t, c, "Music", track("there", "old"))
	object(t, root, "in/a.json", strings.Join([]string{
		`{"Item":{"pk":{"S":"there"},"v":{"S":"new"}},"ConditionExpression":"attribute_not_exists(pk)"}`,
		`{"Item":{"pk":{"S":"new"},"v":{"S":"1"}},"ConditionExpression":"attribute_not_exists(#k)","ExpressionAttributeNames":{"#k":"pk"}}`,
		`{"Item":{"pk":{"S":"new"},"v":{"S":"2"}},"ConditionExpression":"v = :v","ExpressionAttributeValues":{":v":{"S":"1"}}}`,
		`{"Item":{"pk":{"S":"new"},"v":{"S":"3"}},"ConditionExpression":"v = :v"}`,
		`{"Item":{"v":{"S":"no key"}}}`,
		`{"Item":{"pk":{"N":"1"}}}`,
		`not json`,
		`{"Item":{"pk":{"S":"large"},"v":{"S":"` + strings.Repeat("x", 400<<10) + `"}}}`,
		`{"Item":{"pk":{"S":"last"}}}`,
	}, "\n"))
	d := bulk(t, c, bulkPut("Music", "in/"))
	if d.BulkOperationStatus != "COMPLETED_WITH_ERRORS" || d.ProcessedItemCount != 9 || d.FailedItemCount != 5 {
		t.Errorf("%s, %d processed, %d failed", d.BulkOperationStatus, d.ProcessedItemCount, d.FailedItemCount)
	}
	errs, status := report(t, root, d, "error")
	type line struct {
		S3Key                           string
		RecordNumber                    int
		ErrorCode, ErrorMessage, Record string
	}
	var got []string
	for _, e := range errs {
		var l line
		if err := json.Unmarshal([]byte(e), &l); err != nil || l.S3Key != "in/a.json" || l.Record == "" {
			t.Errorf("%.200s: %v", e, err)
		}
		got = append(got, fmt.Sprintf("%d %s: %s", l.RecordNumber, l.ErrorCode, l.ErrorMessage))
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{
		`4 ValidationException: Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v`,
		`5 ValidationException: One or more parameter values were invalid: Missing the key pk in the item`,
		`6 ValidationException: One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N`,
		`7 ParseError: the line is not a JSON object`,
		`8 ValidationException: Item size has exceeded the maximum allowed size`,
	}, got); diff != "" || status != "COMPLETED_WITH_ERRORS" {
		t.Errorf("%s, errors (-want +got):\n%s", status, diff)
	}
	unmet, _ := report(t, root, d, "condition-check-failure")
	for i := range unmet {
		unmet[i] = swapped.ReplaceAllString(unmet[i], "$2,$1")
	}
	if diff := cmp.Diff([]string{`{"S3Key":"in/a.json","RecordNumber":1,"Item":{"pk":{"S":"there"},"v":{"S":"new"}},"ExistingItem":{"pk":{"S":"there"},"v":{"S":"old"}}}`}, unmet); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	if v := get(t, c, "Music", "new")["v"].(*types.AttributeValueMemberS).Value; v != "2" || get(t, c, "Music", "last") == nil {
		t.Errorf("the item after its conditions: %s", v)
	}

	quiet := bulkPut("Music", "in/")
	quiet.OutputS3Configuration.OutputType = []types.OutputTypeEnum{"CONDITION_CHECK_FAILURE"}
	d = bulk(t, c, quiet)
	if errs, _ := report(t, root, d, "error"); len(errs) != 0 || d.FailedItemCount != 5 {
		t.Errorf("errors that were not asked for: %q; %d failed", errs, d.FailedItemCount)
	}
	object(t, root, "ion/a.ion", "$ion_1_0 {Item:{pk:\"i\",n:1.5}}\n{Item:{pk:\"i\",n:2.},ConditionExpression:\"n < :n\",ExpressionAttributeValues:{':n':1.}}")
	inIon := bulkPut("Music", "ion/")
	inIon.InputS3Configuration.InputFormat = "ION"
	if d = bulk(t, c, inIon); d.BulkOperationStatus != "COMPLETED" || d.ProcessedItemCount != 2 {
		t.Errorf("from Ion: %+v", d)
	}
	if unmet, _ := report(t, root, d, "condition-check-failure"); len(unmet) != 1 {
		t.Errorf("conditions in Ion: %q", unmet)
	}
	if d = bulk(t, c, bulkPut("Music", "nothing/")); d.BulkOperationStatus != "FAILED" || *d.FailureCode != "S3NoSuchKey" || d.TotalInputBytes != nil {
		t.Errorf("an operation on nothing: %+v", d)
	}
}

func TestBulkPutItemsTellsTheStream(t *testing.T) {
	root := t.TempDir()
	e, c := open(t, engine.Options{S3Root: root})
	simpleTable(t, c, "Music")
	enableRecovery(t, c, "Music") // keeps the change records
	object(t, root, "in/a.json", `{"Item":{"pk":{"S":"a"}}}`+"\n"+`{"Item":{"pk":{"S":"b"}}}`+"\n"+`{"Item":{"pk":{"S":"a"}}}`)
	bulk(t, c, bulkPut("Music", "in/"))
	if changes, _, err := e.CountKeys("eu-west-1", "Music"); err != nil || changes != 2 {
		t.Errorf("%d change records, want 2: %v", changes, err)
	}
}

func TestBulkOperationIsCancelled(t *testing.T) {
	root := t.TempDir()
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{S3Root: root, Lifecycle: "realistic", Clock: clock.Now}) // the start does not wait for the work
	simpleTable(t, c, "Music")
	clock.advance(time.Minute)
	waitActive(t, c, "Music")
	var lines strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&lines, `{"Item":{"pk":{"S":"p%d"}}}`+"\n", i)
	}
	object(t, root, "in/a.json", lines.String())
	in := bulkPut("Music", "in/")
	in.MaxWriteRequestUnits = aws.Int64(1024) // 98 s of work
	started, err := c.StartBulkPutItems(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	arn := started.BulkOperationDescription.BulkOperationArn
	out, err := c.CancelBulkOperation(t.Context(), &dynamodb.CancelBulkOperationInput{BulkOperationArn: arn})
	if err != nil || out.BulkOperationStatus != "CANCELLING" || *out.BulkOperationArn != *arn {
		t.Fatalf("cancel: %+v, %v", out, err)
	}
	d := bulkEnd(t, c, *arn)
	if d.BulkOperationStatus != "CANCELLED" || d.FailureCode == nil || d.FailureMessage == nil || d.ProcessedItemCount == 100_000 {
		t.Errorf("after the cancellation: %+v", d)
	}
	if n := len(contents(t, c, "Music", "")); int64(n) != d.ProcessedItemCount {
		t.Errorf("%d items, %d processed", n, d.ProcessedItemCount)
	}
	_, err = c.CancelBulkOperation(t.Context(), &dynamodb.CancelBulkOperationInput{BulkOperationArn: arn})
	wantError(t, err, "ValidationException", "The bulk operation is not in progress: "+*arn)
}

func TestBulkRequests(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	root := t.TempDir()
	_, c := open(t, engine.Options{S3Root: root, Clock: clock.Now})
	simpleTable(t, c, "Music")
	object(t, root, "in/a.json", `{"Item":{"pk":{"S":"a"}}}`)
	in := bulkPut("Music", "in/")
	in.ClientToken = aws.String("one")
	first := bulk(t, c, in)
	again, err := c.StartBulkPutItems(t.Context(), in)
	if err != nil || *again.BulkOperationDescription.BulkOperationArn != *first.BulkOperationArn {
		t.Errorf("the same token gave %+v, %v", again, err)
	}
	other := bulkPut("Music", "other/")
	other.ClientToken = in.ClientToken
	_, err = c.StartBulkPutItems(t.Context(), other)
	wantError(t, err, "IdempotentParameterMismatchException", "A bulk operation with the same ClientToken and other parameters exists")
	_, err = c.StartBulkPutItems(t.Context(), bulkPut("Missing", "in/"))
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: Missing not found")
	missing := *arnOf("Music") + "/bulk-operation/01234567890123-0a1b2c3d"
	_, err = c.DescribeBulkOperation(t.Context(), &dynamodb.DescribeBulkOperationInput{BulkOperationArn: &missing})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Bulk operation: "+missing)
	few := bulkPut("Music", "in/")
	few.MaxWriteRequestUnits = aws.Int64(1000)
	_, err = c.StartBulkPutItems(t.Context(), few)
	wantError(t, err, "ValidationException", "1 validation error detected: Value '1000' at 'maxWriteRequestUnits' failed to satisfy constraint: "+
		"Member must have value greater than or equal to 1024")

	want := []string{*first.BulkOperationArn}
	for range 2 {
		clock.advance(time.Minute)
		want = slices.Insert(want, 0, *bulk(t, c, bulkPut("Music", "in/")).BulkOperationArn)
	}
	var got []string
	pages := dynamodb.NewListBulkOperationsPaginator(c, &dynamodb.ListBulkOperationsInput{MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.BulkOperationsSummaryList {
			got = append(got, *s.BulkOperationArn)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the latest first (-want +got):\n%s", diff)
	}
	clock.advance(91 * 24 * time.Hour)
	if out, err := c.ListBulkOperations(t.Context(), &dynamodb.ListBulkOperationsInput{}); err != nil || len(out.BulkOperationsSummaryList) != 0 {
		t.Errorf("after 91 days: %+v, %v", out, err)
	}
}
