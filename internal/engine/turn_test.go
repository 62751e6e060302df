package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/room"
)

// readEngine is an engine with a table, its stream and a vector index, and a hundred items in two partitions, each longer than needs no room.
func readEngine(t *testing.T) *Engine {
	t.Helper()
	e, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	do := func(operation, body string) {
		t.Helper()
		if status, got := askWith(t.Context(), e, operation, strings.NewReader(body)); status != http.StatusOK {
			t.Fatal(got)
		}
	}
	do("CreateTable", `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},
		"LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}],
		"VectorIndexes":[{"IndexName":"vec","VectorAttribute":{"AttributeName":"v"},"Dimensions":1,"DistanceFunction":"EUCLIDEAN","Projection":{"ProjectionType":"ALL"}}]}`)
	for i := range 100 {
		do("PutItem", fmt.Sprintf(`{"TableName":"abc","Item":{"p":{"S":"p%d"},"s":{"S":"%03d"},"v":{"L":[{"N":"%d"}]},"t":{"S":"%s"}}}`, i%2, i, i, strings.Repeat("x", 4000)))
	}
	return e
}

// askWith sends a request with a body, which may know of room.
func askWith(ctx context.Context, e *Engine, operation string, body io.Reader) (int, string) {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", body)
	if b, ok := body.(io.ReadCloser); ok {
		r.Body = b
	}
	r.Header.Set("X-Amz-Target", targetDynamo+operation)
	if operation == "GetRecords" || operation == "GetShardIterator" || operation == "ListStreams" || operation == "DescribeStream" {
		r.Header.Set("X-Amz-Target", targetStreams+operation)
	}
	w := httptest.NewRecorder()
	e.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// costly is a filter of so many operators that a few rows are a slice.
func costly() string {
	return strings.Repeat("contains(t,:y) OR ", 100) + "contains(t,:x)"
}

// largeReads are reads whose answers are longer than needs no room, and that look at rows for more than a slice where they have a filter.
func largeReads(t *testing.T, e *Engine) map[string]string {
	t.Helper()
	values := `"ExpressionAttributeValues":{":x":{"S":"xx"},":y":{"S":"y"}}`
	query := strings.Replace(values, `{":x"`, `{":p":{"S":"p1"},":x"`, 1)
	keys := make([]string, 100)
	for i := range keys {
		keys[i] = fmt.Sprintf(`{"p":{"S":"p%d"},"s":{"S":"%03d"}}`, i%2, i)
	}
	field := func(operation, body, name string) string {
		t.Helper()
		_, got := askWith(t.Context(), e, operation, strings.NewReader(body))
		_, rest, _ := strings.Cut(got, `"`+name+`":"`)
		value, _, ok := strings.Cut(rest, `"`)
		if !ok {
			t.Fatal(got)
		}
		return value
	}
	arn := field("ListStreams", `{}`, "StreamArn")
	shard := field("DescribeStream", `{"StreamArn":"`+arn+`"}`, "ShardId")
	iterator := field("GetShardIterator", `{"StreamArn":"`+arn+`","ShardId":"`+shard+`","ShardIteratorType":"TRIM_HORIZON"}`, "ShardIterator")
	return map[string]string{
		"Scan":                          `{"TableName":"abc"}`,
		"Scan, filtered":                `{"TableName":"abc","FilterExpression":"` + costly() + `",` + values + `}`,
		"Scan, nothing found":           `{"TableName":"abc","FilterExpression":"NOT (` + costly() + `)",` + values + `}`,
		"Scan, COUNT":                   `{"TableName":"abc","Select":"COUNT","FilterExpression":"` + costly() + `",` + values + `}`,
		"Query":                         `{"TableName":"abc","KeyConditionExpression":"p=:p","ExpressionAttributeValues":{":p":{"S":"p0"}}}`,
		"Query, backwards and filtered": `{"TableName":"abc","ScanIndexForward":false,"KeyConditionExpression":"p=:p","FilterExpression":"` + costly() + `",` + query + `}`,
		"Query, fetched":                `{"TableName":"abc","IndexName":"local","Select":"ALL_ATTRIBUTES","ReturnConsumedCapacity":"INDEXES","KeyConditionExpression":"p=:p","ExpressionAttributeValues":{":p":{"S":"p0"}}}`,
		"ExecuteStatement":              `{"Statement":"SELECT * FROM abc WHERE p IN ['p0','p1']"}`,
		"BatchGetItem":                  `{"RequestItems":{"abc":{"Keys":[` + strings.Join(keys, ",") + `]}}}`,
		"TransactGetItems":              `{"TransactItems":[{"Get":{"TableName":"abc","Key":` + strings.Join(keys, `}},{"Get":{"TableName":"abc","Key":`) + `}}]}`,
		"SearchVectors":                 `{"TableName":"abc","IndexName":"vec","SearchVector":[{"N":"3"}],"TopK":50}`,
		"GetRecords":                    `{"ShardIterator":"` + iterator + `"}`,
	}
}

// roomy is a body that has room, after a wait.
type roomy struct {
	io.Reader
	asked []int64
}

func (*roomy) Close() error { return nil }

func (r *roomy) NeedRoom(bytes int64, pause func()) error {
	r.asked = append(r.asked, bytes)
	if pause != nil {
		pause()
	}
	return nil
}

// TestReadsPauseForRoom holds that reads with large answers ask for room once, close what they read by while they wait, and answer as without a wait.
func TestReadsPauseForRoom(t *testing.T) {
	e := readEngine(t)
	for name, body := range largeReads(t, e) {
		operation, _, _ := strings.Cut(name, ",")
		status, want := askWith(t.Context(), e, operation, strings.NewReader(body))
		if status != http.StatusOK {
			t.Errorf("%s: %s", name, want)
		}
		r := &roomy{Reader: strings.NewReader(body)}
		_, got := askWith(t.Context(), e, operation, r)
		if operation == "GetRecords" { // the next iterator is another one
			got, want, _ = strings.Cut(got+want, `"NextShardIterator"`)
			_, want, _ = strings.Cut(want, `{"Records"`)
			want, _, _ = strings.Cut(`{"Records"`+want, `"NextShardIterator"`)
		}
		if got != want {
			t.Errorf("%s: %d bytes with a wait, %d without: %.300s", name, len(got), len(want), got)
		}
		small := len(want) <= FreeAnswer
		if asked := len(r.asked); small && asked > 0 || !small && asked == 0 || asked > 1 && operation != "SearchVectors" {
			t.Errorf("%s: room was asked for as %d, for %d bytes", name, r.asked, len(want))
		}
	}
}

// TestReadsTakeTurns carries out costly reads at once in one place: each gives its turn up to the others and answers as if it were alone.
func TestReadsTakeTurns(t *testing.T) {
	e := readEngine(t)
	e.turns = turns{room.Of(1), room.Of(2)}
	var costlyReads, wants []string
	for name, body := range largeReads(t, e) {
		if strings.Contains(body, "contains") {
			costlyReads = append(costlyReads, name+"|"+body)
		}
	}
	alone := e.store.Work().Seeks
	for _, read := range costlyReads {
		name, body, _ := strings.Cut(read, "|")
		operation, _, _ := strings.Cut(name, ",")
		_, want := askWith(t.Context(), e, operation, strings.NewReader(body))
		wants = append(wants, want)
	}
	alone = e.store.Work().Seeks - alone
	if err := e.turns.processors.Take(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	before := e.store.Work().Seeks
	var wg sync.WaitGroup
	for i, read := range costlyReads {
		wg.Go(func() {
			name, body, _ := strings.Cut(read, "|")
			operation, _, _ := strings.Cut(name, ",")
			if _, got := askWith(t.Context(), e, operation, strings.NewReader(body)); got != wants[i] {
				t.Errorf("%s: %d bytes among others, %d alone", name, len(got), len(wants[i]))
			}
		})
	}
	for end := time.Now().Add(time.Minute); e.store.Work().Seeks-before < int64(len(costlyReads)); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not all reads wait for their turn")
		}
	}
	// While the only place is taken, what is no costly read is answered.
	for operation, body := range map[string]string{
		"GetItem": `{"TableName":"abc","Key":{"p":{"S":"p0"},"s":{"S":"000"}}}`,
		"PutItem": `{"TableName":"abc","Item":{"p":{"S":"other"},"s":{"S":"000"}}}`,
		"Query":   `{"TableName":"abc","KeyConditionExpression":"p=:p","FilterExpression":"t=:p","ExpressionAttributeValues":{":p":{"S":"p0"}}}`,
	} {
		if status, got := askWith(t.Context(), e, operation, strings.NewReader(body)); status != http.StatusOK {
			t.Errorf("%s while others wait for their turn: %d %s", operation, status, got)
		}
	}
	if status, got := askWith(t.Context(), e, "DeleteItem", strings.NewReader(`{"TableName":"abc","Key":{"p":{"S":"other"},"s":{"S":"000"}}}`)); status != http.StatusOK {
		t.Error(got)
	}
	e.turns.processors.Give(1)
	wg.Wait()
	if seeks := e.store.Work().Seeks - before; seeks <= alone+2*int64(len(costlyReads)) {
		t.Errorf("%d seeks for reads at once, %d one after the other: none gave its turn up", seeks, alone)
	}
	if free, long := e.turns.processors.Free(), e.turns.long.Free(); free != 1 || long != 2 {
		t.Errorf("%d and %d places at the end", free, long)
	}
}

// TestLongReadsWaitForEachOther holds that one who has worked for long waits until another long one has ended, unless it has room for its answer, and that one
// who waits and whose caller has gone is told so.
func TestLongReadsWaitForEachOther(t *testing.T) {
	e := &Engine{turns: turns{room.Of(3), room.Of(1)}}
	gone, cancel := context.WithCancel(t.Context())
	first, second, third := &call{e: e, ctx: t.Context()}, &call{e: e, ctx: gone}, &call{e: e, ctx: t.Context(), room: 1}
	var a, b, d turn
	for range long - 1 {
		for c, turn := range map[*call]*turn{first: &a, second: &b} {
			if err := turn.work(c, slice, 0, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := a.work(first, slice/4, 3, nil); err != nil || !a.long {
		t.Fatalf("the first long one: %v, %+v", err, a)
	}
	for range 2 * long {
		if err := d.work(third, slice, 0, nil); err != nil || d.long {
			t.Fatalf("one that has room: %v, %+v", err, d)
		}
		d.end(third)
	}
	paused := pausingFunc(cancel)
	if err := b.work(second, slice, 0, paused); err == nil || b.taken || b.long {
		t.Errorf("the second long one: %v, %+v", err, b)
	}
	a.end(first)
	if processors, long := e.turns.processors.Free(), e.turns.long.Free(); processors != 3 || long != 1 {
		t.Errorf("%d and %d places at the end", processors, long)
	}
}

type pausingFunc func()

func (p pausingFunc) pause() { p() }

// leaving is a context whose caller goes away when it has been asked for so many times.
type leaving struct {
	context.Context
	stays int
}

func (l *leaving) Err() error {
	if l.stays--; l.stays < 0 {
		return context.Canceled
	}
	return nil
}

// TestReadsEndWithTheirCaller holds that reads of many items stop in the midst when their caller has gone.
func TestReadsEndWithTheirCaller(t *testing.T) {
	e := readEngine(t)
	statements := make([]string, 25)
	for i := range statements {
		statements[i] = fmt.Sprintf(`{"Statement":"SELECT * FROM abc WHERE p='p%d' AND s='%03d'"}`, i%2, i)
	}
	reads := largeReads(t, e)
	reads["BatchExecuteStatement"] = `{"Statements":[` + strings.Join(statements, ",") + `]}`
	for name, body := range reads {
		if slices.Contains([]string{"Scan", "Query", "Query, fetched", "ExecuteStatement", "SearchVectors", "GetRecords"}, name) {
			continue // less than a slice
		}
		operation, _, _ := strings.Cut(name, ",")
		before := e.store.Work()
		_, _ = askWith(&leaving{t.Context(), 3}, e, operation, strings.NewReader(body))
		after := e.store.Work()
		if looked := after.Gets - before.Gets + after.Steps - before.Steps; looked > 30 {
			t.Errorf("%s looked at %d rows after its caller had gone", name, looked)
		}
	}
}

// TestTransactionsTakeRoomForWhatTheyShow holds that a transaction of many checks takes room for all the items that it may answer with before it loads them.
func TestTransactionsTakeRoomForWhatTheyShow(t *testing.T) {
	e := readEngine(t)
	text := strings.Repeat("x", 100_000)
	checks := make([]string, 20)
	for i := range checks {
		put := fmt.Sprintf(`{"TableName":"abc","Item":{"p":{"S":"large"},"s":{"S":"%d"},"t":{"S":"%s"}}}`, i, text)
		if status, got := askWith(t.Context(), e, "PutItem", strings.NewReader(put)); status != http.StatusOK {
			t.Fatal(got)
		}
		checks[i] = fmt.Sprintf(`{"ConditionCheck":{"TableName":"abc","Key":{"p":{"S":"large"},"s":{"S":"%d"}},"ConditionExpression":"attribute_not_exists(p)","ReturnValuesOnConditionCheckFailure":"ALL_OLD"}}`, i)
	}
	body := `{"TransactItems":[` + strings.Join(checks, ",") + `]}`
	r := &roomy{Reader: strings.NewReader(body)}
	status, got := askWith(t.Context(), e, "TransactWriteItems", r)
	if status != http.StatusBadRequest || strings.Count(got, text) != len(checks) {
		t.Fatalf("%d %.300s", status, got)
	}
	if len(r.asked) != 1 || r.asked[0] < 2*int64(len(checks)*len(text)) || r.asked[0] > int64(3*len(got)) {
		t.Errorf("room was asked for as %d, for %d bytes", r.asked, len(got))
	}
	r = &roomy{Reader: strings.NewReader(strings.ReplaceAll(body, "ALL_OLD", "NONE"))}
	if _, got := askWith(t.Context(), e, "TransactWriteItems", r); len(r.asked) > 0 || len(got) > FreeAnswer {
		t.Errorf("room was asked for as %d, for %d bytes", r.asked, len(got))
	}
	key := `{"TableName":"abc","Key":{"p":{"S":"small"},"s":{"S":"0"}},"ReturnValues":"ALL_NEW","UpdateExpression":"SET `
	grow := key + `a=:t,b=:t,c=:t","ExpressionAttributeValues":{":t":{"S":"` + text + `"}}}`
	for range 2 { // of a new item, and of one that is there
		r = &roomy{Reader: strings.NewReader(grow)}
		if status, got := askWith(t.Context(), e, "UpdateItem", r); status != http.StatusOK || len(r.asked) != 1 || r.asked[0] < int64(len(got)) {
			t.Errorf("%d: room was asked for as %d, for %d bytes", status, r.asked, len(got))
		}
	}
	for _, values := range []string{"ALL_OLD", "UPDATED_NEW", "NONE"} {
		r = &roomy{Reader: strings.NewReader(strings.Replace(key, "ALL_NEW", values, 1) + `n=:n","ExpressionAttributeValues":{":n":{"N":"1"}}}`)}
		if status, got := askWith(t.Context(), e, "UpdateItem", r); status != http.StatusOK || (len(r.asked) == 0) != (values == "NONE") {
			t.Errorf("%s: room was asked for as %d, for %d bytes", values, r.asked, len(got))
		}
	}
	if free := e.largeItems.Free(); free != largeItems {
		t.Errorf("%d bytes free at the end", free)
	}
}

// TestNoRoomForAnItem holds that nothing is done when there is no room for the answer.
func TestNoRoomForAnItem(t *testing.T) {
	e := readEngine(t)
	text := strings.Repeat("x", 100_000)
	body := `{"TableName":"abc","Key":{"p":{"S":"small"},"s":{"S":"0"}},"ReturnValues":"ALL_NEW","UpdateExpression":"SET a=:t","ExpressionAttributeValues":{":t":{"S":"` + text + `"}}}`
	if status, got := askWith(t.Context(), e, "UpdateItem", full{strings.NewReader(body)}); status != http.StatusServiceUnavailable {
		t.Errorf("%d %.300s", status, got)
	}
	if _, got := askWith(t.Context(), e, "GetItem", strings.NewReader(`{"TableName":"abc","Key":{"p":{"S":"small"},"s":{"S":"0"}}}`)); got != "{}" {
		t.Errorf("the update was done: %.300s", got)
	}
}

// full is a body without room.
type full struct{ io.Reader }

func (full) Close() error { return nil }

func (full) NeedRoom(int64, func()) error { return errors.Join(room.ErrBusy) }
