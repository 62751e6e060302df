package engine_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// A counted call is one whose cost is held by counts, which do not depend on how busy the machine is.
type countedCall struct {
	name, action, body string

	allocations float64      // at most, request and response included
	work        storage.Work // exactly
}

const firstPartition = `"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"part#000001"}}`

func countedCalls() []countedCall {
	key := func(i int) string { return `{"TableName":"bench","Key":` + keyJSON(i) }
	list := func(n int, format func(i int) string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = format(i)
		}
		return strings.Join(parts, ",")
	}
	put := func(i int) string { return `{"TableName":"bench","Item":` + itemJSON(i) + `}` }
	return []countedCall{
		{"GetItem", "GetItem", key(7) + `}`, 26, storage.Work{Gets: 1}},
		{"PutItem", "PutItem", put(7), 29, storage.Work{Gets: 1}},
		{"DeleteItem", "DeleteItem", `{"TableName":"bench","Key":` + strings.ReplaceAll(keyJSON(7), "item#", "none#") + `}`, 29, storage.Work{Gets: 1}},
		{
			"UpdateItem", "UpdateItem", key(7) + `,"UpdateExpression":"SET #c = #c + :one","ExpressionAttributeNames":{"#c":"counter"},"ExpressionAttributeValues":{":one":{"N":"1"}}}`,
			66,
			storage.Work{Gets: 1},
		},
		{"Query of a partition", "Query", `{"TableName":"bench",` + firstPartition + `}`, 54, storage.Work{Seeks: 1, Steps: 100}},
		{"Query of ten", "Query", `{"TableName":"bench","Limit":10,` + firstPartition + `}`, 67, storage.Work{Seeks: 1, Steps: 9}},
		{
			"Query that goes on, backwards", "Query",
			`{"TableName":"bench","Limit":10,"ScanIndexForward":false,"ExclusiveStartKey":` + keyJSON(150) + `,` + firstPartition + `}`,
			80,
			storage.Work{Seeks: 1, Steps: 9},
		},
		{"Scan of ten", "Scan", `{"TableName":"bench","Limit":10}`, 45, storage.Work{Seeks: 1, Steps: 9}},
		{
			"Scan of a segment that goes on", "Scan", `{"TableName":"bench","Limit":10,"Segment":0,"TotalSegments":1,"ExclusiveStartKey":` + keyJSON(150) + `}`,
			61,
			storage.Work{Seeks: 1, Steps: 10},
		},
		{
			"BatchGetItem of 25", "BatchGetItem", `{"RequestItems":{"bench":{"Keys":[` + list(25, func(i int) string { return keyJSON(i * 7) }) + `]}}}`,
			302,
			storage.Work{Gets: 25},
		},
		{
			"BatchWriteItem of 25", "BatchWriteItem",
			`{"RequestItems":{"bench":[` + list(25, func(i int) string { return `{"PutRequest":{"Item":` + itemJSON(i*7) + `}}` }) + `]}}`,
			282,
			storage.Work{Gets: 25},
		},
		{
			"TransactGetItems of 4", "TransactGetItems",
			`{"TransactItems":[` + list(4, func(i int) string { return `{"Get":` + key(i*7) + `}}` }) + `]}`, 99,
			storage.Work{Gets: 4},
		},
		{
			"TransactWriteItems of 4", "TransactWriteItems", `{"TransactItems":[` + list(4, func(i int) string { return `{"Put":` + put(i*7) + `}` }) + `]}`,
			108,
			storage.Work{Gets: 4},
		},
		{ // which has been answered before: its parameters are compared
			"TransactWriteItems of 4 with a token", "TransactWriteItems",
			`{"ClientRequestToken":"again","TransactItems":[` + list(4, func(i int) string { return `{"Put":` + put(i*7) + `}` }) + `]}`,
			252,
			storage.Work{Gets: 5, Seeks: 1},
		},
	}
}

// TestAllocations holds single calls to a number of allocations.
func TestAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector makes pools forget at random")
	}
	for _, disk := range []bool{false, true} {
		o := engine.Options{}
		if disk {
			o.Dir = t.TempDir()
		}
		_, h := loadedWith(t, o, 500)
		for _, c := range countedCalls() {
			got := testing.AllocsPerRun(50, func() { send(t, h, c.action, c.body) })
			t.Logf("%s, on disk %t: %v allocations", c.name, disk, got)
			if got > c.allocations {
				t.Errorf("%s, on disk %t, takes %v allocations, at most %v are expected: see BenchmarkEngine for where they come from", c.name, disk, got, c.allocations)
			}
		}
	}
}

// TestReadsDoNotGrowWithTheTable counts what single calls read from the store: the same in a table ten times as large.
func TestReadsDoNotGrowWithTheTable(t *testing.T) {
	for _, items := range []int{500, 5000} {
		e, h := loadedWith(t, engine.Options{}, items)
		for _, c := range countedCalls() {
			if got := workOf(t, e, h, c.action, c.body); got != c.work {
				t.Errorf("%s among %d items reads %+v, want %+v", c.name, items, got, c.work)
			}
		}
	}
}

// workOf is what one call reads from the store.
func workOf(t *testing.T, e *engine.Engine, h http.Handler, action, body string) storage.Work {
	t.Helper()
	before := e.Work()
	send(t, h, action, body)
	after := e.Work()
	return storage.Work{Gets: after.Gets - before.Gets, Seeks: after.Seeks - before.Seeks, Steps: after.Steps - before.Steps}
}

// TestWorkOfIndexes counts what is read for indexes, and by the sweep of a table with time to live.
func TestWorkOfIndexes(t *testing.T) {
	for _, items := range []int{300, 3000} {
		e, err := engine.Open(engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Close() })
		h := e.Handler()
		send(t, h, "CreateTable", `{"TableName":"bench","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},`+
			`{"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"counter","AttributeType":"N"},{"AttributeName":"f1","AttributeType":"S"}],`+
			`"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],`+
			`"GlobalSecondaryIndexes":[{"IndexName":"ByText","KeySchema":[{"AttributeName":"f1","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}],`+
			`"LocalSecondaryIndexes":[{"IndexName":"ByCounter","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"counter","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]}`)
		send(t, h, "UpdateTimeToLive", `{"TableName":"bench","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"expires"}}`)
		put := func(i int) string { return `{"TableName":"bench","Item":` + itemJSON(i) + `}` }
		for i := range items {
			send(t, h, "PutItem", put(i))
		}
		g := `{"TableName":"bench","IndexName":"ByText","Limit":10,"KeyConditionExpression":"f1 = :f","ExpressionAttributeValues":{":f":{"S":"` + strings.Repeat("x", 120) + `"}}}`
		l := `{"TableName":"bench","IndexName":"ByCounter","Limit":10,` + firstPartition
		for _, c := range []countedCall{
			{name: "a put", action: "PutItem", body: put(7), work: storage.Work{Gets: 1}},
			{name: "a page of a global index", action: "Query", body: g, work: storage.Work{Seeks: 1, Steps: 9}},
			{name: "a page of a local index", action: "Query", body: l + `}`, work: storage.Work{Seeks: 1, Steps: 9}},
			{name: "with what only the table has", action: "Query", body: l + `,"Select":"ALL_ATTRIBUTES"}`, work: storage.Work{Gets: 10, Seeks: 1, Steps: 9}},
		} {
			if got := workOf(t, e, h, c.action, c.body); got != c.work {
				t.Errorf("%s among %d items reads %+v, want %+v", c.name, items, got, c.work)
			}
		}
		before := e.Work()
		if err := e.TendOnce(time.Now()); err != nil {
			t.Fatal(err)
		}
		if after := e.Work(); after.Gets+after.Seeks+after.Steps > before.Gets+before.Seeks+before.Steps+5 {
			t.Errorf("a sweep with nothing to do among %d items reads %+v after %+v", items, after, before)
		}
	}
}
