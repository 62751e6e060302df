package ddbtest_test

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/ddbtest"
)

// TestRecoveryAfterTheClockWasSetBack writes before and after the clock is set back, by seconds and by a month: the latest time there is to recover to has
// all of it.
func TestRecoveryAfterTheClockWasSetBack(t *testing.T) {
	var now atomic.Pointer[time.Time]
	set := func(at time.Time) { now.Store(&at) }
	begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	set(begin)
	client := ddbtest.New(t, ddbtest.Clock(func() time.Time { return *now.Load() }), ddbtest.Table(things))
	_, err := client.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
		TableName:                        things.TableName,
		PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range []time.Time{begin.Add(time.Minute), begin.Add(57 * time.Second), begin.Add(-30 * 24 * time.Hour)} {
		set(at)
		put(t, client, item{"id": str(strconv.Itoa(i))})
		to := aws.String("Back" + strconv.Itoa(i))
		if _, err := client.RestoreTableToPointInTime(t.Context(), &dynamodb.RestoreTableToPointInTimeInput{
			SourceTableName: things.TableName, TargetTableName: to, UseLatestRestorableTime: aws.Bool(true),
		}); err != nil {
			t.Fatal(err)
		}
		if err := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
			o.MinDelay, o.MaxDelay = time.Millisecond, 50*time.Millisecond
		}).
			Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: to}, time.Minute); err != nil {
			t.Fatal(err)
		}
		out, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: to, ConsistentRead: aws.Bool(true)})
		if err != nil || int(out.Count) != i+1 {
			t.Errorf("at %s the latest time has %d items, %v; %d were written", at, out.Count, err, i+1)
		}
	}
}
