package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

// indexedTable makes a provisioned table with a global and a local index.
func indexedTable(t *testing.T, c *dynamodb.Client, name string) {
	t.Helper()
	throughput := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(5), WriteCapacityUnits: aws.Int64(6)}
	hash := func(h, r string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: &h, KeyType: "HASH"}, {AttributeName: &r, KeyType: "RANGE"}}
	}
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, ProvisionedThroughput: throughput, KeySchema: hash("pk", "sk"),
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: "S"},
			{AttributeName: aws.String("sk"), AttributeType: "N"},
			{AttributeName: aws.String("city"), AttributeType: "S"},
		},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("byCity"), KeySchema: hash("city", "sk"), ProvisionedThroughput: throughput,
			Projection: &types.Projection{ProjectionType: "KEYS_ONLY"},
		}},
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{
			IndexName: aws.String("local"), KeySchema: hash("pk", "city"), Projection: &types.Projection{ProjectionType: "ALL"},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func row(pk string, sk int64, city string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": text(pk), "sk": number(sk), "city": text(city)}
}

// contents reads a whole table, or a whole index, as sorted text.
func contents(t *testing.T, c *dynamodb.Client, table, index string) map[string]string {
	t.Helper()
	in := &dynamodb.ScanInput{TableName: &table}
	if index != "" {
		in.IndexName = &index
	}
	got := map[string]string{}
	for {
		out, err := c.Scan(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range out.Items {
			var attrs []string
			for _, n := range []string{"pk", "sk", "city", "n", "note"} {
				switch v := it[n].(type) {
				case *types.AttributeValueMemberS:
					attrs = append(attrs, n+"="+v.Value)
				case *types.AttributeValueMemberN:
					attrs = append(attrs, n+"="+v.Value)
				}
			}
			got[fmt.Sprint(attrs[:min(2, len(attrs))])] = strings.Join(attrs, " ")
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return got
		}
	}
}

func backUp(t *testing.T, c *dynamodb.Client, table, name string) string {
	t.Helper()
	out, err := c.CreateBackup(t.Context(), &dynamodb.CreateBackupInput{TableName: &table, BackupName: &name})
	if err != nil {
		t.Fatal(err)
	}
	arn := *out.BackupDetails.BackupArn
	eventually(t, "backup "+name, func() bool {
		out, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &arn})
		return err == nil && out.BackupDescription.BackupDetails.BackupStatus == "AVAILABLE"
	})
	return arn
}

func waitActive(t *testing.T, c *dynamodb.Client, table string) *types.TableDescription {
	t.Helper()
	eventually(t, table+" active", func() bool { return describe(t, c, table).TableStatus == "ACTIVE" })
	return describe(t, c, table)
}

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

func TestListBackups(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now})
	simpleTable(t, c, "One")
	simpleTable(t, c, "Two")
	for i, name := range []string{"One", "Two", "One", "One"} {
		backUp(t, c, name, fmt.Sprint("backup", i))
		clock.advance(time.Hour)
	}
	list := func(in *dynamodb.ListBackupsInput) (names []string, last *string) {
		t.Helper()
		out, err := c.ListBackups(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range out.BackupSummaries {
			names = append(names, *b.BackupName)
		}
		return names, out.LastEvaluatedBackupArn
	}
	for name, tc := range map[string]struct {
		in   dynamodb.ListBackupsInput
		want []string
	}{
		"all":        {dynamodb.ListBackupsInput{}, []string{"backup0", "backup1", "backup2", "backup3"}},
		"of a table": {dynamodb.ListBackupsInput{TableName: arnOf("One")}, []string{"backup0", "backup2", "backup3"}},
		"in a time": {dynamodb.ListBackupsInput{
			TimeRangeLowerBound: aws.Time(time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)),
			TimeRangeUpperBound: aws.Time(time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)),
		}, []string{"backup1", "backup2"}},
		"of the service": {dynamodb.ListBackupsInput{BackupType: "SYSTEM"}, nil},
	} {
		if got, _ := list(&tc.in); !cmp.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
	var pages [][]string
	in := &dynamodb.ListBackupsInput{Limit: aws.Int32(2), TableName: aws.String("One")}
	for {
		names, last := list(in)
		pages = append(pages, names)
		if in.ExclusiveStartBackupArn = last; last == nil {
			break
		}
	}
	if diff := cmp.Diff([][]string{{"backup0", "backup2"}, {"backup3"}}, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestBackupOutlivesItsTable(t *testing.T) {
	options := engine.Options{Dir: t.TempDir()}
	e, err := engine.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	indexedTable(t, c, "Places")
	for i := range int64(300) {
		put(t, c, "Places", row(fmt.Sprint("p", i%7), i, fmt.Sprint("city", i%3)))
	}
	want := contents(t, c, "Places", "")
	arn := backUp(t, c, "Places", "nightly")
	put(t, c, "Places", row("after", 1, "x"))
	if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Places")}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}

	_, c = open(t, options)
	d, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	s := d.BackupDescription.SourceTableDetails
	if *s.ItemCount != 300 || *s.TableName != "Places" || s.BillingMode != "PROVISIONED" || *s.ProvisionedThroughput.WriteCapacityUnits != 6 {
		t.Errorf("source table details: %+v", s)
	}
	if f := d.BackupDescription.SourceTableFeatureDetails; len(f.GlobalSecondaryIndexes) != 1 || len(f.LocalSecondaryIndexes) != 1 {
		t.Errorf("source table features: %+v", f)
	}
	out, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{TargetTableName: aws.String("Again"), BackupArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	if r := out.TableDescription; r.TableStatus != "CREATING" || !*r.RestoreSummary.RestoreInProgress || *r.RestoreSummary.SourceBackupArn != arn {
		t.Errorf("answer of the restore: %+v %+v", r.TableStatus, r.RestoreSummary)
	}
	again := waitActive(t, c, "Again")
	if *again.ItemCount != 300 || again.RestoreSummary != nil || *again.GlobalSecondaryIndexes[0].ItemCount != 300 {
		t.Errorf("restored table: %d items, %+v", *again.ItemCount, again.RestoreSummary)
	}
	for _, index := range []string{"", "byCity", "local"} {
		got := contents(t, c, "Again", index)
		if index == "" {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("restored rows (-want +got):\n%s", diff)
			}
		} else if len(got) != 300 {
			t.Errorf("index %s has %d entries, want 300", index, len(got))
		}
	}
	_, err = c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{TargetTableName: aws.String("Again"), BackupArn: &arn})
	wantError(t, err, "TableAlreadyExistsException", "Table already exists: Again")

	gone, err := c.DeleteBackup(t.Context(), &dynamodb.DeleteBackupInput{BackupArn: &arn})
	if err != nil || gone.BackupDescription.BackupDetails.BackupStatus != "DELETED" {
		t.Errorf("deleting: %+v, %v", gone, err)
	}
	_, err = c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &arn})
	wantError(t, err, "BackupNotFoundException", "Backup not found: "+arn)
	_, err = c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{TargetTableName: aws.String("Third"), BackupArn: &arn})
	wantError(t, err, "BackupNotFoundException", "Backup not found: "+arn)
	_, err = c.CreateBackup(t.Context(), &dynamodb.CreateBackupInput{TableName: aws.String("Missing"), BackupName: aws.String("abc")})
	wantError(t, err, "TableNotFoundException", "Table not found: Missing")
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
