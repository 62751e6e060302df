package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

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
