package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestRestoreLeavesSettingsBehind restores a table with every setting that the developer guide says must be set again.
func TestRestoreLeavesSettingsBehind(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now})
	indexedTable(t, c, "Places")
	enableRecovery(t, c, "Places")
	_, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: aws.String("Places"), TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: aws.Bool(true), AttributeName: aws.String("ttl")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.TagResource(t.Context(), &dynamodb.TagResourceInput{
		ResourceArn: arnOf("Places"), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	}); err != nil {
		t.Fatal(err)
	}
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"dynamodb:GetItem","Resource":"` + *arnOf("Places") + `"}]}`
	if _, err = c.PutResourcePolicy(t.Context(), &dynamodb.PutResourcePolicyInput{ResourceArn: arnOf("Places"), Policy: &policy}); err != nil {
		t.Fatal(err)
	}
	for _, change := range []*dynamodb.UpdateTableInput{
		{DeletionProtectionEnabled: aws.Bool(true)},
		{TableClass: "STANDARD_INFREQUENT_ACCESS"},
		{StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "NEW_IMAGE"}},
	} {
		change.TableName = aws.String("Places")
		if _, err = c.UpdateTable(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	put(t, c, "Places", row("a", 1, "x"))
	clock.advance(time.Second)
	arn := backUp(t, c, "Places", "one")
	if _, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{TargetTableName: aws.String("FromBackup"), BackupArn: &arn}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.RestoreTableToPointInTime(t.Context(), &dynamodb.RestoreTableToPointInTimeInput{
		SourceTableName: aws.String("Places"), TargetTableName: aws.String("ToTime"), UseLatestRestorableTime: aws.Bool(true),
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"FromBackup", "ToTime"} {
		d := waitActive(t, c, name)
		if d.StreamSpecification != nil || d.LatestStreamArn != nil || d.TableClassSummary != nil || *d.DeletionProtectionEnabled || *d.ItemCount != 1 {
			t.Errorf("%s: %+v", name, d)
		}
		ttl, err := c.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
		if err != nil || ttl.TimeToLiveDescription.TimeToLiveStatus != "DISABLED" {
			t.Errorf("%s: time to live %+v, %v", name, ttl, err)
		}
		backups, err := c.DescribeContinuousBackups(t.Context(), &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
		if err != nil || backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus != "DISABLED" {
			t.Errorf("%s: recovery %+v, %v", name, backups, err)
		}
		tags, err := c.ListTagsOfResource(t.Context(), &dynamodb.ListTagsOfResourceInput{ResourceArn: arnOf(name)})
		if err != nil || len(tags.Tags) != 0 {
			t.Errorf("%s: tags %+v, %v", name, tags, err)
		}
		if _, err := c.GetResourcePolicy(t.Context(), &dynamodb.GetResourcePolicyInput{ResourceArn: arnOf(name)}); err == nil {
			t.Errorf("%s has a policy", name)
		}
	}
}

func TestRestoreOverridesOfIndexCapacity(t *testing.T) {
	_, c := open(t, engine.Options{})
	indexedTable(t, c, "Places")
	arn := backUp(t, c, "Places", "one")
	index := types.GlobalSecondaryIndex{
		IndexName: aws.String("byCity"), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("city"), KeyType: "HASH"}, {AttributeName: aws.String("sk"), KeyType: "RANGE"}},
	}
	onDemand := index
	onDemand.OnDemandThroughput = &types.OnDemandThroughput{MaxReadRequestUnits: aws.Int64(7), MaxWriteRequestUnits: aws.Int64(8)}
	if _, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{
		TargetTableName: aws.String("OnDemand"), BackupArn: &arn, BillingModeOverride: "PAY_PER_REQUEST",
		GlobalSecondaryIndexOverride: []types.GlobalSecondaryIndex{onDemand},
		OnDemandThroughputOverride:   &types.OnDemandThroughput{MaxReadRequestUnits: aws.Int64(9)},
	}); err != nil {
		t.Fatal(err)
	}
	d := waitActive(t, c, "OnDemand")
	if x := d.GlobalSecondaryIndexes[0]; x.OnDemandThroughput == nil || *x.OnDemandThroughput.MaxWriteRequestUnits != 8 || *d.OnDemandThroughput.MaxReadRequestUnits != 9 {
		t.Errorf("restored on demand: %+v", d)
	}
	provisioned := index
	provisioned.ProvisionedThroughput = &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(3), WriteCapacityUnits: aws.Int64(4)}
	if _, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{
		TargetTableName: aws.String("Provisioned"), BackupArn: &arn, GlobalSecondaryIndexOverride: []types.GlobalSecondaryIndex{provisioned},
	}); err != nil {
		t.Fatal(err)
	}
	if x := waitActive(t, c, "Provisioned").GlobalSecondaryIndexes[0]; *x.ProvisionedThroughput.WriteCapacityUnits != 4 {
		t.Errorf("restored provisioned: %+v", x)
	}
}

func TestSystemBackupExpires(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now})
	simpleTable(t, c, "Music")
	enableRecovery(t, c, "Music")
	put(t, c, "Music", keyOf("a"))
	if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Music")}); err != nil {
		t.Fatal(err)
	}
	list := func() []types.BackupSummary {
		t.Helper()
		out, err := c.ListBackups(t.Context(), &dynamodb.ListBackupsInput{BackupType: "SYSTEM"})
		if err != nil {
			t.Fatal(err)
		}
		return out.BackupSummaries
	}
	all := list()
	if len(all) != 1 || all[0].BackupType != "SYSTEM" || all[0].BackupExpiryDateTime.Sub(*all[0].BackupCreationDateTime) != 35*24*time.Hour || *all[0].BackupSizeBytes != 3 {
		t.Fatalf("system backups %+v", all)
	}
	clock.advance(35 * 24 * time.Hour)
	if len(list()) != 1 {
		t.Error("the backup is gone before its time")
	}
	clock.advance(time.Second)
	if len(list()) != 0 {
		t.Error("the expired backup is listed")
	}
	_, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{TargetTableName: aws.String("Music"), BackupArn: all[0].BackupArn})
	wantError(t, err, "BackupNotFoundException", "Backup not found: "+*all[0].BackupArn)
}

func TestListBackupsGoesOnBehindADeletedOne(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now})
	simpleTable(t, c, "One")
	var arns []string
	for i := range 3 {
		arns = append(arns, backUp(t, c, "One", fmt.Sprint("backup", i)))
		clock.advance(time.Hour)
	}
	if _, err := c.DeleteBackup(t.Context(), &dynamodb.DeleteBackupInput{BackupArn: &arns[1]}); err != nil {
		t.Fatal(err)
	}
	out, err := c.ListBackups(t.Context(), &dynamodb.ListBackupsInput{ExclusiveStartBackupArn: &arns[1]})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range out.BackupSummaries {
		got = append(got, *b.BackupArn)
	}
	if diff := cmp.Diff(arns[2:], got); diff != "" {
		t.Errorf("the backups behind it (-want +got):\n%s", diff)
	}
}

func TestBulkPutItemsRefusesGlobalTables(t *testing.T) {
	_, c := open(t, engine.Options{S3Root: t.TempDir()})
	simpleTable(t, c, "Music")
	if _, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{
		TableName:      aws.String("Music"),
		ReplicaUpdates: []types.ReplicationGroupUpdate{{Create: &types.CreateReplicationGroupMemberAction{RegionName: aws.String("us-east-1")}}},
	}); err != nil {
		t.Fatal(err)
	}
	waitActive(t, c, "Music")
	_, err := c.StartBulkPutItems(t.Context(), bulkPut("Music", "in/"))
	wantError(t, err, "ValidationException", "Bulk put items does not support global tables: Music")
}
