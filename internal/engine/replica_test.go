package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
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

	"github.com/ddb-cli/ddb/internal/engine"
)

// regionOf is a client of another Region; the tests' own is eu-west-1.
func regionOf(e *engine.Engine, region string) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: region, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		HTTPClient: &http.Client{Transport: inProcess{e.Handler()}}, RetryMaxAttempts: 1,
	})
}

func join(t *testing.T, c *dynamodb.Client, table, region string) {
	t.Helper()
	_, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: &table, ReplicaUpdates: []types.ReplicationGroupUpdate{
		{Create: &types.CreateReplicationGroupMemberAction{RegionName: &region}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := dynamodb.NewTableExistsWaiter(c).Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: &table}, time.Minute); err != nil {
		t.Fatal(err)
	}
}

// valuesOf is a table as text: key → value.
func valuesOf(t *testing.T, c *dynamodb.Client, table string) map[string]string {
	t.Helper()
	all := map[string]string{}
	pages := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			all[it["pk"].(*types.AttributeValueMemberS).Value] = it["v"].(*types.AttributeValueMemberS).Value
		}
	}
	return all
}

// Writers in every Region change the same items while Regions join; once nobody writes, all Regions have the same items,
// and of two writes one after the other the later one holds.
func TestReplicasConverge(t *testing.T) {
	e, c := open(t, engine.Options{})
	simpleTable(t, c, "World")
	for i := range 50 {
		put(t, c, "World", map[string]types.AttributeValue{"pk": text(fmt.Sprint("old", i)), "v": text("0")})
	}
	join(t, c, "World", "us-east-1")
	clients := []*dynamodb.Client{c, regionOf(e, "us-east-1"), regionOf(e, "ap-south-1")}
	var writers sync.WaitGroup
	write := func(c *dynamodb.Client, seed uint64) {
		chance := rand.New(rand.NewPCG(seed, 1))
		for n := range 300 {
			key := map[string]types.AttributeValue{"pk": text(fmt.Sprint("old", chance.IntN(20)))}
			var err error
			if chance.IntN(4) == 0 {
				_, err = c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("World"), Key: key})
			} else {
				key["v"] = text(fmt.Sprint(seed, "-", n))
				_, err = c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("World"), Item: key})
			}
			if err != nil {
				t.Error(err)
				return
			}
		}
	}
	for i, c := range clients[:2] {
		for j := range 2 {
			writers.Go(func() { write(c, uint64(10*i+j)) })
		}
	}
	join(t, c, "World", "ap-south-1")
	writers.Go(func() { write(clients[2], 77) })
	writers.Wait()
	if err := e.Replicate(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := valuesOf(t, c, "World")
	for i, c := range clients[1:] {
		if got := valuesOf(t, c, "World"); !maps.Equal(got, want) {
			t.Errorf("Region %d has %v\nthe first has %v", i+1, got, want)
		}
	}
	for i, c := range clients {
		put(t, c, "World", map[string]types.AttributeValue{"pk": text("last"), "v": text(fmt.Sprint(i))})
	}
	if err := e.Replicate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, c := range clients {
		if got := valuesOf(t, c, "World")["last"]; got != "2" {
			t.Errorf("Region %d has the value %q of the write before the last one", i, got)
		}
	}
}

// A store that is closed while changes wait sends them when it is opened again, each once.
func TestReplicationGoesOnAfterReopening(t *testing.T) {
	o := engine.Options{Dir: t.TempDir(), Grace: time.Nanosecond}
	e, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	simpleTable(t, c, "World")
	join(t, c, "World", "us-east-1")
	const items = 2000
	for i := range items {
		put(t, c, "World", map[string]types.AttributeValue{"pk": text(fmt.Sprint(i)), "v": text("x")})
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e, c = open(t, o)
	if err := e.Replicate(t.Context()); err != nil {
		t.Fatal(err)
	}
	there := regionOf(e, "us-east-1")
	if got := len(valuesOf(t, there, "World")); got != items {
		t.Errorf("the replica has %d items, want %d", got, items)
	}
	put(t, there, "World", map[string]types.AttributeValue{"pk": text("back"), "v": text("y")})
	if err := e.Replicate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := valuesOf(t, c, "World")["back"]; got != "y" {
		t.Errorf("the first Region has %q for the item of the other", got)
	}
	if n := len(readStream(t, e, "us-east-1", "World")); n != items+1 {
		t.Errorf("the replica's stream has %d records, want %d", n, items+1)
	}
}

// readStream reads all records of a table's stream.
func readStream(t *testing.T, e *engine.Engine, region, table string) (records []streamtypes.Record) {
	t.Helper()
	s := dynamodbstreams.New(dynamodbstreams.Options{
		Region: region, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		HTTPClient: &http.Client{Transport: inProcess{e.Handler()}}, RetryMaxAttempts: 1,
	})
	list, err := s.ListStreams(t.Context(), &dynamodbstreams.ListStreamsInput{TableName: &table})
	if err != nil || len(list.Streams) != 1 {
		t.Fatal(list, err)
	}
	d, err := s.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: list.Streams[0].StreamArn})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range d.StreamDescription.Shards {
		it, err := s.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
			StreamArn: list.Streams[0].StreamArn, ShardId: h.ShardId, ShardIteratorType: "TRIM_HORIZON",
		})
		if err != nil {
			t.Fatal(err)
		}
		more, _ := follow(t, s, it.ShardIterator)
		records = append(records, more...)
	}
	return records
}

// Expired items are deleted by the service in one Region; the others get the deletion as an ordinary change.
func TestExpiryInOneRegionReachesAll(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now, TTLSweep: time.Hour})
	simpleTable(t, c, "World")
	join(t, c, "World", "us-east-1")
	_, err := regionOf(e, "us-east-1").UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: aws.String("World"), TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("at"), Enabled: aws.Bool(true)},
	})
	if err != nil {
		t.Fatal(err)
	}
	put(t, regionOf(e, "us-east-1"), "World", map[string]types.AttributeValue{"pk": text("a"), "v": text("x"), "at": number(clock.Now().Unix() + 60)})
	for range 2 {
		if err := e.Replicate(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock.advance(2 * time.Minute)
		if err := e.TendOnce(clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	for region, byService := range map[string]bool{"eu-west-1": true, "us-east-1": false} {
		records := readStream(t, e, region, "World")
		last := records[len(records)-1]
		if len(records) != 2 || last.EventName != "REMOVE" || (last.UserIdentity != nil) != byService {
			t.Errorf("%s: %d records, the last one %s by %v; want 2, REMOVE, by the service: %v", region, len(records), last.EventName, last.UserIdentity, byService)
		}
	}
}

// Tables of version 2017.11.29 have each their own time to live, and what it deletes stays where another has none.
func TestExpiryInLegacyGlobalTable(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now, TTLSweep: time.Hour})
	there := regionOf(e, "us-east-1")
	for _, c := range []*dynamodb.Client{c, there} {
		simpleTable(t, c, "World")
		if _, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: aws.String("World"), StreamSpecification: &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages,
		}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.CreateGlobalTable(t.Context(), &dynamodb.CreateGlobalTableInput{
		GlobalTableName: aws.String("World"), ReplicationGroup: []types.Replica{{RegionName: aws.String("eu-west-1")}, {RegionName: aws.String("us-east-1")}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: aws.String("World"), TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("at"), Enabled: aws.Bool(true)},
	}); err != nil {
		t.Fatal(err)
	}
	for _, pk := range []string{"a", "b"} {
		put(t, there, "World", map[string]types.AttributeValue{"pk": text(pk), "v": text("x"), "at": number(clock.Now().Unix() + 60)})
	}
	replicate := func() {
		if err := e.Replicate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	replicate()
	clock.advance(2 * time.Minute)
	if err := e.TendOnce(clock.Now()); err != nil {
		t.Fatal(err)
	}
	put(t, there, "World", map[string]types.AttributeValue{"pk": text("b"), "v": text("y")})
	replicate()
	if here, there := valuesOf(t, c, "World"), valuesOf(t, there, "World"); len(here) != 1 || here["b"] != "y" || len(there) != 2 || there["a"] != "x" {
		t.Errorf("after it expired in eu-west-1: there %v, in us-east-1 %v", here, there)
	}
}
