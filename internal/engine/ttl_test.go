package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

func enableTTL(t *testing.T, c *dynamodb.Client, table, attribute string) {
	t.Helper()
	if _, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: &table, TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: aws.Bool(true), AttributeName: &attribute},
	}); err != nil {
		t.Fatal(err)
	}
}

// Processes that open the store for one call each delete what has expired, though none lives until a sweep is due.
func TestExpiredItemsGoWithoutASweep(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	o := engine.Options{Dir: t.TempDir(), Clock: clock.Now, TTLSweep: time.Hour}
	e, c := open(t, o)
	simpleTable(t, c, "Sessions")
	enableTTL(t, c, "Sessions", "ttl")
	soon := clock.Now().Unix() + 60
	for i := range 5 {
		put(t, c, "Sessions", map[string]types.AttributeValue{"pk": text(fmt.Sprint("s", i)), "ttl": number(soon)})
	}
	put(t, c, "Sessions", keyOf("stays"))
	for _, want := range []int32{6, 1} {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		e, c = open(t, o)
		out, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Sessions")})
		if err != nil || out.Count != want {
			t.Errorf("%v: %d items, %v; want %d", clock.Now(), out.Count, err, want)
		}
		clock.advance(2 * time.Minute)
	}
}

// An expired item leaves the indexes of its table with it, and the stream says who deleted it.
func TestExpiryOnATableWithIndexes(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now, TTLSweep: time.Hour})
	s := streamsOf(e)
	hash, sort := types.KeyTypeHash, types.KeyTypeRange
	all := &types.Projection{ProjectionType: "ALL"}
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Sessions"), BillingMode: "PAY_PER_REQUEST",
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: "S"},
			{AttributeName: aws.String("sk"), AttributeType: "S"},
			{AttributeName: aws.String("g"), AttributeType: "S"},
			{AttributeName: aws.String("ttl"), AttributeType: "N"},
		},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: hash}, {AttributeName: aws.String("sk"), KeyType: sort}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("Global"), Projection: all,
			KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("g"), KeyType: hash}, {AttributeName: aws.String("ttl"), KeyType: sort}},
		}},
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{
			IndexName: aws.String("Local"), Projection: all,
			KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: hash}, {AttributeName: aws.String("ttl"), KeyType: sort}},
		}},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "NEW_AND_OLD_IMAGES"},
	})
	if err != nil {
		t.Fatal(err)
	}
	enableTTL(t, c, "Sessions", "ttl")
	now := clock.Now().Unix()
	for i := range int64(10) { // five expire within the hour, one has been gone for more than five years
		ttl := now + 600*i + 600
		if i == 9 {
			ttl = now - 6*365*24*3600
		}
		put(t, c, "Sessions", map[string]types.AttributeValue{"pk": text("p"), "sk": text(fmt.Sprint(i)), "g": text("g"), "ttl": number(ttl)})
	}
	clock.advance(50*time.Minute + time.Second)
	if err := e.TendOnce(clock.Now()); err != nil {
		t.Fatal(err)
	}
	for _, index := range []*string{nil, aws.String("Global"), aws.String("Local")} {
		out, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Sessions"), IndexName: index})
		if err != nil || out.Count != 5 {
			t.Errorf("%s has %d items, %v; want 5", aws.ToString(index), out.Count, err)
		}
	}
	d := describe(t, c, "Sessions")
	if *d.ItemCount != 5 || *d.GlobalSecondaryIndexes[0].ItemCount != 5 || *d.LocalSecondaryIndexes[0].ItemCount != 5 {
		t.Errorf("counted %d items, %d and %d entries; want 5", *d.ItemCount, *d.GlobalSecondaryIndexes[0].ItemCount, *d.LocalSecondaryIndexes[0].ItemCount)
	}
	records, _ := follow(t, s, iteratorAt(t, s, *d.LatestStreamArn, shardsOf(t, s, *d.LatestStreamArn)[0].ShardId, "TRIM_HORIZON", nil))
	if len(records) != 15 {
		t.Fatalf("%d records, want 15", len(records))
	}
	for i, r := range records {
		byService := r.UserIdentity != nil && *r.UserIdentity.Type == "Service" && *r.UserIdentity.PrincipalId == "dynamodb.amazonaws.com"
		if byService != (i >= 10) || (r.EventName == "REMOVE") != (i >= 10) {
			t.Errorf("record %d: %s, identity %+v", i, r.EventName, r.UserIdentity)
		}
	}
}
