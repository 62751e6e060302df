package engine_test

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestClockJumps sets the clock back by two hours and then ahead by three days under a table with a stream, recovery, expiry and tokens: nothing is lost or done
// twice, and what is due is done.
func TestClockJumps(t *testing.T) {
	var shift atomic.Int64
	begin := time.Now()
	_, c := open(t, engine.Options{TTLSweep: 20 * time.Millisecond, Clock: func() time.Time { return time.Now().Add(time.Duration(shift.Load())) }})
	simpleTable(t, c, "Jumps")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	name := aws.String("Jumps")
	_, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: name, StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "KEYS_ONLY"}})
	must(err)
	_, err = c.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
		TableName: name, PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	})
	must(err)
	_, err = c.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{TableName: name, TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: aws.Bool(true), AttributeName: aws.String("ttl")}})
	must(err)
	add := func() {
		t.Helper()
		_, err := c.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String("once"), TransactItems: []types.TransactWriteItem{{Update: &types.Update{
			TableName: name, Key: item{"pk": str("counter")}, UpdateExpression: aws.String("ADD n :n"), ExpressionAttributeValues: item{":n": num("1")},
		}}}})
		must(err)
	}
	put := func(key string, ttl time.Time) {
		t.Helper()
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: name, Item: item{"pk": str(key), "ttl": num(strconv.FormatInt(ttl.Unix(), 10))}})
		must(err)
	}
	far := begin.AddDate(10, 0, 0)
	count := func(table string) int32 {
		t.Helper()
		out, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
		must(err)
		return out.Count
	}
	restored := func(target string) int32 {
		t.Helper()
		_, err := c.RestoreTableToPointInTime(t.Context(), &dynamodb.RestoreTableToPointInTimeInput{SourceTableName: name, TargetTableName: &target, UseLatestRestorableTime: aws.Bool(true)})
		must(err)
		within(t, target, func() bool {
			d, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &target})
			return err == nil && d.Table.TableStatus == types.TableStatusActive
		})
		return count(target)
	}

	add()
	put("a", far)
	shift.Store(int64(-2 * time.Hour))
	add() // the token is known
	put("b", far)
	if n := restored("Back"); n != 3 {
		t.Errorf("with the clock set back %d items are restored, want 3", n)
	}
	saved, err := c.CreateBackup(t.Context(), &dynamodb.CreateBackupInput{TableName: name, BackupName: aws.String("back")})
	must(err)
	shift.Store(int64(72 * time.Hour))
	put("c", far)
	put("gone", time.Unix(0, 0))
	_, err = c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: name, Key: item{"pk": str("gone")}, UpdateExpression: aws.String("SET #t = :t"), ExpressionAttributeNames: map[string]string{"#t": "ttl"},
		ExpressionAttributeValues: item{":t": num(strconv.FormatInt(begin.Add(48*time.Hour).Unix(), 10))},
	})
	must(err)
	within(t, "expiry", func() bool {
		out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: name, Key: item{"pk": str("gone")}})
		return err == nil && out.Item == nil
	})
	if n := restored("Ahead"); n != 4 {
		t.Errorf("with the clock set ahead %d items are restored, want 4", n)
	}
	_, err = c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{BackupArn: saved.BackupDetails.BackupArn, TargetTableName: aws.String("Saved")})
	must(err)
	within(t, "the backup", func() bool { return count("Saved") == 3 })
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: name, Key: item{"pk": str("counter")}})
	must(err)
	if n := out.Item["n"].(*types.AttributeValueMemberN).Value; n != "1" {
		t.Errorf("a transaction with a token was done %s times", n)
	}
}
