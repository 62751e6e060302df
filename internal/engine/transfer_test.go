package engine_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
