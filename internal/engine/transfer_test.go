package engine_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
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

func enableRecovery(t *testing.T, c *dynamodb.Client, table string) {
	t.Helper()
	if _, err := c.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
		TableName:                        &table,
		PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	}); err != nil {
		t.Fatal(err)
	}
}

// exported waits for an export and returns its description.
func exported(t *testing.T, c *dynamodb.Client, in *dynamodb.ExportTableToPointInTimeInput) *types.ExportDescription {
	t.Helper()
	out, err := c.ExportTableToPointInTime(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if out.ExportDescription.ExportStatus != "IN_PROGRESS" {
		t.Errorf("the answer says %s", out.ExportDescription.ExportStatus)
	}
	var d *types.ExportDescription
	eventually(t, "export", func() bool {
		out, err := c.DescribeExport(t.Context(), &dynamodb.DescribeExportInput{ExportArn: out.ExportDescription.ExportArn})
		if err != nil {
			t.Fatal(err)
		}
		d = out.ExportDescription
		return d.ExportStatus != "IN_PROGRESS"
	})
	return d
}

func imported(t *testing.T, c *dynamodb.Client, in *dynamodb.ImportTableInput) *types.ImportTableDescription {
	t.Helper()
	out, err := c.ImportTable(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var d *types.ImportTableDescription
	eventually(t, "import", func() bool {
		out, err := c.DescribeImport(t.Context(), &dynamodb.DescribeImportInput{ImportArn: out.ImportTableDescription.ImportArn})
		if err != nil {
			t.Fatal(err)
		}
		d = out.ImportTableDescription
		return d.ImportStatus != "IN_PROGRESS"
	})
	return d
}

// placesImport imports into a table like indexedTable's, with the global index only.
func placesImport(table, prefix string, compression types.InputCompressionType) *dynamodb.ImportTableInput {
	hash := func(h, r string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: &h, KeyType: "HASH"}, {AttributeName: &r, KeyType: "RANGE"}}
	}
	return &dynamodb.ImportTableInput{
		InputFormat: "DYNAMODB_JSON", InputCompressionType: compression, ClientToken: aws.String(table),
		S3BucketSource: &types.S3BucketSource{S3Bucket: aws.String("my-bucket"), S3KeyPrefix: &prefix},
		TableCreationParameters: &types.TableCreationParameters{
			TableName: &table, BillingMode: "PAY_PER_REQUEST", KeySchema: hash("pk", "sk"),
			AttributeDefinitions: []types.AttributeDefinition{
				{AttributeName: aws.String("pk"), AttributeType: "S"},
				{AttributeName: aws.String("sk"), AttributeType: "N"},
				{AttributeName: aws.String("city"), AttributeType: "S"},
			},
			GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
				IndexName: aws.String("byCity"), KeySchema: hash("city", "sk"), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"},
			}},
		},
	}
}

func TestExportAndImport(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	root := t.TempDir()
	_, c := open(t, engine.Options{Clock: clock.Now, S3Root: root})
	indexedTable(t, c, "Places")
	in := &dynamodb.ExportTableToPointInTimeInput{TableArn: arnOf("Places"), S3Bucket: aws.String("my-bucket"), S3Prefix: aws.String("daily")}
	_, err := c.ExportTableToPointInTime(t.Context(), in)
	wantError(t, err, "PointInTimeRecoveryUnavailableException", "Point in time recovery is not enabled for table 'Places'")
	enableRecovery(t, c, "Places")
	for i := range int64(50) {
		put(t, c, "Places", row(fmt.Sprint("p", i%7), i, fmt.Sprint("city", i%3)))
	}
	clock.advance(time.Second)
	then, want := clock.Now(), contents(t, c, "Places", "")
	clock.advance(time.Second)
	put(t, c, "Places", row("p0", 0, "elsewhere"))
	put(t, c, "Places", row("later", 1, "x"))

	in.ExportTime = &then
	d := exported(t, c, in)
	if d.ExportStatus != "COMPLETED" || *d.ItemCount != 50 || !d.ExportTime.Equal(then) || *d.BilledSizeBytes == 0 || d.EndTime == nil {
		t.Fatalf("export: %+v", d)
	}
	id := (*d.ExportArn)[strings.LastIndexByte(*d.ExportArn, '/')+1:]
	if want := "daily/AWSDynamoDB/" + id + "/manifest-summary.json"; *d.ExportManifest != want {
		t.Errorf("manifest %s, want %s", *d.ExportManifest, want)
	}
	raw, err := os.ReadFile(filepath.Join(root, "my-bucket", filepath.FromSlash(*d.ExportManifest)))
	if err != nil {
		t.Fatal(err)
	}
	var summary map[string]any
	if err := json.Unmarshal(raw, &summary); err != nil {
		t.Fatal(err)
	}
	if summary["itemCount"] != 50.0 || summary["tableArn"] != *arnOf("Places") || summary["exportTime"] != "2026-11-22T12:00:01.000Z" {
		t.Errorf("manifest summary %s", raw)
	}
	if lines := dataLines(t, filepath.Join(root, "my-bucket", "daily", "AWSDynamoDB", id, "data")); len(lines) != 50 ||
		!strings.HasPrefix(lines[0], `{"Item":{`) {
		t.Errorf("%d lines of data, first %q", len(lines), lines[:1])
	}

	im := imported(t, c, placesImport("Copy", "daily/AWSDynamoDB/"+id+"/data/", "GZIP"))
	if im.ImportStatus != "COMPLETED" || im.ProcessedItemCount != 50 || im.ImportedItemCount != 50 || im.ErrorCount != 0 {
		t.Errorf("import: %+v", im)
	}
	if table := describe(t, c, "Copy"); table.TableStatus != "ACTIVE" || *table.ItemCount != 50 || *table.GlobalSecondaryIndexes[0].ItemCount != 50 {
		t.Errorf("imported table: %+v", table)
	}
	if diff := cmp.Diff(want, contents(t, c, "Copy", "")); diff != "" {
		t.Errorf("imported rows (-want +got):\n%s", diff)
	}
	put(t, c, "Copy", row("p0", 0, "changed")) // the index must follow the write
	if n := len(contents(t, c, "Copy", "byCity")); n != 50 {
		t.Errorf("the index has %d entries, want 50", n)
	}
}

// dataLines reads the gzip files of an export.
func dataLines(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, gunzip(t, raw)...)
	}
	return lines
}

// gunzip reads the lines of a gzip file.
func gunzip(t *testing.T, raw []byte) []string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(content), func(r rune) bool { return r == '\n' })
}

func TestExportRefusals(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now, S3Root: t.TempDir()})
	simpleTable(t, c, "Music")
	enableRecovery(t, c, "Music")
	clock.advance(time.Minute)
	base := dynamodb.ExportTableToPointInTimeInput{TableArn: arnOf("Music"), S3Bucket: aws.String("my-bucket"), ClientToken: aws.String("t1")}
	first := exported(t, c, &base)
	again, err := c.ExportTableToPointInTime(t.Context(), &base)
	if err != nil || *again.ExportDescription.ExportArn != *first.ExportArn {
		t.Errorf("the same token gave %+v, %v", again, err)
	}
	try := func(change func(*dynamodb.ExportTableToPointInTimeInput)) error {
		in := base
		in.ClientToken = aws.String("t2")
		change(&in)
		_, err := c.ExportTableToPointInTime(t.Context(), &in)
		return err
	}
	for name, tc := range map[string]struct {
		change func(*dynamodb.ExportTableToPointInTimeInput)
		code   string
	}{
		"other parameters": {func(in *dynamodb.ExportTableToPointInTimeInput) {
			in.ClientToken, in.S3Prefix = base.ClientToken, aws.String("x")
		}, "ExportConflictException"},
		"no table":   {func(in *dynamodb.ExportTableToPointInTimeInput) { in.TableArn = arnOf("Missing") }, "TableNotFoundException"},
		"the future": {func(in *dynamodb.ExportTableToPointInTimeInput) { in.ExportTime = aws.Time(clock.Now().Add(time.Hour)) }, "InvalidExportTimeException"},
		"the past": {func(in *dynamodb.ExportTableToPointInTimeInput) {
			in.ExportTime = aws.Time(clock.Now().Add(-time.Hour))
		}, "InvalidExportTimeException"},
		"a key without KMS": {func(in *dynamodb.ExportTableToPointInTimeInput) { in.S3SseKmsKeyId = aws.String("k") }, "ValidationException"},
		"no period":         {func(in *dynamodb.ExportTableToPointInTimeInput) { in.ExportType = "INCREMENTAL_EXPORT" }, "ValidationException"},
	} {
		if err := try(tc.change); err == nil || !strings.Contains(err.Error(), tc.code) {
			t.Errorf("%s: got %v, want %s", name, err, tc.code)
		}
	}
	missing := *arnOf("Music") + "/export/01234567890123-0a1b2c3d"
	_, err = c.DescribeExport(t.Context(), &dynamodb.DescribeExportInput{ExportArn: &missing})
	wantError(t, err, "ExportNotFoundException", "Export not found: Export not found: "+missing)

	_, none := open(t, engine.Options{})
	simpleTable(t, none, "Music")
	enableRecovery(t, none, "Music")
	_, err = none.ExportTableToPointInTime(t.Context(), &base)
	wantError(t, err, "ValidationException", "exports and imports need a directory that stands for Amazon S3; start with --s3-root DIR")
}

func TestListExportsAndImports(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	root := t.TempDir()
	_, c := open(t, engine.Options{Clock: clock.Now, S3Root: root})
	simpleTable(t, c, "Music")
	enableRecovery(t, c, "Music")
	var want []string
	for range 3 {
		clock.advance(time.Minute)
		want = append(want, *exported(t, c, &dynamodb.ExportTableToPointInTimeInput{TableArn: arnOf("Music"), S3Bucket: aws.String("my-bucket")}).ExportArn)
	}
	var got []string
	in := &dynamodb.ListExportsInput{TableArn: arnOf("Music"), MaxResults: aws.Int32(2)}
	for {
		out, err := c.ListExports(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.ExportSummaries) > 2 {
			t.Errorf("a page of %d", len(out.ExportSummaries))
		}
		for _, s := range out.ExportSummaries {
			got = append(got, *s.ExportArn)
		}
		if in.NextToken = out.NextToken; out.NextToken == nil {
			break
		}
	}
	slices.Reverse(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
	if err := os.WriteFile(filepath.Join(root, "my-bucket", "in.json"), []byte(`{"Item":{"pk":{"S":"a"},"sk":{"N":"1"}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		clock.advance(time.Minute)
		imported(t, c, placesImport(fmt.Sprint("Table", i), "in.json", "NONE"))
	}
	var tables []string
	list := &dynamodb.ListImportsInput{PageSize: aws.Int32(2)}
	for {
		out, err := c.ListImports(t.Context(), list)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range out.ImportSummaryList {
			tables = append(tables, *s.TableArn)
		}
		if list.NextToken = out.NextToken; out.NextToken == nil {
			break
		}
	}
	if diff := cmp.Diff([]string{*arnOf("Table2"), *arnOf("Table1"), *arnOf("Table0")}, tables); diff != "" {
		t.Errorf("imports (-want +got):\n%s", diff)
	}
}

func TestImportCountsWhatIsWrong(t *testing.T) {
	root := t.TempDir()
	_, c := open(t, engine.Options{S3Root: root})
	if err := os.MkdirAll(filepath.Join(root, "my-bucket", "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	lines := []string{
		`{"Item":{"pk":{"S":"a"},"sk":{"N":"1"},"city":{"S":"x"}}}`,
		`{"Item":{"pk":{"S":"a"},"sk":{"N":"01.0"},"city":{"S":"y"}}}`, // the same key again
		`{"Item":{"pk":{"S":"a"}}}`,
		`{"Item":{"pk":{"S":"a"},"sk":{"S":"1"}}}`,
		`{"Item":{"pk":{"S":"a"},"sk":{"N":"2"},"city":{"N":"3"}}}`,
		`{"Item":{"pk":{"S":"a"},"sk":{"N":"x"}}}`,
		`{"item":{}}`,
		`{"Item":{"pk":{"S":"b"},"sk":{"N":"1"}}}`,
		`not json`,
		`{"Item":{"pk":{"S":"behind what cannot be read"},"sk":{"N":"1"}}}`,
	}
	if err := os.WriteFile(filepath.Join(root, "my-bucket", "in", "a.json"), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	d := imported(t, c, placesImport("Some", "in/", "NONE"))
	wantCounts(t, d, 9, 3, 6)
	if diff := cmp.Diff(map[string]string{"[pk=a sk=1]": "pk=a sk=1 city=y", "[pk=b sk=1]": "pk=b sk=1"}, contents(t, c, "Some", "")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if table := describe(t, c, "Some"); *table.ItemCount != 2 || *table.GlobalSecondaryIndexes[0].ItemCount != 1 {
		t.Errorf("counts: %d and %d", *table.ItemCount, *table.GlobalSecondaryIndexes[0].ItemCount)
	}

	wantCounts(t, imported(t, c, placesImport("Zipped", "in/", "GZIP")), 1, 0, 1)
	if table := describe(t, c, "Zipped"); table.TableStatus != "ACTIVE" {
		t.Errorf("the table of an import without any good record: %+v", table)
	}
	_, err := c.ImportTable(t.Context(), placesImport("Some", "in/", "GZIP"))
	wantError(t, err, "ResourceInUseException", "Table already exists: Some")
	used := placesImport("Other", "in/", "NONE")
	used.ClientToken = aws.String("Some")
	_, err = c.ImportTable(t.Context(), used)
	wantError(t, err, "ImportConflictException", "Import conflict: Duplicate request detected with conflicting parameters")
	wantCounts(t, imported(t, c, placesImport("None", "nothing-here/", "NONE")), 0, 0, 0)
	if table := describe(t, c, "None"); table.TableStatus != "ACTIVE" || *table.ItemCount != 0 {
		t.Errorf("the table of an import of nothing: %+v", table)
	}
	nowhere := placesImport("Nowhere", "in/", "NONE")
	nowhere.S3BucketSource.S3Bucket = aws.String("no-such-bucket")
	if d := imported(t, c, nowhere); d.ImportStatus != "FAILED" || *d.FailureCode != "S3NoSuchBucket" || d.TableId == nil {
		t.Errorf("an import of a bucket that is not there: %+v", d)
	}
	_, err = c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Nowhere")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: Nowhere not found")
	options := placesImport("Options", "in/", "NONE")
	options.InputFormatOptions = &types.InputFormatOptions{Csv: &types.CsvOptions{Delimiter: aws.String(";")}}
	_, err = c.ImportTable(t.Context(), options)
	wantError(t, err, "ValidationException", "Invalid Request: Unsupported InputFormatOptions for the given input format: DYNAMODB_JSON.")
	if want := "arn:aws:logs:eu-west-1:000000000000:log-group:/aws-dynamodb/imports:*"; *d.CloudWatchLogGroupArn != want {
		t.Errorf("log group %s, want %s", *d.CloudWatchLogGroupArn, want)
	}
}

func TestDeletedTableLeavesASystemBackup(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Music")
	enableRecovery(t, c, "Music")
	put(t, c, "Music", keyOf("a"))
	if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Music")}); err != nil {
		t.Fatal(err)
	}
	out, err := c.ListBackups(t.Context(), &dynamodb.ListBackupsInput{BackupType: "SYSTEM"})
	if err != nil || len(out.BackupSummaries) != 1 || *out.BackupSummaries[0].BackupName != "Music$DeletedTableBackup" {
		t.Fatalf("system backups %+v, %v", out, err)
	}
	if _, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{
		TargetTableName: aws.String("Music"), BackupArn: out.BackupSummaries[0].BackupArn,
	}); err != nil {
		t.Fatal(err)
	}
	waitActive(t, c, "Music")
	if get(t, c, "Music", "a") == nil {
		t.Error("the item is not in the table restored from the system backup")
	}
}
