package engine_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// statesOf tells the state of a table, and that of its first replica as the table tells it.
func statesOf(t *testing.T, c *dynamodb.Client, table string) (status, replica string) {
	t.Helper()
	d, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table})
	if missing := new(types.ResourceNotFoundException); errors.As(err, &missing) {
		return "", ""
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Table.Replicas) > 0 {
		replica = string(d.Table.Replicas[0].ReplicaStatus)
	}
	return string(d.Table.TableStatus), replica
}

// An engine that ends while a replica is being filled fills it when it is opened again; what was written in between is
// there too. Under a realistic life cycle every state takes its time.
func TestReplicaIsFilledAfterReopening(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	o := engine.Options{Dir: t.TempDir(), Grace: time.Nanosecond, Lifecycle: "realistic", Clock: clock.Now}
	e, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	simpleTable(t, c, "World")
	clock.advance(10 * time.Second)
	const items = 3000
	for i := range items {
		put(t, c, "World", map[string]types.AttributeValue{"pk": text(fmt.Sprint(i)), "v": text("x")})
	}
	_, err = c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: aws.String("World"), ReplicaUpdates: []types.ReplicationGroupUpdate{
		{Create: &types.CreateReplicationGroupMemberAction{RegionName: aws.String("us-east-1")}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	put(t, c, "World", map[string]types.AttributeValue{"pk": text("late"), "v": text("y")})
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e, c = open(t, o)
	there := regionOf(e, "us-east-1")
	for begun := time.Now(); ; { // the filling is over when the states wait for the clock only
		clock.advance(time.Second)
		if status, replica := statesOf(t, c, "World"); status == "ACTIVE" && replica == "ACTIVE" {
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("the replica did not become active")
		}
		time.Sleep(time.Millisecond)
	}
	if err := e.Replicate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := valuesOf(t, there, "World"); len(got) != items+1 || got["late"] != "y" {
		t.Errorf("the replica has %d items, and %q for the last one; want %d and y", len(got), got["late"], items+1)
	}

	_, err = c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: aws.String("World"), ReplicaUpdates: []types.ReplicationGroupUpdate{
		{Delete: &types.DeleteReplicationGroupMemberAction{RegionName: aws.String("us-east-1")}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"UPDATING", "ACTIVE"} {
		if status, replica := statesOf(t, c, "World"); status != want || replica != "DELETING" {
			t.Errorf("while the replica is deleted the states are %s and %s, want %s and DELETING", status, replica, want)
		}
		clock.advance(4 * time.Second)
	}
	if status, replica := statesOf(t, c, "World"); status != "ACTIVE" || replica != "" {
		t.Errorf("after the deletion the states are %s and %q", status, replica)
	}
	if status, _ := statesOf(t, there, "World"); status != "" {
		t.Errorf("the deleted replica is %s", status)
	}
}
