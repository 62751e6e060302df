package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

func keysTold(records []streamtypes.Record) string {
	var keys []string
	for _, r := range records {
		keys = append(keys, r.Dynamodb.Keys["pk"].(*streamtypes.AttributeValueMemberS).Value)
	}
	return strings.Join(keys, " ")
}

func deleteTable(t *testing.T, c *dynamodb.Client, table string) {
	t.Helper()
	if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: &table}); err != nil {
		t.Fatal(err)
	}
}

// The stream of a deleted table can be read for a day, after a restart too, and beside that of a new table of its name.
func TestStreamOutlivesItsTable(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	dir := t.TempDir()
	e, c := open(t, engine.Options{Dir: dir, Clock: clock.Now, TTLSweep: time.Hour})
	simpleTable(t, c, "Music")
	arn := setStream(t, c, "Music", "KEYS_ONLY")
	put(t, c, "Music", keyOf("a"))
	put(t, c, "Music", keyOf("b"))
	clock.advance(time.Second)
	deleteTable(t, c, "Music")
	clock.advance(time.Second)
	simpleTable(t, c, "Music")
	young := setStream(t, c, "Music", "KEYS_ONLY")
	put(t, c, "Music", keyOf("c"))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e, _ = open(t, engine.Options{Dir: dir, Clock: clock.Now, TTLSweep: time.Hour})
	s := streamsOf(e)
	for arn, want := range map[string]string{arn: "a b", young: "c"} {
		records, _ := follow(t, s, iteratorAt(t, s, arn, shardsOf(t, s, arn)[0].ShardId, "TRIM_HORIZON", nil))
		if got := keysTold(records); got != want {
			t.Errorf("%s tells of %q, want %q", arn, got, want)
		}
	}
	clock.advance(24*time.Hour + time.Minute)
	if err := e.TendOnce(clock.Now()); err != nil {
		t.Fatal(err)
	}
	_, err := s.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &arn})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Stream: "+arn+" not found")
	if n, err := e.GoneTables(); n != 0 || err != nil {
		t.Errorf("%d deleted tables are still remembered, %v", n, err)
	}
}

// A stream tells of its own time only, however quickly one follows the other.
func TestStreamsInQuickSuccession(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)) // stands still
	e, c := open(t, engine.Options{Clock: clock.Now})
	s := streamsOf(e)
	simpleTable(t, c, "Music")
	if _, err := c.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
		TableName:                        aws.String("Music"), // another reader of the log, which goes on without a stream
		PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	}); err != nil {
		t.Fatal(err)
	}
	var arns []string
	for i := range 3 {
		put(t, c, "Music", keyOf(fmt.Sprint("before", i)))
		arns = append(arns, setStream(t, c, "Music", "KEYS_ONLY"))
		put(t, c, "Music", keyOf(fmt.Sprint("during", i)))
		setStream(t, c, "Music", "")
		put(t, c, "Music", keyOf(fmt.Sprint("after", i)))
	}
	for i, arn := range arns {
		records, next := follow(t, s, iteratorAt(t, s, arn, shardsOf(t, s, arn)[0].ShardId, "TRIM_HORIZON", nil))
		if got, want := keysTold(records), fmt.Sprint("during", i); got != want || next != nil {
			t.Errorf("stream %d tells of %q, want %q", i, got, want)
		}
	}
}

// What is older than a day is refused by its number and passed over by TRIM_HORIZON; a reader that was overtaken is told.
func TestStreamIsTrimmedAfterADay(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now, TTLSweep: time.Hour})
	s := streamsOf(e)
	simpleTable(t, c, "Music")
	arn := setStream(t, c, "Music", "KEYS_ONLY")
	clock.advance(3*time.Hour + 55*time.Minute) // near the end of the first shard
	put(t, c, "Music", keyOf("old"))
	clock.advance(4 * time.Minute)
	put(t, c, "Music", keyOf("new"))
	shard := shardsOf(t, s, arn)[0].ShardId
	records, _ := follow(t, s, iteratorAt(t, s, arn, shard, "TRIM_HORIZON", nil))
	if got := keysTold(records); got != "old new" {
		t.Fatalf("told of %q", got)
	}
	old := records[0].Dynamodb.SequenceNumber
	clock.advance(24*time.Hour - 5*time.Minute)
	overtaken, horizon := iteratorAt(t, s, arn, shard, "AT_SEQUENCE_NUMBER", old), iteratorAt(t, s, arn, shard, "TRIM_HORIZON", nil)
	clock.advance(3 * time.Minute)
	if err := e.TendOnce(clock.Now()); err != nil {
		t.Fatal(err)
	}
	_, err := s.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: overtaken})
	wantError(t, err, "TrimmedDataAccessException", "The data you are trying to access has been trimmed")
	for _, kind := range []streamtypes.ShardIteratorType{"AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"} {
		_, err = s.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
			StreamArn: &arn, ShardId: shard, ShardIteratorType: kind, SequenceNumber: old,
		})
		wantError(t, err, "TrimmedDataAccessException", "The data you are trying to access has been trimmed")
	}
	if records, _ := follow(t, s, horizon); keysTold(records) != "new" {
		t.Errorf("TRIM_HORIZON gave %q", keysTold(records))
	}
}

// An iterator at a time begins with the first record that is not older.
func TestStreamAtTimestamp(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now})
	s := streamsOf(e)
	simpleTable(t, c, "Music")
	arn := setStream(t, c, "Music", "KEYS_ONLY")
	for _, pk := range []string{"a", "b", "c"} {
		clock.advance(10 * time.Second)
		put(t, c, "Music", keyOf(pk))
	}
	for ago, want := range map[time.Duration]string{time.Hour: "a b c", 10 * time.Second: "b c", 5 * time.Second: "c", 0: "c"} {
		out, err := s.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
			StreamArn: &arn, ShardId: shardsOf(t, s, arn)[0].ShardId, ShardIteratorType: "AT_TIMESTAMP", Timestamp: aws.Time(clock.Now().Add(-ago)),
		})
		if err != nil {
			t.Fatal(err)
		}
		if records, _ := follow(t, s, out.ShardIterator); keysTold(records) != want {
			t.Errorf("%v ago: %q, want %q", ago, keysTold(records), want)
		}
	}
}

// A page ends at 1,000 records or before it is larger than 1 MB.
func TestStreamPages(t *testing.T) {
	e, c := open(t, engine.Options{})
	s := streamsOf(e)
	simpleTable(t, c, "Large")
	arn := setStream(t, c, "Large", "NEW_IMAGE")
	for i := range 7 {
		put(t, c, "Large", map[string]types.AttributeValue{"pk": text(fmt.Sprint(i)), "pad": text(strings.Repeat("x", 300<<10))})
	}
	for i := range 1005 {
		put(t, c, "Large", keyOf(fmt.Sprint("small", i)))
	}
	iterator := iteratorAt(t, s, arn, shardsOf(t, s, arn)[0].ShardId, "TRIM_HORIZON", nil)
	var pages []int
	for {
		out, err := s.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Records) == 0 {
			break
		}
		size := int64(0)
		for _, r := range out.Records {
			size += *r.Dynamodb.SizeBytes
		}
		if size > 1<<20 {
			t.Errorf("a page of %d bytes", size)
		}
		pages, iterator = append(pages, len(out.Records)), out.NextShardIterator
	}
	if fmt.Sprint(pages) != "[3 3 1000 6]" {
		t.Errorf("pages of %v records", pages)
	}
}

// Shards follow each other every four hours; they can be listed page by page and by their parent.
func TestShardPages(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now})
	s := streamsOf(e)
	simpleTable(t, c, "Music")
	arn := setStream(t, c, "Music", "KEYS_ONLY")
	clock.advance(50 * time.Hour) // shards from 22 h to 50 h are left
	all := shardsOf(t, s, arn)
	if len(all) != 7 || all[0].ParentShardId == nil {
		t.Fatalf("%d shards: %+v", len(all), all)
	}
	var paged []string
	var last *string
	for {
		out, err := s.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &arn, Limit: aws.Int32(3), ExclusiveStartShardId: last})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range out.StreamDescription.Shards {
			paged = append(paged, *h.ShardId)
		}
		if last = out.StreamDescription.LastEvaluatedShardId; last == nil {
			break
		}
	}
	for i, h := range all {
		if paged[i] != *h.ShardId {
			t.Errorf("shard %d of the pages is %s, want %s", i, paged[i], *h.ShardId)
		}
		open := h.SequenceNumberRange.EndingSequenceNumber == nil
		if open != (i == len(all)-1) {
			t.Errorf("shard %d is open: %v", i, open)
		}
		if i == 0 {
			continue
		}
		out, err := s.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{
			StreamArn: &arn, ShardFilter: &streamtypes.ShardFilter{Type: "CHILD_SHARDS", ShardId: all[i-1].ShardId},
		})
		if err != nil || len(out.StreamDescription.Shards) != 1 || *out.StreamDescription.Shards[0].ShardId != *h.ShardId {
			t.Errorf("children of shard %d: %+v, %v", i-1, out, err)
		}
	}
}
