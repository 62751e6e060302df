package engine_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestTableBecomesOnDemand follows a table from provisioned to on demand: until it is ACTIVE the mode is told without a time, and with the decrease it comes with.
func TestTableBecomesOnDemand(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now, Lifecycle: "realistic"})
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Music"), ProvisionedThroughput: &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	clock.advance(time.Minute)
	asked := clock.Now()
	answer, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: aws.String("Music"), BillingMode: "PAY_PER_REQUEST"})
	if err != nil {
		t.Fatal(err)
	}
	clock.advance(time.Millisecond)
	for _, d := range []*types.TableDescription{answer.TableDescription, describe(t, c, "Music")} {
		if d.TableStatus != "UPDATING" || d.BillingModeSummary.BillingMode != "PAY_PER_REQUEST" || d.BillingModeSummary.LastUpdateToPayPerRequestDateTime != nil {
			t.Errorf("while it changes the table is %s and its mode %+v", d.TableStatus, *d.BillingModeSummary)
		}
		if at := d.ProvisionedThroughput.LastDecreaseDateTime; at == nil || !at.Equal(asked) || *d.ProvisionedThroughput.NumberOfDecreasesToday != 0 {
			t.Errorf("the last decrease is %v of %d, want %v and none counted", at, *d.ProvisionedThroughput.NumberOfDecreasesToday, asked)
		}
	}
	clock.advance(time.Minute)
	d := describe(t, c, "Music")
	if at := d.BillingModeSummary.LastUpdateToPayPerRequestDateTime; d.TableStatus != "ACTIVE" || at == nil || !at.After(asked) || at.After(clock.Now()) {
		t.Errorf("the table is %s and its mode changed at %v", d.TableStatus, at)
	}
	if d.ProvisionedThroughput.LastDecreaseDateTime != nil {
		t.Errorf("the last decrease is %v when the table is ACTIVE", d.ProvisionedThroughput.LastDecreaseDateTime)
	}
}

// TestTableThatLeaves describes a table that is being deleted: neither keys nor when it was made are told any more.
func TestTableThatLeaves(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now, Lifecycle: "realistic"})
	simpleTable(t, c, "Music")
	clock.advance(time.Minute)
	deleted, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Music")})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*types.TableDescription{deleted.TableDescription, describe(t, c, "Music")} {
		if d.TableStatus != "DELETING" || d.CreationDateTime != nil || d.KeySchema != nil || d.AttributeDefinitions != nil || d.WarmThroughput != nil {
			t.Errorf("a table that is being deleted is told as %+v", *d)
		}
		if d.TableId == nil || d.TableArn == nil || d.ProvisionedThroughput == nil || d.ItemCount == nil || d.BillingModeSummary == nil {
			t.Errorf("too little is told of a table that is being deleted: %+v", *d)
		}
	}
}
