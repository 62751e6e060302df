package engine_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// TestDecreasesInADay lowers a table's throughput more often than a day allows.
func TestDecreasesInADay(t *testing.T) {
	c, clock := throttledEngine(t)
	provisionedTable(t, c, units(100, 100), nil)
	lower := func(by int64) error {
		_, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: aws.String("Slow"), ProvisionedThroughput: units(100-by, 100)})
		return err
	}
	for i := range int64(4) {
		if err := lower(i + 1); err != nil {
			t.Fatalf("decrease %d: %v", i+1, err)
		}
		clock.advance(time.Minute)
	}
	wantError(t, lower(5), "LimitExceededException", "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. "+
		"After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: 4. "+
		"Last decrease at Sunday, March 1, 2026 at 12:03:00 PM Coordinated Universal Time. Next decrease can be made at Sunday, March 1, 2026 at 1:03:00 PM Coordinated Universal Time")
	if n := *describe(t, c, "Slow").ProvisionedThroughput.ReadCapacityUnits; n != 96 {
		t.Errorf("the refused decrease left %d units, want 96", n)
	}
	if err := lower(-100); err != nil {
		t.Errorf("an increase: %v", err)
	}
	clock.advance(time.Hour)
	if err := lower(5); err != nil {
		t.Errorf("an hour after the last: %v", err)
	}
	if err := lower(6); err == nil {
		t.Error("two within an hour")
	}
	clock.advance(12 * time.Hour)
	if err := lower(6); err != nil {
		t.Errorf("the next day: %v", err)
	}
	if n := *describe(t, c, "Slow").ProvisionedThroughput.NumberOfDecreasesToday; n != 1 {
		t.Errorf("%d decreases on the new day, want 1", n)
	}
}
