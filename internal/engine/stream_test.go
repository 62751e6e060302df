package engine_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func streamsOf(e *engine.Engine) *dynamodbstreams.Client {
	return dynamodbstreams.New(dynamodbstreams.Options{
		Region:           "eu-west-1",
		Credentials:      credentials.NewStaticCredentialsProvider("key", "secret", ""),
		HTTPClient:       &http.Client{Transport: inProcess{e.Handler()}},
		RetryMaxAttempts: 1,
	})
}

func setStream(t *testing.T, c *dynamodb.Client, table string, view types.StreamViewType) string {
	t.Helper()
	in := &dynamodb.UpdateTableInput{TableName: &table, StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(view != ""), StreamViewType: view}}
	out, err := c.UpdateTable(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.TableDescription.LatestStreamArn)
}

// follow reads a shard from an iterator to its end, or to the first empty answer of an open one.
func follow(t *testing.T, s *dynamodbstreams.Client, iterator *string) (records []streamtypes.Record, next *string) {
	t.Helper()
	for iterator != nil {
		out, err := s.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, out.Records...)
		if iterator = out.NextShardIterator; len(out.Records) == 0 {
			return records, iterator
		}
	}
	return records, nil
}

func iteratorAt(t *testing.T, s *dynamodbstreams.Client, arn string, shard *string, kind streamtypes.ShardIteratorType, seq *string) *string {
	t.Helper()
	out, err := s.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &arn, ShardId: shard, ShardIteratorType: kind, SequenceNumber: seq,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.ShardIterator
}

func shardsOf(t *testing.T, s *dynamodbstreams.Client, arn string) []streamtypes.Shard {
	t.Helper()
	out, err := s.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	return out.StreamDescription.Shards
}

func TestStreamTellsEveryChange(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now, TTLSweep: 5 * time.Millisecond})
	s := streamsOf(e)
	simpleTable(t, c, "Music")
	put(t, c, "Music", keyOf("before"))
	clock.advance(time.Second)
	arn := setStream(t, c, "Music", "NEW_AND_OLD_IMAGES")
	list, err := s.ListStreams(t.Context(), &dynamodbstreams.ListStreamsInput{TableName: aws.String("Music")})
	if err != nil || len(list.Streams) != 1 || *list.Streams[0].StreamArn != arn {
		t.Fatalf("streams %+v, %v; want %s", list, err, arn)
	}
	shards := shardsOf(t, s, arn)
	if len(shards) != 1 || shards[0].SequenceNumberRange.EndingSequenceNumber != nil || shards[0].ParentShardId != nil {
		t.Fatalf("a new stream has shards %+v", shards)
	}
	latest := iteratorAt(t, s, arn, shards[0].ShardId, "LATEST", nil)

	item := func(n int64) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{"pk": text("a"), "n": number(n)}
	}
	put(t, c, "Music", item(1))
	put(t, c, "Music", item(2))
	put(t, c, "Music", item(2)) // changes nothing and is not told
	if _, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("Music"), Key: keyOf("a")}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName:               aws.String("Music"),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: aws.Bool(true), AttributeName: aws.String("n")},
	}); err != nil {
		t.Fatal(err)
	}
	put(t, c, "Music", item(clock.Now().Unix()-1))
	eventually(t, "the expired item", func() bool { return get(t, c, "Music", "a") == nil })

	records, next := follow(t, s, iteratorAt(t, s, arn, shards[0].ShardId, "TRIM_HORIZON", nil))
	var got []string
	for _, r := range records {
		line := fmt.Sprint(r.EventName, " ", r.Dynamodb.Keys["pk"].(*streamtypes.AttributeValueMemberS).Value, " old=", r.Dynamodb.OldImage != nil, " new=", r.Dynamodb.NewImage != nil)
		if r.UserIdentity != nil {
			line += " by " + *r.UserIdentity.PrincipalId
		}
		got = append(got, line)
	}
	want := []string{
		"INSERT a old=false new=true", "MODIFY a old=true new=true", "REMOVE a old=true new=false",
		"INSERT a old=false new=true", "REMOVE a old=true new=false by dynamodb.amazonaws.com",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if fromLatest, _ := follow(t, s, latest); len(fromLatest) != len(want) {
		t.Errorf("LATEST taken before the writes gave %d records, want %d", len(fromLatest), len(want))
	}
	if next == nil {
		t.Error("an open shard gave no next iterator")
	}
	second := records[1].Dynamodb.SequenceNumber
	for kind, n := range map[streamtypes.ShardIteratorType]int{"AT_SEQUENCE_NUMBER": 4, "AFTER_SEQUENCE_NUMBER": 3} {
		if got, _ := follow(t, s, iteratorAt(t, s, arn, shards[0].ShardId, kind, second)); len(got) != n {
			t.Errorf("%s gave %d records, want %d", kind, len(got), n)
		}
	}

	// Shards follow each other; a closed one ends; after a day it is gone.
	clock.advance(5 * time.Hour)
	put(t, c, "Music", item(7))
	shards = shardsOf(t, s, arn)
	if len(shards) != 2 || *shards[1].ParentShardId != *shards[0].ShardId || shards[0].SequenceNumberRange.EndingSequenceNumber == nil {
		t.Fatalf("after five hours: %+v", shards)
	}
	if old, end := follow(t, s, iteratorAt(t, s, arn, shards[0].ShardId, "TRIM_HORIZON", nil)); len(old) != len(want) || end != nil {
		t.Errorf("the closed shard gave %d records and next iterator %v", len(old), end)
	}
	if young, _ := follow(t, s, iteratorAt(t, s, arn, shards[1].ShardId, "TRIM_HORIZON", nil)); len(young) != 1 {
		t.Errorf("the second shard gave %d records, want 1", len(young))
	}
	_, err = s.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: next})
	wantError(t, err, "ExpiredIteratorException", "Shard iterator has expired")
	clock.advance(24 * time.Hour)
	for _, h := range shardsOf(t, s, arn) {
		if *h.ShardId == *shards[0].ShardId {
			t.Error("a shard that closed more than a day ago is still listed")
		}
	}
}

func TestStreamViews(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now})
	s := streamsOf(e)
	for view, want := range map[types.StreamViewType][2]bool{
		"KEYS_ONLY": {false, false}, "NEW_IMAGE": {false, true}, "OLD_IMAGE": {true, false}, "NEW_AND_OLD_IMAGES": {true, true},
	} {
		table := "T-" + string(view)
		simpleTable(t, c, table)
		arn := setStream(t, c, table, view)
		put(t, c, table, map[string]types.AttributeValue{"pk": text("a"), "n": number(1)})
		put(t, c, table, map[string]types.AttributeValue{"pk": text("a"), "n": number(2)})
		records, _ := follow(t, s, iteratorAt(t, s, arn, shardsOf(t, s, arn)[0].ShardId, "TRIM_HORIZON", nil))
		if len(records) != 2 {
			t.Fatalf("%s: %d records", view, len(records))
		}
		d := records[1].Dynamodb
		if got := [2]bool{d.OldImage != nil, d.NewImage != nil}; got != want || string(d.StreamViewType) != string(view) {
			t.Errorf("%s: images old, new %v, want %v", view, got, want)
		}

		// Disabled, the stream ends and can still be read.
		clock.advance(time.Second)
		setStream(t, c, table, "")
		put(t, c, table, map[string]types.AttributeValue{"pk": text("a"), "n": number(3)})
		records, end := follow(t, s, iteratorAt(t, s, arn, shardsOf(t, s, arn)[0].ShardId, "TRIM_HORIZON", nil))
		if len(records) != 2 || end != nil {
			t.Errorf("%s: a disabled stream gave %d records, next iterator %v", view, len(records), end)
		}
	}
	clock.advance(25 * time.Hour)
	list, err := s.ListStreams(t.Context(), &dynamodbstreams.ListStreamsInput{})
	if err != nil || len(list.Streams) != 0 {
		t.Errorf("a day after they were disabled: %+v, %v", list.Streams, err)
	}
	missing := *arnOf("T-NEW_IMAGE") + "/stream/2026-01-01T00:00:00.000"
	_, err = s.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &missing})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Stream: "+missing+" not found")
}

// A reader that follows a stream while many write sees each change once, and those of an item in their order.
func TestStreamIsGapless(t *testing.T) {
	e, c := open(t, engine.Options{})
	s := streamsOf(e)
	simpleTable(t, c, "Busy")
	arn := setStream(t, c, "Busy", "NEW_IMAGE")
	const writers, each = 8, 100
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range int64(each) {
				_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{
					TableName: aws.String("Busy"), Item: map[string]types.AttributeValue{"pk": text(fmt.Sprint("w", w)), "n": number(i)},
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writing.Wait(); close(done) }()
	seen := map[string]int{}
	iterator := iteratorAt(t, s, arn, shardsOf(t, s, arn)[0].ShardId, "TRIM_HORIZON", nil)
	for last := false; ; {
		var records []streamtypes.Record
		records, iterator = follow(t, s, iterator)
		for _, r := range records {
			pk := r.Dynamodb.Keys["pk"].(*streamtypes.AttributeValueMemberS).Value
			if n := r.Dynamodb.NewImage["n"].(*streamtypes.AttributeValueMemberN).Value; n != fmt.Sprint(seen[pk]) {
				t.Fatalf("%s: change %s came when %d was expected", pk, n, seen[pk])
			}
			seen[pk]++
		}
		if last {
			break
		}
		select {
		case <-done:
			last = true
		default:
		}
	}
	for w := range writers {
		if n := seen[fmt.Sprint("w", w)]; n != each {
			t.Errorf("writer %d: %d changes were told, want %d", w, n, each)
		}
	}
}
