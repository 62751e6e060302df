package engine_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// A ledger is work on a store of which it can be told afterwards, whatever happened to the process or the disk, whether
// everything acknowledged is there and nothing is half done (see ledger_check_test.go). Workers write items, move them
// between index partitions, delete them, run batches and transactions; one more builds and drops an index and takes and
// deletes backups; time to live deletes items by itself.
type ledger struct {
	c *dynamodb.Client
	claims
}

const ledgerTable = "Ledger"

// kept is how many rounds of a worker leave their items in the table.
const kept = 100

// claims are what has been acknowledged: by worker its last round, the backup that is there, the index that is there.
type claims struct {
	mu     sync.Mutex
	m      map[string]string
	report func(key, value string) // hears each claim while it is made; may be nil
}

func (c *claims) set(key, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[string]string{}
	}
	c.m[key] = value
	if c.report != nil {
		c.report(key, value)
	}
}

func (c *claims) copy() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.m)
}

// begin makes the table unless it is there.
func (l *ledger) begin(ctx context.Context) error {
	if _, err := l.c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(ledgerTable)}); err != nil {
		if _, err := l.c.CreateTable(ctx, ledgerDefinition()); err != nil {
			return err
		}
	}
	_, err := l.c.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: aws.String(ledgerTable), TimeToLiveSpecification: &types.TimeToLiveSpecification{Enabled: aws.Bool(true), AttributeName: aws.String("ttl")},
	})
	if err != nil && strings.Contains(err.Error(), "already enabled") {
		return nil
	}
	return err
}

func ledgerDefinition() *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName: aws.String(ledgerTable), BillingMode: "PAY_PER_REQUEST",
		AttributeDefinitions: defs("pk", "S", "sk", "S", "g", "S", "n", "N"), KeySchema: schema("pk", "sk"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("ByGroup"), KeySchema: schema("g"), Projection: allOf()}},
		LocalSecondaryIndexes:  []types.LocalSecondaryIndex{{IndexName: aws.String("ByNumber"), KeySchema: schema("pk", "n"), Projection: allOf()}},
		StreamSpecification:    &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "NEW_AND_OLD_IMAGES"},
	}
}

func ledgerKey(worker, sk string) item { return item{"pk": str("w" + worker), "sk": str(sk)} }

func ledgerItem(worker, sk string, n, pad int) item {
	it := ledgerKey(worker, sk)
	it["n"], it["g"], it["h"], it["pad"] = num(strconv.Itoa(n)), str("before"+strconv.Itoa(n%7)), str("h"+strconv.Itoa(n%3)), str(strings.Repeat("x", pad))
	return it
}

// lastRound is the round a worker finds done when it starts.
func (l *ledger) lastRound(ctx context.Context, worker string) int {
	out, err := l.c.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(ledgerTable), Key: ledgerKey(worker, "left")})
	if err != nil || out.Item == nil {
		return 0
	}
	return intOf(out.Item, "n")
}

// work runs rounds of one worker until one fails or the context ends.
func (l *ledger) work(ctx context.Context, worker string, pad int) error {
	for n := l.lastRound(ctx, worker) + 1; ctx.Err() == nil; n++ {
		if err := l.round(ctx, worker, n, pad); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) round(ctx context.Context, worker string, n, pad int) error {
	table := aws.String(ledgerTable)
	name := func(kind string, n int) string { return fmt.Sprintf("%s-%06d", kind, n) }
	if _, err := l.c.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: ledgerItem(worker, name("item", n), n, pad)}); err != nil {
		return err
	}
	_, err := l.c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: table, Key: ledgerKey(worker, name("item", n)),
		UpdateExpression: aws.String("SET g = :g"), ExpressionAttributeValues: item{":g": str("after" + strconv.Itoa(n%5))},
	})
	if err != nil {
		return err
	}
	batch := []types.WriteRequest{putOf(ledgerItem(worker, name("batch", n), n, 20))}
	if n%10 == 0 {
		expired := ledgerItem(worker, name("gone", n), n, 20)
		expired["ttl"] = num(strconv.FormatInt(time.Now().Unix()-10, 10))
		batch = append(batch, putOf(expired))
	}
	if n > kept {
		batch = append(batch, deleteOf(ledgerKey(worker, name("batch", n-kept))))
		if _, err := l.c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: ledgerKey(worker, name("item", n-kept))}); err != nil {
			return err
		}
	}
	if _, err := l.c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{ledgerTable: batch}}); err != nil {
		return err
	}
	count := func(side string) types.TransactWriteItem {
		return types.TransactWriteItem{Update: &types.Update{
			TableName: table, Key: ledgerKey(worker, side), UpdateExpression: aws.String("SET n = :n, g = :g"),
			ExpressionAttributeValues: item{":n": num(strconv.Itoa(n)), ":g": str("counter" + strconv.Itoa(n%3))},
		}}
	}
	if _, err = l.c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{count("left"), count("right")}}); err != nil {
		return err
	}
	l.set("w"+worker, strconv.Itoa(n))
	return nil
}

// administer builds and drops an index and takes and deletes backups, again and again.
func (l *ledger) administer(ctx context.Context) error {
	for ctx.Err() == nil {
		for _, step := range []func(context.Context) error{l.backUp, l.addIndex, l.dropBackup, l.dropIndex} {
			if err := patiently(ctx, step); err != nil {
				return err
			}
		}
	}
	return nil
}

// patiently repeats a step that has to wait for another change to end.
func patiently(ctx context.Context, step func(context.Context) error) error {
	for {
		err := step(ctx)
		api, refused := errors.AsType[smithy.APIError](err)
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil || !refused {
			return err
		}
		switch api.ErrorCode() {
		case "ResourceInUseException", "LimitExceededException", "BackupInUseException":
			time.Sleep(2 * time.Millisecond)
		case "ResourceNotFoundException", "BackupNotFoundException", "ValidationException":
			return nil // done before the process was killed, and not known to be
		default:
			return err
		}
	}
}

func (l *ledger) backUp(ctx context.Context) error {
	out, err := l.c.CreateBackup(ctx, &dynamodb.CreateBackupInput{TableName: aws.String(ledgerTable), BackupName: aws.String("ledger")})
	if err != nil {
		return err
	}
	arn := out.BackupDetails.BackupArn
	for ctx.Err() == nil {
		out, err := l.c.DescribeBackup(ctx, &dynamodb.DescribeBackupInput{BackupArn: arn})
		if err != nil {
			return err
		}
		if out.BackupDescription.BackupDetails.BackupStatus == "AVAILABLE" {
			l.set("backup", *arn)
			return nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	return ctx.Err()
}

func (l *ledger) dropBackup(ctx context.Context) error {
	arn := l.copy()["backup"]
	if arn == "" {
		return nil
	}
	l.set("backup", "")
	_, err := l.c.DeleteBackup(ctx, &dynamodb.DeleteBackupInput{BackupArn: &arn})
	return err
}

func (l *ledger) addIndex(ctx context.Context) error {
	_, err := l.c.UpdateTable(ctx, &dynamodb.UpdateTableInput{
		TableName: aws.String(ledgerTable), AttributeDefinitions: defs("h", "S", "n", "N"),
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
			IndexName: aws.String("Extra"), KeySchema: schema("h", "n"), Projection: allOf(),
		}}},
	})
	if err == nil {
		l.set("index", "Extra")
	}
	return err
}

func (l *ledger) dropIndex(ctx context.Context) error {
	l.set("index", "")
	_, err := l.c.UpdateTable(ctx, &dynamodb.UpdateTableInput{
		TableName:                   aws.String(ledgerTable),
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("Extra")}}},
	})
	return err
}

// run does the work of three workers and the administrator until the context ends or something fails.
func (l *ledger) run(ctx context.Context, pad int) error {
	var wg sync.WaitGroup
	errs := make(chan error, 4)
	for w := range 3 {
		wg.Go(func() { errs <- l.work(ctx, strconv.Itoa(w), pad) })
	}
	wg.Go(func() { errs <- l.administer(ctx) })
	wg.Wait()
	close(errs)
	var all error
	for err := range errs {
		if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			all = errors.Join(all, err)
		}
	}
	return all
}

func intOf(it item, name string) int {
	v, ok := it[name].(*types.AttributeValueMemberN)
	if !ok {
		return -1
	}
	n, _ := strconv.Atoi(v.Value)
	return n
}
