package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// tortured names, in the environment of a child, the directory it works on until it is killed.
const tortured = "DDB_TEST_TORTURED_DIR"

// TestKilledUnderWrites kills a process that writes items, moves them between index partitions, deletes them and runs
// transactions, several times over on one store. Afterwards every acknowledged write is there, the index agrees with the
// table, and no transaction is half done.
func TestKilledUnderWrites(t *testing.T) {
	if dir := os.Getenv(tortured); dir != "" {
		torture(dir)
		return
	}
	dir := t.TempDir()
	last := map[string]int{} // by worker: the last round it reported
	total := 0
	for round := range 4 {
		killed := runTortured(t, dir, time.Duration(150+70*round)*time.Millisecond)
		for worker, n := range killed {
			total += n - last[worker]
			last[worker] = n
		}
		checkTortured(t, dir, last)
		if t.Failed() {
			t.Fatalf("after kill %d", round+1)
		}
	}
	t.Logf("%d acknowledged rounds over 4 kills", total)
}

// torture works on the store with several workers and reports each acknowledged round on a line: worker and round.
func torture(dir string) {
	e, err := engine.Open(engine.Options{Dir: dir})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(3)
	}
	c := clientOf(e)
	time.AfterFunc(20*time.Second, func() { os.Exit(0) }) // a parent that died leaves no process behind
	ctx := context.Background()
	if _, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("Tortured")}); err != nil {
		if err := torturedTable(ctx, c); err != nil {
			fmt.Println("error", err)
			os.Exit(3)
		}
	}
	var out sync.Mutex
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() {
			worker := strconv.Itoa(w)
			for n := torturedRound(ctx, c, worker) + 1; ; n++ {
				if err := tortureRound(ctx, c, worker, n); err != nil {
					fmt.Println("error", err)
					os.Exit(3)
				}
				out.Lock()
				_, _ = fmt.Fprintln(os.Stdout, worker, n)
				out.Unlock()
			}
		})
	}
	wg.Wait()
	os.Exit(0)
}

func torturedTable(ctx context.Context, c *dynamodb.Client) error {
	_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: aws.String("Tortured"), BillingMode: "PAY_PER_REQUEST",
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}, {AttributeName: aws.String("g"), AttributeType: "S"}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("ByGroup"), KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("g"), KeyType: "HASH"}},
			Projection: &types.Projection{ProjectionType: "ALL"},
		}},
	})
	return err
}

// torturedRound is the round a worker finds done when it starts.
func torturedRound(ctx context.Context, c *dynamodb.Client, worker string) int {
	out, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("Tortured"), Key: item{"pk": str("left" + worker)}})
	if err != nil || out.Item == nil {
		return 0
	}
	return intOf(out.Item, "n")
}

func intOf(it item, name string) int {
	v, ok := it[name].(*types.AttributeValueMemberN)
	if !ok {
		return -1
	}
	n, _ := strconv.Atoi(v.Value)
	return n
}

// tortureRound puts an item, moves it to another partition of the index, deletes an old one, and counts the round in two
// items at once.
func tortureRound(ctx context.Context, c *dynamodb.Client, worker string, n int) error {
	table := aws.String("Tortured")
	key := func(n int) item { return item{"pk": str(fmt.Sprintf("item%s-%d", worker, n))} }
	it := key(n)
	it["n"], it["g"], it["pad"] = num(strconv.Itoa(n)), str("before"+strconv.Itoa(n%7)), str(strings.Repeat("x", 300))
	if _, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: it}); err != nil {
		return err
	}
	_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: table, Key: key(n), UpdateExpression: aws.String("SET g = :g"), ExpressionAttributeValues: item{":g": str("after" + strconv.Itoa(n%5))},
	})
	if err != nil {
		return err
	}
	if n > 20 {
		if _, err := c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: key(n - 20)}); err != nil {
			return err
		}
	}
	count := func(side string) types.TransactWriteItem {
		return types.TransactWriteItem{Update: &types.Update{
			TableName: table, Key: item{"pk": str(side + worker)}, UpdateExpression: aws.String("SET n = :n, g = :g"),
			ExpressionAttributeValues: item{":n": num(strconv.Itoa(n)), ":g": str("counter" + strconv.Itoa(n%3))},
		}}
	}
	_, err = c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{count("left"), count("right")}})
	return err
}

// runTortured runs the child, kills it a while after its first report, and returns what it reported last by worker.
func runTortured(t *testing.T, dir string, after time.Duration) map[string]int {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledUnderWrites$")
	child.Env = append(os.Environ(), tortured+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	reported := map[string]int{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		worker, round, ok := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(round)
		if !ok || err != nil {
			t.Errorf("the child reports %q", lines.Text())
			continue
		}
		if len(reported) == 0 {
			kill := time.AfterFunc(after, func() { _ = child.Process.Kill() })
			defer kill.Stop()
		}
		reported[worker] = max(reported[worker], n) // a line that the kill cut short names a smaller number
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself; it was to be killed while writing")
	}
	if len(reported) == 0 {
		t.Fatal("the child acknowledged nothing")
	}
	return reported
}

func checkTortured(t *testing.T, dir string, last map[string]int) {
	t.Helper()
	e, err := engine.Open(engine.Options{Dir: dir})
	if err != nil {
		t.Fatalf("reopen: %v", err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	c := clientOf(e)
	table, index := everything(t, c, nil), everything(t, c, aws.String("ByGroup"))
	if len(table) != len(index) {
		t.Errorf("the table has %d items and its index %d", len(table), len(index))
	}
	for pk, it := range table {
		if lineOf(it) != lineOf(index[pk]) {
			t.Errorf("%s is %s in the table and %s in the index", pk, lineOf(it), lineOf(index[pk]))
		}
	}
	if n := *describe(t, c, "Tortured").ItemCount; n != int64(len(table)) {
		t.Errorf("the statistics count %d items of %d", n, len(table))
	}
	for worker, n := range last {
		left, right := intOf(table["left"+worker], "n"), intOf(table["right"+worker], "n")
		if left != right {
			t.Errorf("worker %s: half a transaction: %d and %d", worker, left, right)
		}
		if left < n {
			t.Errorf("worker %s: round %d was acknowledged and round %d is the last there is", worker, n, left)
		}
		for i := max(1, n-15); i <= n; i++ { // younger than what the next rounds delete
			it := table[fmt.Sprintf("item%s-%d", worker, i)]
			if intOf(it, "n") != i || !strings.HasPrefix(textOf(it["g"]), "after") {
				t.Errorf("worker %s: of round %d there is %s", worker, i, lineOf(it))
			}
		}
		for i := 1; i <= n-20; i++ {
			if it, there := table[fmt.Sprintf("item%s-%d", worker, i)]; there {
				t.Errorf("worker %s: the item of round %d was deleted and is there: %s", worker, i, lineOf(it))
			}
		}
	}
}

// everything reads all items of the table or an index, by key.
func everything(t *testing.T, c *dynamodb.Client, index *string) map[string]item {
	t.Helper()
	all := map[string]item{}
	pages := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{TableName: aws.String("Tortured"), IndexName: index})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			all[textOf(it["pk"])] = it
		}
	}
	return all
}
