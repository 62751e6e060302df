package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// within waits until f is true, for a minute at most.
func within(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !f(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

// TestWorkMeetsAFullDisk begins long work on a disk without room for it: an import fails and says why, a backup and a restore leave nothing, tables can be
// deleted, and an index is built as soon as there is room.
func TestWorkMeetsAFullDisk(t *testing.T) {
	disk, root := storagetest.New(), t.TempDir()
	_, c := open(t, engine.Options{Dir: "full", S3Root: root, Storage: storage.Options{FS: disk}})
	simpleTable(t, c, "Things")
	put := func() error {
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: item{"pk": str("a"), "g": str("b"), "x": str(strings.Repeat("x", 300_000))}})
		return err
	}
	if err := put(); err != nil {
		t.Fatal(err)
	}
	saved, err := c.CreateBackup(t.Context(), &dynamodb.CreateBackupInput{TableName: aws.String("Things"), BackupName: aws.String("before")})
	if err != nil {
		t.Fatal(err)
	}
	object(t, root, "a.csv", "pk,sk,city\na,1,Rome\n")
	once := dynamodb.New(c.Options(), func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })

	disk.Leave(20 << 20)
	full := func(err error) bool { return err != nil && strings.Contains(err.Error(), "the disk is full") }
	within(t, "a write is refused", func() bool { // the disk is looked at once for each megabyte
		_, err = once.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: item{"pk": str("a"), "g": str("b"), "x": str(strings.Repeat("x", 300_000))}})
		return full(err)
	})
	in, err := once.ImportTable(t.Context(), csvImport("Csv", "a.csv", nil))
	if err != nil {
		t.Fatal(err)
	}
	within(t, "the import fails", func() bool {
		d, err := c.DescribeImport(t.Context(), &dynamodb.DescribeImportInput{ImportArn: in.ImportTableDescription.ImportArn})
		if err != nil {
			t.Fatal(err)
		}
		return d.ImportTableDescription.ImportStatus == types.ImportStatusFailed && strings.Contains(aws.ToString(d.ImportTableDescription.FailureMessage), "the disk is full")
	})
	if _, err := once.CreateBackup(t.Context(), &dynamodb.CreateBackupInput{TableName: aws.String("Things"), BackupName: aws.String("full")}); !full(err) {
		t.Errorf("a backup: %v", err)
	}
	if _, err := once.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{BackupArn: saved.BackupDetails.BackupArn, TargetTableName: aws.String("Restored")}); !full(err) {
		t.Errorf("a restore: %v", err)
	}
	within(t, "what failed leaves nothing", func() bool {
		tables, terr := c.ListTables(t.Context(), &dynamodb.ListTablesInput{})
		list, berr := c.ListBackups(t.Context(), &dynamodb.ListBackupsInput{})
		return terr == nil && berr == nil && len(tables.TableNames) == 1 && len(list.BackupSummaries) == 1
	})
	simpleTable(t, c, "Other") // definitions are small
	if _, err := once.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Other")}); err != nil {
		t.Errorf("deleting a table: %v", err)
	}

	if _, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{
		TableName: aws.String("Things"), AttributeDefinitions: defs("pk", "S", "g", "S"),
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
			IndexName: aws.String("byG"), KeySchema: schema("g"), Projection: &types.Projection{ProjectionType: "ALL"},
		}}},
	}); err != nil {
		t.Fatal(err)
	}
	index := func() types.IndexStatus {
		d, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Things")})
		if err != nil {
			t.Fatal(err)
		}
		return d.Table.GlobalSecondaryIndexes[0].IndexStatus
	}
	if s := index(); s != types.IndexStatusCreating {
		t.Errorf("without room the index is %s", s)
	}
	disk.Leave(0)
	within(t, "the index is built", func() bool { return index() == types.IndexStatusActive })
	out, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Things"), IndexName: aws.String("byG")})
	if err != nil || out.Count != 1 || put() != nil {
		t.Errorf("with room again the index has %d entries, %v", out.Count, err)
	}
}
