package engine_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
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

// exportLines are the lines of the data files that an export's manifests name, sorted, and its summary.
func exportLines(t *testing.T, root string, d *types.ExportDescription) ([]string, map[string]any) {
	t.Helper()
	if d.ExportStatus != "COMPLETED" {
		t.Fatalf("export %s: %v: %v", d.ExportStatus, aws.ToString(d.FailureCode), aws.ToString(d.FailureMessage))
	}
	read := func(key string) []byte {
		raw, err := os.ReadFile(filepath.Join(root, "my-bucket", filepath.FromSlash(key)))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	var summary map[string]any
	if err := json.Unmarshal(read(*d.ExportManifest), &summary); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(read(summary["manifestFilesS3Key"].(string)))) {
		var file struct {
			DataFileS3Key string `json:"dataFileS3Key"`
			ItemCount     int    `json:"itemCount"`
		}
		if err := json.Unmarshal([]byte(line), &file); err != nil {
			t.Fatal(err)
		}
		got := gunzip(t, read(file.DataFileS3Key))
		if len(got) != file.ItemCount {
			t.Errorf("%s has %d lines, its manifest says %d", file.DataFileS3Key, len(got), file.ItemCount)
		}
		lines = append(lines, got...)
	}
	for i := range lines {
		lines[i] = swapped.ReplaceAllString(lines[i], "$2,$1")
	}
	slices.Sort(lines)
	return lines, summary
}

// swapped are the two attributes of an item of changedTable in the other order: the SDK writes a map in any order.
var swapped = regexp.MustCompile(`("?v"?:(?:\{[^}]*\}|"[^"]*")),("?pk"?:(?:\{[^}]*\}|"[^"]*"))`)

func del(t *testing.T, c *dynamodb.Client, table, pk string) {
	t.Helper()
	if _, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &table, Key: keyOf(pk)}); err != nil {
		t.Fatal(err)
	}
}

func track(pk, v string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": text(pk), "v": text(v)}
}

// changedTable has a table whose items changed within and outside of the period it returns.
func changedTable(t *testing.T, c *dynamodb.Client, clock *fakeClock) (from, to time.Time) {
	t.Helper()
	simpleTable(t, c, "Music")
	enableRecovery(t, c, "Music")
	put(t, c, "Music", track("kept", "0"))
	put(t, c, "Music", track("updated", "before"))
	put(t, c, "Music", track("deleted", "old"))
	put(t, c, "Music", track("again", "one"))
	clock.advance(time.Minute)
	from = clock.Now()
	put(t, c, "Music", track("inserted", "1"))
	put(t, c, "Music", track("updated", "between"))
	put(t, c, "Music", track("passing", "1"))
	clock.advance(10 * time.Minute)
	put(t, c, "Music", track("updated", "after"))
	del(t, c, "Music", "deleted")
	del(t, c, "Music", "passing")
	del(t, c, "Music", "again")
	put(t, c, "Music", track("again", "two"))
	clock.advance(10 * time.Minute)
	to = clock.Now()
	put(t, c, "Music", track("updated", "later"))
	put(t, c, "Music", track("late", "1"))
	clock.advance(time.Minute)
	return from, to
}

func incremental(from, to time.Time) *dynamodb.ExportTableToPointInTimeInput {
	return &dynamodb.ExportTableToPointInTimeInput{
		TableArn: arnOf("Music"), S3Bucket: aws.String("my-bucket"), S3Prefix: aws.String("inc"), ExportType: "INCREMENTAL_EXPORT",
		IncrementalExportSpecification: &types.IncrementalExportSpecification{ExportFromTime: &from, ExportToTime: &to},
	}
}

func TestIncrementalExport(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	root := t.TempDir()
	_, c := open(t, engine.Options{Clock: clock.Now, S3Root: root})
	from, to := changedTable(t, c, clock)

	d := exported(t, c, incremental(from, to))
	lines, summary := exportLines(t, root, d)
	const first, second = `{"Metadata":{"WriteTimestampMicros":{"N":"1795348860000000"}},"Keys":`, `{"Metadata":{"WriteTimestampMicros":{"N":"1795349460000000"}},"Keys":`
	want := []string{
		first + `{"pk":{"S":"inserted"}},"NewImage":{"pk":{"S":"inserted"},"v":{"S":"1"}}}`,
		second + `{"pk":{"S":"again"}},"OldImage":{"pk":{"S":"again"},"v":{"S":"one"}},"NewImage":{"pk":{"S":"again"},"v":{"S":"two"}}}`,
		second + `{"pk":{"S":"deleted"}},"OldImage":{"pk":{"S":"deleted"},"v":{"S":"old"}}}`,
		second + `{"pk":{"S":"updated"}},"OldImage":{"pk":{"S":"updated"},"v":{"S":"before"}},"NewImage":{"pk":{"S":"updated"},"v":{"S":"after"}}}`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	spec := d.IncrementalExportSpecification
	if *d.ItemCount != 4 || d.ExportTime != nil || d.ExportType != "INCREMENTAL_EXPORT" || spec.ExportViewType != "NEW_AND_OLD_IMAGES" ||
		!spec.ExportFromTime.Equal(from) || !spec.ExportToTime.Equal(to) {
		t.Errorf("description %+v with %+v", d, spec)
	}
	for member, want := range map[string]any{
		"version": "2023-08-01", "exportFromTime": "2026-11-22T12:01:00.000Z", "exportToTime": "2026-11-22T12:21:00.000Z",
		"outputView": "NEW_AND_OLD_IMAGES", "exportType": "INCREMENTAL_EXPORT", "itemCount": 4.0, "exportTime": nil,
	} {
		if summary[member] != want {
			t.Errorf("summary: %s is %v, want %v", member, summary[member], want)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(root, "my-bucket", "inc", "AWSDynamoDB", "data", "*.json.gz")); len(files) != 1 {
		t.Errorf("data files in the shared directory: %v", files)
	}
}

func TestIncrementalExportOfNewImagesInIon(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	root := t.TempDir()
	_, c := open(t, engine.Options{Clock: clock.Now, S3Root: root})
	in := incremental(changedTable(t, c, clock))
	in.ExportFormat, in.IncrementalExportSpecification.ExportViewType = "ION", "NEW_IMAGE"
	lines, _ := exportLines(t, root, exported(t, c, in))
	want := []string{
		`$ion_1_0 {Record:{Metadata:{WriteTimestampMicros:179534886d7},Keys:{pk:"inserted"},NewImage:{pk:"inserted",v:"1"}}}`,
		`$ion_1_0 {Record:{Metadata:{WriteTimestampMicros:179534946d7},Keys:{pk:"again"},NewImage:{pk:"again",v:"two"}}}`,
		`$ion_1_0 {Record:{Metadata:{WriteTimestampMicros:179534946d7},Keys:{pk:"deleted"}}}`,
		`$ion_1_0 {Record:{Metadata:{WriteTimestampMicros:179534946d7},Keys:{pk:"updated"},NewImage:{pk:"updated",v:"after"}}}`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestFilteredExports(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	root := t.TempDir()
	_, c := open(t, engine.Options{Clock: clock.Now, S3Root: root})
	from, to := changedTable(t, c, clock)

	inc := incremental(from, to) // a deleted item is judged by the image before
	inc.FilterSpecification = &types.FilterSpecification{
		FilterExpression: aws.String("v IN (:a, :b)"), ProjectionExpression: aws.String("v"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":a": text("old"), ":b": text("after")},
	}
	lines, _ := exportLines(t, root, exported(t, c, inc))
	const at = `{"Metadata":{"WriteTimestampMicros":{"N":"1795349460000000"}},"Keys":`
	if diff := cmp.Diff([]string{
		at + `{"pk":{"S":"deleted"}},"OldImage":{"v":{"S":"old"}}}`,
		at + `{"pk":{"S":"updated"}},"OldImage":{"v":{"S":"before"}},"NewImage":{"v":{"S":"after"}}}`,
	}, lines); diff != "" {
		t.Errorf("filtered changes (-want +got):\n%s", diff)
	}

	indexedTable(t, c, "Places")
	enableRecovery(t, c, "Places")
	for i := range int64(9) {
		put(t, c, "Places", row("a", i, "x"))
		put(t, c, "Places", row("b", i, "y"))
	}
	then := clock.Now()
	full := func(f *types.FilterSpecification) *dynamodb.ExportTableToPointInTimeInput {
		return &dynamodb.ExportTableToPointInTimeInput{TableArn: arnOf("Places"), S3Bucket: aws.String("my-bucket"), ExportTime: &then, FilterSpecification: f}
	}
	byKey := &types.FilterSpecification{
		KeyConditionExpression: aws.String("pk = :p AND sk BETWEEN :l AND :h"), ProjectionExpression: aws.String("#s"),
		ExpressionAttributeNames:  map[string]string{"#s": "sk"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":p": text("b"), ":l": number(3), ":h": number(4)},
	}
	want := []string{`{"Item":{"sk":{"N":"3"}}}`, `{"Item":{"sk":{"N":"4"}}}`}
	d := exported(t, c, full(byKey))
	if lines, _ := exportLines(t, root, d); !slices.Equal(lines, want) {
		t.Errorf("by key: %q", lines)
	}
	if f := d.FilterSpecification; f == nil || *f.KeyConditionExpression != *byKey.KeyConditionExpression || len(f.ExpressionAttributeValues) != 3 {
		t.Errorf("described filter %+v", f)
	}
	clock.advance(time.Minute) // now the rows of then are in a copy
	put(t, c, "Places", row("b", 3, "changed"))
	if lines, _ := exportLines(t, root, exported(t, c, full(byKey))); !slices.Equal(lines, want) {
		t.Errorf("by key, from a copy: %q", lines)
	}
	for name, tc := range map[string]struct {
		filter  types.FilterSpecification
		message string
	}{
		"key in filter": {types.FilterSpecification{
			KeyConditionExpression: aws.String("pk = :p"), FilterExpression: aws.String("sk > :n"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":p": text("b"), ":n": number(3)},
		}, "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"},
		"no partition key": {types.FilterSpecification{
			KeyConditionExpression: aws.String("sk = :n"), ExpressionAttributeValues: map[string]types.AttributeValue{":n": number(3)},
		}, "Query condition missed key schema element: pk"},
		"unused value": {types.FilterSpecification{
			FilterExpression: aws.String("attribute_exists(pk)"), ExpressionAttributeValues: map[string]types.AttributeValue{":n": number(3)},
		}, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:n}"},
	} {
		_, err := c.ExportTableToPointInTime(t.Context(), full(&tc.filter))
		t.Log(name)
		wantError(t, err, "ValidationException", tc.message)
	}
}

func TestIncrementalExportRefusals(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now, S3Root: t.TempDir()})
	simpleTable(t, c, "Music")
	start := clock.Now()
	clock.advance(time.Hour)
	_, err := c.ExportTableToPointInTime(t.Context(), incremental(start, start.Add(time.Hour)))
	wantError(t, err, "PointInTimeRecoveryUnavailableException", "Point in time recovery is not enabled for table 'Music'")
	enableRecovery(t, c, "Music")
	clock.advance(48 * time.Hour)
	now := clock.Now()
	for _, tc := range []struct {
		from, to time.Time
		message  string
	}{
		{now.Add(-15*time.Minute + time.Second), now, "Difference between export period from time and export period to time is less than 15 minutes"},
		{now.Add(-24*time.Hour - time.Second), now, "Difference between export period from time and export period to time is greater than 24 hours"},
		{now, now.Add(-time.Hour), "Difference between export period from time and export period to time is less than 15 minutes"},
		{start.Add(-time.Minute), start.Add(time.Hour), "Incremental export period from time cannot be less than the table creation time : 2026-11-22T11:59:00Z"},
		{start.Add(time.Minute), start.Add(time.Hour), "Point in Time Recovery is not available for specified export time"},
		{now.Add(-time.Hour), now.Add(time.Minute), "Incremental export period to time cannot be greater than the current time : 2026-11-24T13:01:00Z"},
	} {
		_, err := c.ExportTableToPointInTime(t.Context(), incremental(tc.from, tc.to))
		wantError(t, err, "InvalidExportTimeException", tc.message)
	}
	if d := exported(t, c, incremental(now.Add(-24*time.Hour), now)); d.ExportStatus != "COMPLETED" || *d.ItemCount != 0 || *d.BilledSizeBytes != 10_000_000 {
		t.Errorf("an export of nothing: %+v", d)
	}
	both := incremental(now.Add(-time.Hour), now)
	both.ExportType = "FULL_EXPORT"
	_, err = c.ExportTableToPointInTime(t.Context(), both)
	wantError(t, err, "ValidationException", "Invalid Request: When Export Type is Full Export , Incremental Export Specification should not be provided")
}
