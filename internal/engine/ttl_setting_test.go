package engine_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestTimeToLiveSetting(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Sessions")
	set := func(on bool, name string) error {
		_, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
			TableName: aws.String("Sessions"), TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: &on, AttributeName: &name},
		})
		return err
	}
	want := func(status types.TimeToLiveStatus, name *string) {
		t.Helper()
		out, err := c.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: arnOf("Sessions")})
		if err != nil {
			t.Fatal(err)
		}
		d := out.TimeToLiveDescription
		if d.TimeToLiveStatus != status || aws.ToString(d.AttributeName) != aws.ToString(name) {
			t.Errorf("got %s %v, want %s %v", d.TimeToLiveStatus, aws.ToString(d.AttributeName), status, aws.ToString(name))
		}
	}
	want("DISABLED", nil)
	wantError(t, set(false, "ttl"), "ValidationException", "TimeToLive is already disabled")
	if err := set(true, "ttl"); err != nil {
		t.Fatal(err)
	}
	want("ENABLED", aws.String("ttl"))
	wantError(t, set(true, "ttl"), "ValidationException", "TimeToLive is already enabled")
	wantError(t, set(false, "other"), "ValidationException",
		"TimeToLive is active on a different AttributeName: current AttributeName is ttl")
	if err := set(false, "ttl"); err != nil {
		t.Fatal(err)
	}
	want("DISABLED", nil)
	_, err := c.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: aws.String("Missing")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: Missing not found")
}

func TestTimeToLiveDeletes(t *testing.T) {
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	clock := newClock(start)
	dir := t.TempDir()
	options := engine.Options{Dir: dir, Clock: clock.Now, TTLSweep: 5 * time.Millisecond}
	e, err := engine.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	simpleTable(t, c, "Sessions")
	at := func(d time.Duration) types.AttributeValue { return number(start.Add(d).Unix()) }
	for pk, ttl := range map[string]types.AttributeValue{
		"before": at(-time.Minute), "soon": at(time.Minute), "later": at(time.Hour), "ancient": at(-6 * 365 * 24 * time.Hour),
		"text": text("1"), "moved": at(time.Minute), "removed": at(time.Minute),
	} {
		put(t, c, "Sessions", map[string]types.AttributeValue{"pk": text(pk), "ttl": ttl})
	}
	if _, err := c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName:               aws.String("Sessions"),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: aws.Bool(true), AttributeName: aws.String("ttl")},
	}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the item that had expired before", func() bool { return get(t, c, "Sessions", "before") == nil })
	put(t, c, "Sessions", map[string]types.AttributeValue{"pk": text("new"), "ttl": at(time.Minute)})
	put(t, c, "Sessions", map[string]types.AttributeValue{"pk": text("moved"), "ttl": at(time.Hour)})
	put(t, c, "Sessions", map[string]types.AttributeValue{"pk": text("removed")})
	for _, pk := range []string{"soon", "new"} {
		if get(t, c, "Sessions", pk) == nil {
			t.Errorf("%s went before its time", pk)
		}
	}
	clock.advance(2 * time.Minute)
	for _, pk := range []string{"soon", "new"} {
		eventually(t, pk, func() bool { return get(t, c, "Sessions", pk) == nil })
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}

	// What is due is known to the next process as well.
	clock.advance(2 * time.Hour)
	_, c = open(t, options)
	eventually(t, "later, after another Open", func() bool { return get(t, c, "Sessions", "later") == nil })
	eventually(t, "moved, after another Open", func() bool { return get(t, c, "Sessions", "moved") == nil })
	for _, pk := range []string{"ancient", "text", "removed"} {
		if get(t, c, "Sessions", pk) == nil {
			t.Errorf("%s has no time that counts and was deleted", pk)
		}
	}
}
