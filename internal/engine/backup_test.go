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
