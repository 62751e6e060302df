package engine_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestRestoreOverrides(t *testing.T) {
	_, c := open(t, engine.Options{})
	indexedTable(t, c, "Places")
	put(t, c, "Places", row("a", 1, "x"))
	arn := backUp(t, c, "Places", "one")
	_, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{
		TargetTableName: aws.String("Plain"), BackupArn: &arn, BillingModeOverride: "PAY_PER_REQUEST",
		GlobalSecondaryIndexOverride: []types.GlobalSecondaryIndex{}, LocalSecondaryIndexOverride: []types.LocalSecondaryIndex{},
		SSESpecificationOverride: &types.SSESpecification{Enabled: aws.Bool(true)},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := waitActive(t, c, "Plain")
	if d.BillingModeSummary.BillingMode != "PAY_PER_REQUEST" || *d.ProvisionedThroughput.ReadCapacityUnits != 0 ||
		len(d.GlobalSecondaryIndexes)+len(d.LocalSecondaryIndexes) != 0 || d.SSEDescription == nil || len(d.AttributeDefinitions) != 2 {
		t.Errorf("restored with overrides: %+v", d)
	}
	_, err = c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{
		TargetTableName: aws.String("Fast"), BackupArn: &arn,
		ProvisionedThroughputOverride: &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(50), WriteCapacityUnits: aws.Int64(60)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := waitActive(t, c, "Fast"); *d.ProvisionedThroughput.WriteCapacityUnits != 60 || len(d.GlobalSecondaryIndexes) != 1 {
		t.Errorf("restored with another throughput: %+v", d)
	}
	_, err = c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{
		TargetTableName: aws.String("New"), BackupArn: &arn,
		GlobalSecondaryIndexOverride: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("other"), Projection: &types.Projection{ProjectionType: "ALL"},
			KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("city"), KeyType: "HASH"}},
		}},
	})
	wantError(t, err, "ValidationException", "Invalid Request: Index other does not match a secondary index that existed in the source table and cannot be created during the restore operation")
}

func TestRestoreToPointInTime(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	options := engine.Options{Clock: clock.Now, Dir: t.TempDir()}
	e, err := engine.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	indexedTable(t, c, "Places")
	put(t, c, "Places", row("old", 1, "kept"))
	put(t, c, "Places", row("old", 2, "changed"))
	put(t, c, "Places", row("old", 3, "deleted"))

	restore := func(target string, at *time.Time) error {
		_, err := c.RestoreTableToPointInTime(t.Context(), &dynamodb.RestoreTableToPointInTimeInput{
			SourceTableName: aws.String("Places"), TargetTableName: &target, RestoreDateTime: at, UseLatestRestorableTime: aws.Bool(at == nil),
		})
		return err
	}
	wantError(t, restore("Tmp", nil), "PointInTimeRecoveryUnavailableException", "Point in time recovery is not enabled for table 'Places'")
	if _, err := c.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
		TableName:                        aws.String("Places"),
		PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	}); err != nil {
		t.Fatal(err)
	}
	enabled := clock.Now()
	states := map[string]map[string]string{}
	times := map[string]time.Time{}
	step := func(name string, change func()) {
		change()
		clock.advance(time.Second)
		times[name], states[name] = clock.Now(), contents(t, c, "Places", "")
		clock.advance(time.Second)
	}
	step("start", func() {})
	step("changed", func() {
		put(t, c, "Places", row("old", 2, "first"))
		put(t, c, "Places", row("old", 2, "second"))
		put(t, c, "Places", row("new", 1, "made"))
	})
	step("deleted", func() {
		for _, k := range []map[string]types.AttributeValue{{"pk": text("old"), "sk": number(3)}, {"pk": text("new"), "sk": number(1)}} {
			if _, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("Places"), Key: k}); err != nil {
				t.Fatal(err)
			}
		}
	})
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	_, c = open(t, options)
	step("reopened", func() { put(t, c, "Places", row("new", 1, "again")) })

	for name, at := range times {
		target := "At-" + name
		if err := restore(target, &at); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := waitActive(t, c, target)
		if diff := cmp.Diff(states[name], contents(t, c, target, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if n := int64(len(states[name])); *d.ItemCount != n || int64(len(contents(t, c, target, "byCity"))) != n {
			t.Errorf("%s: %d items are said to be there, want %d", name, *d.ItemCount, n)
		}
	}
	if err := restore("Latest", nil); err != nil {
		t.Fatal(err)
	}
	waitActive(t, c, "Latest")
	if diff := cmp.Diff(states["reopened"], contents(t, c, "Latest", "")); diff != "" {
		t.Errorf("latest (-want +got):\n%s", diff)
	}
	for _, at := range []time.Time{clock.Now().Add(time.Hour), times["start"].Add(-time.Hour)} {
		const second = "2006-01-02T15:04:05Z"
		wantError(t, restore("Tmp", &at), "InvalidRestoreTimeException", "RestoreDateTime '"+at.UTC().Format(second)+"' must be within EarliestRestorableDateTime '"+
			enabled.UTC().Format(second)+"' and LatestRestorableDateTime '"+clock.Now().Format(second)+"'")
	}
	wantError(t, restore("Latest", nil), "TableAlreadyExistsException", "Table already exists: Latest")
}
