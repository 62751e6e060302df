package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// realisticBackup begins a backup of a table under a realistic life cycle.
func realisticBackup(t *testing.T) (*fakeClock, *dynamodb.Client, *string) {
	t.Helper()
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now, Lifecycle: "realistic"})
	simpleTable(t, c, "Music")
	clock.advance(10 * time.Second)
	made, err := c.CreateBackup(t.Context(), &dynamodb.CreateBackupInput{TableName: aws.String("Music"), BackupName: aws.String("one")})
	if err != nil {
		t.Fatal(err)
	}
	return clock, c, made.BackupDetails.BackupArn
}

// TestBackupTakesItsTime makes a backup under a realistic life cycle, where it is CREATING for a while and cannot be used.
func TestBackupTakesItsTime(t *testing.T) {
	clock, c, arn := realisticBackup(t)
	described := func() types.BackupStatus {
		t.Helper()
		d, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: arn})
		if err != nil {
			t.Fatal(err)
		}
		return d.BackupDescription.BackupDetails.BackupStatus
	}
	status := func() types.BackupStatus {
		t.Helper()
		before := described()
		list, err := c.ListBackups(t.Context(), &dynamodb.ListBackupsInput{})
		if err != nil || len(list.BackupSummaries) != 1 {
			t.Fatalf("the list has %+v, %v", list, err)
		}
		after := described() // the backup may be done between two calls
		if got := list.BackupSummaries[0].BackupStatus; got != before && got != after {
			t.Errorf("the list says %s, and the description %s and then %s", got, before, after)
		}
		return after
	}
	if got := status(); got != "CREATING" {
		t.Errorf("just made the backup is %s", got)
	}
	_, err := c.DeleteBackup(t.Context(), &dynamodb.DeleteBackupInput{BackupArn: arn})
	wantError(t, err, "BackupInUseException", "Backup is being created: "+*arn)
	clock.advance(5 * time.Second)
	eventually(t, "the backup", func() bool { return status() == "AVAILABLE" })
}

// TestPoliciesAreReadLater reads a table's policy, and its stream's, before and after changes of them are through.
func TestPoliciesAreReadLater(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now, Lifecycle: "realistic", Region: "eu-west-1"})
	simpleTable(t, c, "Things")
	clock.advance(time.Minute)
	table, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: aws.String("Things"), StreamSpecification: &types.StreamSpecification{
		StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeKeysOnly,
	}})
	if err != nil {
		t.Fatal(err)
	}
	clock.advance(time.Minute)
	for _, arn := range []*string{arnOf("Things"), table.TableDescription.LatestStreamArn} {
		action := "dynamodb:GetItem"
		if strings.Contains(*arn, "/stream/") {
			action = "dynamodb:GetRecords"
		}
		read := func(want string) {
			t.Helper()
			got, err := c.GetResourcePolicy(t.Context(), &dynamodb.GetResourcePolicyInput{ResourceArn: arn})
			if want == "" {
				wantError(t, err, "PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn: "+*arn)
			} else if err != nil || *got.RevisionId != want {
				t.Errorf("%s has %+v, %v, want revision %s", *arn, got, err, want)
			}
		}
		put := func(who string) string {
			t.Helper()
			out, err := c.PutResourcePolicy(t.Context(), &dynamodb.PutResourcePolicyInput{ResourceArn: arn, Policy: aws.String(
				`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + who + `"},"Action":"` + action + `","Resource":"` + *arn + `"}}`)})
			if err != nil {
				t.Fatal(err)
			}
			return *out.RevisionId
		}
		read("")
		first := put("000000000000")
		read("")
		clock.advance(2 * time.Second)
		read(first)
		clock.advance(20 * time.Second)
		second := put("111122223333")
		read(first)
		clock.advance(2 * time.Second)
		read(second)
		clock.advance(20 * time.Second)
		if _, err := c.DeleteResourcePolicy(t.Context(), &dynamodb.DeleteResourcePolicyInput{ResourceArn: arn}); err != nil {
			t.Fatal(err)
		}
		read(second)
		clock.advance(2 * time.Second)
		read("")
	}
}

// TestLegacyGlobalTablesHaveEnded asks for one of version 2017.11.29 under a realistic life cycle.
func TestLegacyGlobalTablesHaveEnded(t *testing.T) {
	e, c := open(t, engine.Options{Lifecycle: "realistic"})
	in := &dynamodb.CreateGlobalTableInput{GlobalTableName: aws.String("Old"), ReplicationGroup: []types.Replica{{RegionName: aws.String("eu-west-1")}}}
	const ended = "One or more parameter values were invalid: DynamoDB global tables version 2017.11.29 is not supported"
	_, err := c.CreateGlobalTable(t.Context(), in)
	wantError(t, err, "ValidationException", ended+". We recommend using DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).")
	_, err = c.UpdateGlobalTable(t.Context(), &dynamodb.UpdateGlobalTableInput{
		GlobalTableName: aws.String("Old"), ReplicaUpdates: []types.ReplicaUpdate{{Create: &types.CreateReplicaAction{RegionName: aws.String("us-east-1")}}},
	})
	wantError(t, err, "ValidationException", ended+". We recommend using DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).")
	_, err = regionOf(e, "ap-south-1").CreateGlobalTable(t.Context(), in)
	wantError(t, err, "ValidationException", ended+" in this region 'ap-south-1', supported regions are : [eu-west-2, eu-west-1, ap-southeast-1, "+
		"ap-southeast-2, ap-northeast-2, eu-central-1, ap-northeast-1, us-east-1, us-east-2, us-west-1, us-west-2]")
}

// TestTableThatGoesTellsNothingOfItsIndexes describes a table before and while it is DELETING.
func TestTableThatGoesTellsNothingOfItsIndexes(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now, Lifecycle: "realistic"})
	attribute := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	keys := func(hash, sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}, {AttributeName: &sort, KeyType: types.KeyTypeRange}}
	}
	all := &types.Projection{ProjectionType: types.ProjectionTypeAll}
	music := aws.String("Music")
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: music, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{attribute("pk"), attribute("sk"), attribute("g")}, KeySchema: keys("pk", "sk"),
		LocalSecondaryIndexes:  []types.LocalSecondaryIndex{{IndexName: aws.String("Local"), KeySchema: keys("pk", "g"), Projection: all}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("Global"), KeySchema: keys("g", "pk"), Projection: all}},
	})
	if err != nil {
		t.Fatal(err)
	}
	clock.advance(time.Minute)
	for _, indexes := range []int{2, 0} {
		out, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: music})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(out.Table.LocalSecondaryIndexes) + len(out.Table.GlobalSecondaryIndexes); n != indexes {
			t.Errorf("a table that is %s has %d indexes, want %d", out.Table.TableStatus, n, indexes)
		}
		if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: music}); err != nil && indexes > 0 {
			t.Fatal(err)
		}
	}
}

// TestRestoreKeepsItsBackup uses a backup while a table is restored from it, which lasts until the table is ACTIVE.
func TestRestoreKeepsItsBackup(t *testing.T) {
	clock, c, arn := realisticBackup(t)
	restore := func(name string) error {
		_, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{BackupArn: arn, TargetTableName: &name})
		return err
	}
	remove := func() error {
		_, err := c.DeleteBackup(t.Context(), &dynamodb.DeleteBackupInput{BackupArn: arn})
		return err
	}
	clock.advance(5 * time.Second)
	eventually(t, "the first restore", func() bool { return restore("First") == nil })
	// Also when its rows are there already, for a table takes its time.
	for range 3 {
		wantError(t, restore("First"), "TableInUseException", "Table: First is already being restored from backup: "+*arn)
		wantError(t, restore("Second"), "BackupInUseException", "Backup is being used to restore another table: "+*arn)
		wantError(t, remove(), "BackupInUseException", "Backup is being used to restore table: "+*arn)
		clock.advance(100 * time.Millisecond)
		time.Sleep(10 * time.Millisecond)
	}
	active := func(name string) func() bool {
		return func() bool {
			clock.advance(time.Second)
			out, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
			return err == nil && out.Table.TableStatus == types.TableStatusActive
		}
	}
	eventually(t, "the first table", active("First"))
	if err := restore("Second"); err != nil {
		t.Error(err)
	}
	eventually(t, "the second table", active("Second"))
	if err := remove(); err != nil {
		t.Error(err)
	}
}
