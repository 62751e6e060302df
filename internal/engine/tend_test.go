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

// The log keeps what its longest reader needs, and nothing once it has none.
func TestChangeLogIsTrimmedAtItsOldestReader(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now, TTLSweep: time.Hour})
	simpleTable(t, c, "Music")
	n := int64(0)
	write := func() {
		n++
		put(t, c, "Music", map[string]types.AttributeValue{"pk": text("a"), "n": number(n)})
	}
	want := func(when string, records int) {
		t.Helper()
		clock.advance(2 * time.Minute)
		if err := e.TendOnce(clock.Now()); err != nil {
			t.Fatal(err)
		}
		if got, _, err := e.CountKeys("eu-west-1", "Music"); err != nil || got != records {
			t.Errorf("%s: %d change records, %v; want %d", when, got, err, records)
		}
	}
	recovery := func(on bool, days *int32) {
		t.Helper()
		if _, err := c.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
			TableName:                        aws.String("Music"),
			PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: &on, RecoveryPeriodInDays: days},
		}); err != nil {
			t.Fatal(err)
		}
	}
	write()
	want("without a reader", 0)
	recovery(true, aws.Int32(3))
	write()
	clock.advance(48 * time.Hour)
	setStream(t, c, "Music", "NEW_IMAGE")
	write()
	want("after two days of three", 2)
	clock.advance(30 * time.Hour)
	want("after three days", 1)
	recovery(false, nil)
	want("when only a stream is left, of a day", 0)
	write()
	clock.advance(time.Hour)
	setStream(t, c, "Music", "")
	write()
	want("when the stream is closed but can be read", 1)
	clock.advance(25 * time.Hour)
	want("a day after the stream was closed", 0)
}

// Overwriting and deleting items leaves no stale entries in the order of expiry, and turning the setting off none at all.
func TestExpiryOrderFollowsTheItems(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, c := open(t, engine.Options{Clock: clock.Now, TTLSweep: time.Hour})
	simpleTable(t, c, "Sessions")
	setting := func(on bool) {
		t.Helper()
		if _, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
			TableName:               aws.String("Sessions"),
			TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: &on, AttributeName: aws.String("ttl")},
		}); err != nil {
			t.Fatal(err)
		}
	}
	want := func(when string, entries int) {
		t.Helper()
		if _, got, err := e.CountKeys("eu-west-1", "Sessions"); err != nil || got != entries {
			t.Errorf("%s: %d entries, %v; want %d", when, got, err, entries)
		}
	}
	session := func(i int, ttl int64) {
		put(t, c, "Sessions", map[string]types.AttributeValue{"pk": text(fmt.Sprint("s", i)), "ttl": number(ttl)})
	}
	later := clock.Now().Unix() + 3600
	for i := range 10 {
		session(i, later)
	}
	want("before the setting", 0)
	setting(true)
	want("items that were there", 10)
	for i := range 10 {
		session(i, later+60)
	}
	want("moved", 10)
	put(t, c, "Sessions", keyOf("s0"))
	if _, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("Sessions"), Key: keyOf("s1")}); err != nil {
		t.Fatal(err)
	}
	want("one without a time, one deleted", 8)
	clock.advance(2 * time.Hour)
	if err := e.TendOnce(clock.Now()); err != nil {
		t.Fatal(err)
	}
	want("all expired", 0)
	if get(t, c, "Sessions", "s0") == nil || get(t, c, "Sessions", "s2") != nil {
		t.Error("the sweep deleted the wrong items")
	}
	session(3, later+36000)
	setting(false)
	want("turned off", 0)
}
