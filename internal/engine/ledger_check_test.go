package engine_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// checkLedger opens the store that a ledger was kept in and looks whether it agrees with what was acknowledged and with
// itself. claimed are the claims before the end came, later those after it: what is in both must be true.
func checkLedger(t *testing.T, o engine.Options, claimed, later map[string]string) {
	t.Helper()
	e, err := engine.Open(o)
	if err != nil {
		t.Fatalf("reopen: %v", err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	c := clientOf(e)
	if len(claimed) == 0 {
		return // not even the table was acknowledged
	}
	// The sweep goes on while the table is read, so it is waited for.
	if err := e.TendOnce(time.Now()); err != nil {
		t.Error(err)
	}
	d := ledgerSettled(t, c)
	table := ledgerItems(t, c, ledgerTable, nil)
	checkIndexes(t, c, d, table)
	if claimed["index"] != "" && later["index"] != "" && len(d.GlobalSecondaryIndexes) != 2 {
		t.Error("an acknowledged index is gone")
	}
	for w := range 3 {
		worker := strconv.Itoa(w)
		done, _ := strconv.Atoi(claimed["w"+worker])
		checkRounds(t, worker, done, table)
	}
	checkStream(t, e, d, table)
	if arn := claimed["backup"]; arn != "" && arn == later["backup"] {
		checkBackup(t, c, arn)
	}
}

// ledgerSettled waits until what was under way has been taken up and ended.
func ledgerSettled(t *testing.T, c *dynamodb.Client) *types.TableDescription {
	t.Helper()
	eventually(t, "the table active", func() bool {
		d := describe(t, c, ledgerTable)
		for _, x := range d.GlobalSecondaryIndexes {
			if x.IndexStatus != "ACTIVE" {
				return false
			}
		}
		return d.TableStatus == "ACTIVE"
	})
	return describe(t, c, ledgerTable)
}

// ledgerItems reads all items of a table or an index, by key.
func ledgerItems(t *testing.T, c *dynamodb.Client, table string, index *string) map[string]item {
	t.Helper()
	all := map[string]item{}
	pages := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{TableName: &table, IndexName: index})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			all[textOf(it["pk"])+"/"+textOf(it["sk"])] = it
		}
	}
	return all
}

func checkIndexes(t *testing.T, c *dynamodb.Client, d *types.TableDescription, table map[string]item) {
	t.Helper()
	type index struct {
		name string
		key  string // an attribute that items without are not in the index
		n    int64
	}
	list := []index{{"ByNumber", "n", *d.LocalSecondaryIndexes[0].ItemCount}}
	for _, x := range d.GlobalSecondaryIndexes {
		list = append(list, index{*x.IndexName, *x.KeySchema[0].AttributeName, *x.ItemCount})
	}
	for _, x := range list {
		entries := ledgerItems(t, c, ledgerTable, &x.name)
		want := 0
		for key, it := range table {
			if it[x.key] == nil {
				continue
			}
			want++
			if lineOf(it) != lineOf(entries[key]) {
				t.Errorf("%s is %q in the table and %q in %s", key, lineOf(it), lineOf(entries[key]), x.name)
			}
		}
		if len(entries) != want || x.n != int64(want) {
			t.Errorf("%s has %d entries and counts %d; want %d", x.name, len(entries), x.n, want)
		}
	}
	if *d.ItemCount != int64(len(table)) {
		t.Errorf("the statistics count %d items of %d", *d.ItemCount, len(table))
	}
}

// checkRounds looks for what a worker was told is done.
func checkRounds(t *testing.T, worker string, done int, table map[string]item) {
	t.Helper()
	at := func(sk string) item { return table["w"+worker+"/"+sk] }
	left, right := intOf(at("left"), "n"), intOf(at("right"), "n")
	if left != right {
		t.Errorf("worker %s: half a transaction: %d and %d", worker, left, right)
	}
	if done > 0 && left < done {
		t.Errorf("worker %s: round %d was acknowledged and round %d is the last there is", worker, done, left)
	}
	for n := 1; n <= done; n++ {
		it, batch := at(fmt.Sprintf("item-%06d", n)), at(fmt.Sprintf("batch-%06d", n))
		switch {
		case n > left+1-kept && (intOf(it, "n") != n || intOf(batch, "n") != n || !strings.HasPrefix(textOf(it["g"]), "after")):
			t.Errorf("worker %s: of round %d there is %q and %q", worker, n, lineOf(it), lineOf(batch))
		case n <= done-kept && (it != nil || batch != nil):
			t.Errorf("worker %s: the items of round %d were deleted and are there: %q and %q", worker, n, lineOf(it), lineOf(batch))
		}
		if gone := at(fmt.Sprintf("gone-%06d", n)); gone != nil {
			t.Errorf("worker %s: an expired item of round %d is there after a sweep", worker, n)
		}
	}
}

// checkStream replays the stream from its beginning: each record's old image is what the records before made of the item,
// and in the end they have made the table.
func checkStream(t *testing.T, e *engine.Engine, d *types.TableDescription, table map[string]item) {
	t.Helper()
	s := streamsOf(e)
	made := map[string]string{}
	last, told := "", 0
	for _, h := range shardsOf(t, s, *d.LatestStreamArn) {
		records, _ := follow(t, s, iteratorAt(t, s, *d.LatestStreamArn, h.ShardId, "TRIM_HORIZON", nil))
		for _, r := range records {
			told++
			key := streamLine(r.Dynamodb.Keys)
			if before := streamLine(r.Dynamodb.OldImage); before != made[key] {
				t.Fatalf("record %d of %s begins with %q, and the one before left %q", told, key, before, made[key])
			}
			if *r.Dynamodb.SequenceNumber <= last {
				t.Fatalf("record %d has the number %s after %s", told, *r.Dynamodb.SequenceNumber, last)
			}
			last = *r.Dynamodb.SequenceNumber
			if made[key] = streamLine(r.Dynamodb.NewImage); made[key] == "" {
				delete(made, key)
			}
		}
	}
	for _, it := range table {
		key := lineOf(item{"pk": it["pk"], "sk": it["sk"]})
		if made[key] != lineOf(it) {
			t.Errorf("the stream makes %q of %s, the table has %q", made[key], key, lineOf(it))
		}
	}
	if len(made) != len(table) {
		t.Errorf("the stream makes %d items, the table has %d", len(made), len(table))
	}
}

func streamLine(it map[string]streamtypes.AttributeValue) string {
	plain := item{}
	for name, v := range it {
		switch v := v.(type) {
		case *streamtypes.AttributeValueMemberS:
			plain[name] = str(v.Value)
		case *streamtypes.AttributeValueMemberN:
			plain[name] = num(v.Value)
		}
	}
	return lineOf(plain)
}

// checkBackup restores an acknowledged backup: it is a state the table had, with no half transaction in it.
func checkBackup(t *testing.T, c *dynamodb.Client, arn string) {
	t.Helper()
	out, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &arn})
	if err != nil || out.BackupDescription.BackupDetails.BackupStatus == "DELETED" {
		t.Errorf("an acknowledged backup: %+v, %v", out, err)
		return
	}
	eventually(t, "the backup", func() bool {
		out, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &arn})
		return err == nil && out.BackupDescription.BackupDetails.BackupStatus == "AVAILABLE"
	})
	if _, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{TargetTableName: aws.String("Restored"), BackupArn: &arn}); err != nil {
		t.Errorf("restoring an acknowledged backup: %v", err)
		return
	}
	d := waitActive(t, c, "Restored")
	restored := ledgerItems(t, c, "Restored", nil)
	if *d.ItemCount != int64(len(restored)) {
		t.Errorf("the restored table counts %d items of %d", *d.ItemCount, len(restored))
	}
	for w := range 3 {
		worker := "w" + strconv.Itoa(w)
		if left, right := intOf(restored[worker+"/left"], "n"), intOf(restored[worker+"/right"], "n"); left != right {
			t.Errorf("half a transaction in a backup: %d and %d", left, right)
		}
	}
	deleteTable(t, c, "Restored")
}
