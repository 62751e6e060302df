package engine_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

// asking adds the header that asks for snapshots to every request.
type asking struct {
	inProcess
	most string
}

func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set(engine.SnapshotsHeader, a.most)
	return a.inProcess.RoundTrip(r)
}

func snapshotting(e *engine.Engine, most string) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""), RetryMaxAttempts: 1,
		HTTPClient: &http.Client{Transport: asking{inProcess{e.Handler()}, most}},
	})
}

// deleteKeeping deletes a table and gives the ARN of its snapshot, "" for none.
func deleteKeeping(t *testing.T, c *dynamodb.Client, name string) string {
	t.Helper()
	out, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	if out.TableDescription.ArchivalSummary == nil {
		return ""
	}
	return *out.TableDescription.ArchivalSummary.ArchivalBackupArn
}

func undelete(t *testing.T, c *dynamodb.Client, arn, name string) *types.TableDescription {
	t.Helper()
	if _, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{BackupArn: &arn, TargetTableName: &name}); err != nil {
		t.Fatal(err)
	}
	return waitActive(t, c, name)
}

func snapshots(t *testing.T, c *dynamodb.Client) []string {
	t.Helper()
	out, err := c.ListBackups(t.Context(), &dynamodb.ListBackupsInput{BackupType: types.BackupTypeFilterSystem})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, b := range out.BackupSummaries {
		names = append(names, *b.BackupName)
	}
	return names
}

// A deleted table comes back with all it had, also in a later process and under another name.
func TestADeletedTableComesBack(t *testing.T) {
	options := engine.Options{Dir: t.TempDir()}
	e, err := engine.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	c := snapshotting(e, "3")
	indexedTable(t, c, "Places")
	for i := range int64(50) {
		put(t, c, "Places", row("a", i, "x"))
	}
	settings := []func() error{
		func() error {
			_, err := c.TagResource(t.Context(), &dynamodb.TagResourceInput{ResourceArn: arnOf("Places"), Tags: []types.Tag{{Key: aws.String("env"), Value: aws.String("dev")}}})
			return err
		},
		func() error {
			_, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{TableName: aws.String("Places"), TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: aws.Bool(true), AttributeName: aws.String("gone")}})
			return err
		},
		func() error {
			_, err := c.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{TableName: aws.String("Places"), PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true), RecoveryPeriodInDays: aws.Int32(7)}})
			return err
		},
		func() error {
			_, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: aws.String("Places"), StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "NEW_IMAGE"}})
			return err
		},
		func() error {
			_, err := c.UpdateContributorInsights(t.Context(), &dynamodb.UpdateContributorInsightsInput{TableName: aws.String("Places"), ContributorInsightsAction: "ENABLE"})
			return err
		},
	}
	for _, set := range settings {
		if err := set(); err != nil {
			t.Fatal(err)
		}
	}
	before, was := contents(t, c, "Places", ""), describe(t, c, "Places")
	arn := deleteKeeping(t, c, "Places")
	if arn == "" {
		t.Fatal("the answer names no snapshot")
	}
	if _, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Places")}); err == nil {
		t.Error("the table is still there")
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e, _ = open(t, options)
	c = snapshotting(e, "3")
	described, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &arn})
	if err != nil || *described.BackupDescription.SourceTableDetails.ItemCount != 50 {
		t.Fatalf("the snapshot: %v, %+v", err, described)
	}
	for _, name := range []string{"Places", "Other"} {
		d := undelete(t, c, arn, name)
		if diff := cmp.Diff(before, contents(t, c, name, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(contents(t, c, name, "byCity")) != 50 || *d.ItemCount != 50 || d.StreamSpecification == nil || d.StreamSpecification.StreamViewType != "NEW_IMAGE" ||
			*d.ProvisionedThroughput.ReadCapacityUnits != *was.ProvisionedThroughput.ReadCapacityUnits || len(d.LocalSecondaryIndexes) != 1 {
			t.Errorf("%s: %+v", name, d)
		}
		tags, err := c.ListTagsOfResource(t.Context(), &dynamodb.ListTagsOfResourceInput{ResourceArn: arnOf(name)})
		if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Value != "dev" {
			t.Errorf("%s: tags %v %v", name, tags, err)
		}
		ttl, err := c.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
		if err != nil || ttl.TimeToLiveDescription.TimeToLiveStatus != "ENABLED" || *ttl.TimeToLiveDescription.AttributeName != "gone" {
			t.Errorf("%s: time to live %v %v", name, ttl, err)
		}
		recovery, err := c.DescribeContinuousBackups(t.Context(), &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
		if err != nil || recovery.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus != "ENABLED" ||
			*recovery.ContinuousBackupsDescription.PointInTimeRecoveryDescription.RecoveryPeriodInDays != 7 {
			t.Errorf("%s: recovery %v %v", name, recovery, err)
		}
		insights, err := c.DescribeContributorInsights(t.Context(), &dynamodb.DescribeContributorInsightsInput{TableName: &name})
		if err != nil || insights.ContributorInsightsStatus != "ENABLED" {
			t.Errorf("%s: insights %v %v", name, insights, err)
		}
	}
	// What is deleted again and given up is gone with its rows.
	deleteKeeping(t, clientOf(e), "Other")
	if _, err := c.DeleteBackup(t.Context(), &dynamodb.DeleteBackupInput{BackupArn: &arn}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, contents(t, c, "Places", "")); diff != "" {
		t.Errorf("without the snapshot (-want +got):\n%s", diff)
	}
}

// The items that expire after a deletion are found again by the restored table.
func TestExpiryAfterARestore(t *testing.T) {
	clock := newClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	e, _ := open(t, engine.Options{Clock: clock.Now})
	c := snapshotting(e, "3")
	simpleTable(t, c, "Short")
	if _, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{TableName: aws.String("Short"), TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: aws.Bool(true), AttributeName: aws.String("end")}}); err != nil {
		t.Fatal(err)
	}
	put(t, c, "Short", map[string]types.AttributeValue{"pk": text("a"), "end": number(clock.Now().Add(time.Hour).Unix())})
	undelete(t, c, deleteKeeping(t, c, "Short"), "Short")
	clock.advance(2 * time.Hour)
	eventually(t, "the item is deleted", func() bool {
		if err := e.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(get(t, c, "Short", "a")) == 0
	})
}

// A write that was acknowledged before the table was gone is in the snapshot.
func TestASnapshotHoldsEveryWrite(t *testing.T) {
	e, plain := open(t, engine.Options{})
	c := snapshotting(e, "3")
	simpleTable(t, c, "Busy")
	var (
		written [4]atomic.Int64
		wg      sync.WaitGroup
	)
	for w := range written {
		wg.Go(func() {
			for i := int64(0); ; i++ {
				item := map[string]types.AttributeValue{"pk": text(fmt.Sprintf("%d-%d", w, i))}
				if _, err := plain.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Busy"), Item: item}); err != nil {
					return
				}
				written[w].Add(1)
			}
		})
	}
	eventually(t, "some writes", func() bool { return written[0].Load() > 20 && written[3].Load() > 20 })
	arn := deleteKeeping(t, c, "Busy")
	wg.Wait()
	d := undelete(t, c, arn, "Busy")
	var want int64
	for w := range written {
		want += written[w].Load()
	}
	if *d.ItemCount != want {
		t.Errorf("%d items came back of %d that were written", *d.ItemCount, want)
	}
	described, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &arn})
	if err != nil || *described.BackupDescription.SourceTableDetails.ItemCount != want {
		t.Errorf("the snapshot counts %d, %v", *described.BackupDescription.SourceTableDetails.ItemCount, err)
	}
}

func TestSnapshotsAreBounded(t *testing.T) {
	clock := newClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	e, plain := open(t, engine.Options{Clock: clock.Now, SnapshotBytes: 1000})
	c := snapshotting(e, "2")
	drop := func(c *dynamodb.Client, name string, bytes int) {
		t.Helper()
		simpleTable(t, c, name)
		put(t, c, name, map[string]types.AttributeValue{"pk": text("a"), "note": text(string(make([]byte, bytes)))})
		clock.advance(time.Second)
		deleteKeeping(t, c, name)
	}
	steps := []struct {
		name  string
		c     *dynamodb.Client
		bytes int
		want  []string
	}{
		{"AsTheSDK", plain, 10, []string{}},
		{"One", c, 10, []string{"One$Snapshot"}},
		{"Two", c, 10, []string{"One$Snapshot", "Two$Snapshot"}},
		{"Three", c, 10, []string{"Two$Snapshot", "Three$Snapshot"}},
		{"Large", c, 5000, []string{"Large$Snapshot"}},
		{"Four", c, 10, []string{"Four$Snapshot"}},
	}
	for _, s := range steps {
		drop(s.c, s.name, s.bytes)
		if diff := cmp.Diff(s.want, snapshots(t, c)); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", s.name, diff)
		}
	}
	clock.advance(36 * 24 * time.Hour)
	if got := snapshots(t, c); len(got) != 0 {
		t.Errorf("after 36 days: %v", got)
	}
}

// A deletion that takes its time leaves the snapshot that was asked for when it began.
func TestASnapshotOfASlowDeletion(t *testing.T) {
	clock := newClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	e, plain := open(t, engine.Options{Clock: clock.Now, Lifecycle: "realistic"})
	c := snapshotting(e, "2")
	simpleTable(t, c, "Slow")
	clock.advance(time.Minute)
	put(t, c, "Slow", keyOf("a"))
	arn := deleteKeeping(t, c, "Slow")
	if got := snapshots(t, plain); len(got) != 0 {
		t.Errorf("while the table is DELETING: %v", got)
	}
	clock.advance(time.Minute)
	if got := snapshots(t, plain); len(got) != 1 {
		t.Errorf("when it is gone: %v", got)
	}
	if _, err := plain.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{BackupArn: &arn, TargetTableName: aws.String("Slow")}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "restored", func() bool { clock.advance(time.Minute); return describe(t, plain, "Slow").TableStatus == "ACTIVE" })
	if len(get(t, plain, "Slow", "a")) == 0 {
		t.Error("the item did not come back")
	}
}
