package engine_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// Long work that Close cuts short is done by the next process, whole.
func TestWorkGoesOnInTheNextProcess(t *testing.T) {
	const items = 8000
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "my-bucket"), 0o755); err != nil {
		t.Fatal(err)
	}
	var data bytes.Buffer
	for i := range items {
		fmt.Fprintf(&data, `{"Item":{"pk":{"S":"p%d"},"sk":{"N":"%d"},"city":{"S":"c%d"}}}`+"\n", i%100, i, i%10)
	}
	if err := os.WriteFile(filepath.Join(root, "my-bucket", "in.json"), data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	clock := newClock(time.Now())
	// The realistic life cycle answers before the work is done; Close then cuts it short. Between two processes passes what it gives a backup to be made.
	interrupted := func(begin func(c *dynamodb.Client)) {
		t.Helper()
		clock.advance(10 * time.Second)
		e, err := engine.Open(engine.Options{Dir: dir, S3Root: root, Lifecycle: "realistic", Grace: time.Nanosecond, Clock: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		begin(clientOf(e))
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	resumed := func(check func(c *dynamodb.Client)) {
		t.Helper()
		e, err := engine.Open(engine.Options{Dir: dir, S3Root: root, Clock: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		check(clientOf(e))
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}

	var arn *string
	interrupted(func(c *dynamodb.Client) {
		out, err := c.ImportTable(t.Context(), placesImport("Places", "in.json", "NONE"))
		if err != nil {
			t.Fatal(err)
		}
		arn = out.ImportTableDescription.ImportArn
	})
	var backup string
	resumed(func(c *dynamodb.Client) {
		table := waitActive(t, c, "Places")
		d, err := c.DescribeImport(t.Context(), &dynamodb.DescribeImportInput{ImportArn: arn})
		if err != nil {
			t.Fatal(err)
		}
		if im := d.ImportTableDescription; im.ImportStatus != "COMPLETED" || im.ImportedItemCount != items || im.ErrorCount != 0 {
			t.Errorf("import: %s, %d items, %d errors", im.ImportStatus, im.ImportedItemCount, im.ErrorCount)
		}
		if *table.ItemCount != items || *table.GlobalSecondaryIndexes[0].ItemCount != items {
			t.Errorf("%d items, %d in the index, want %d", *table.ItemCount, *table.GlobalSecondaryIndexes[0].ItemCount, items)
		}
		backup = backUp(t, c, "Places", "one")
		enableRecovery(t, c, "Places")
	})

	interrupted(func(c *dynamodb.Client) {
		if _, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{BackupArn: &backup, TargetTableName: aws.String("Again")}); err != nil {
			t.Fatal(err)
		}
		_, err := c.DeleteBackup(t.Context(), &dynamodb.DeleteBackupInput{BackupArn: &backup})
		if err == nil && describe(t, c, "Again").TableStatus == types.TableStatusCreating {
			t.Error("a backup was deleted while a table was restored from it")
		}
	})
	resumed(func(c *dynamodb.Client) {
		table := waitActive(t, c, "Again")
		if *table.ItemCount != items || table.RestoreSummary != nil {
			t.Errorf("restored: %d items, %+v", *table.ItemCount, table.RestoreSummary)
		}
	})

	interrupted(func(c *dynamodb.Client) {
		out, err := c.ExportTableToPointInTime(t.Context(), &dynamodb.ExportTableToPointInTimeInput{TableArn: aws.String("arn:aws:dynamodb:eu-west-1:000000000000:table/Places"), S3Bucket: aws.String("my-bucket")})
		if err != nil {
			t.Fatal(err)
		}
		arn = out.ExportDescription.ExportArn
	})
	resumed(func(c *dynamodb.Client) {
		var d *types.ExportDescription
		eventually(t, "export", func() bool {
			out, err := c.DescribeExport(t.Context(), &dynamodb.DescribeExportInput{ExportArn: arn})
			if err != nil {
				t.Fatal(err)
			}
			d = out.ExportDescription
			return d.ExportStatus != "IN_PROGRESS"
		})
		if d.ExportStatus != "COMPLETED" || *d.ItemCount != items {
			t.Fatalf("export: %+v", d)
		}
		if n := len(dataLines(t, filepath.Join(root, "my-bucket", filepath.Dir(*d.ExportManifest), "data"))); n != items {
			t.Errorf("the export has %d lines of data, want %d", n, items)
		}
	})
}
