package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	tableName = "bench"
	partition = 100 // items that share a partition key: one Query reads one partition
)

const createTable = `{"TableName":"` + tableName + `","BillingMode":"PAY_PER_REQUEST",` +
	`"AttributeDefinitions":[{"AttributeName":"owner","AttributeType":"S"},{"AttributeName":"entry","AttributeType":"S"}],` +
	`"KeySchema":[{"AttributeName":"owner","KeyType":"HASH"},{"AttributeName":"entry","KeyType":"RANGE"}]}`

var prose = strings.Repeat("lorem ipsum ", 10)

func keyFields(i int) string {
	return fmt.Sprintf(`"owner":{"S":"owner-%06d"},"entry":{"S":"entry-%08d"}`, i/partition, i)
}

// itemJSON is an item of about 1 KB as DynamoDB counts, with one attribute of most kinds.
func itemJSON(i int) string {
	var b strings.Builder
	b.WriteString("{" + keyFields(i) + `,"visits":{"N":"0"},"open":{"BOOL":` + strconv.FormatBool(i%2 == 0) + `}`)
	fmt.Fprintf(&b, `,"place":{"M":{"row":{"N":"%d"},"note":{"S":"nested"}}},"path":{"L":[{"N":"1"},{"N":"2"},{"S":"three"}]}`, i)
	b.WriteString(`,"colours":{"SS":["blue","green","red"]}`)
	for j := range 7 {
		fmt.Fprintf(&b, `,"text%d":{"S":"%s"}`, j, prose)
	}
	b.WriteString("}")
	return b.String()
}

// operation is one line of the table: how often it is called, the body of its i-th call, and what a true answer holds.
type operation struct {
	name  string
	calls int
	body  func(i int) string
	holds string
}

func operations(items int) []operation {
	// A stride that shares no factor with items visits each once, in an order the store does not keep them in.
	stride := 7919
	for items%stride == 0 {
		stride += 2
	}
	pick := func(i int) int { return i * stride % items }
	key := func(i int) string { return `{` + keyFields(i) + `}` }
	whole := items - items%partition
	return []operation{
		{name: "PutItem", calls: items, body: func(i int) string {
			return `{"TableName":"` + tableName + `","Item":` + itemJSON(pick(i)) + `}`
		}},
		{name: "GetItem", calls: items, holds: `"colours":{"SS":`, body: func(i int) string {
			return `{"TableName":"` + tableName + `","Key":` + key(pick(i)) + `}`
		}},
		{name: "UpdateItem", calls: items, holds: `"visits":{"N":"1"}`, body: func(i int) string {
			return `{"TableName":"` + tableName + `","Key":` + key(pick(i)) + `,"UpdateExpression":"SET #v = if_not_exists(#v, :none) + :one",` +
				`"ExpressionAttributeNames":{"#v":"visits"},"ExpressionAttributeValues":{":none":{"N":"0"},":one":{"N":"1"}},"ReturnValues":"UPDATED_NEW"}`
		}},
		{name: "Query", calls: max(items/20, 50), holds: `"Count":100`, body: func(i int) string {
			return fmt.Sprintf(`{"TableName":"%s","Limit":100,"KeyConditionExpression":"#o = :o","ExpressionAttributeNames":{"#o":"owner"},`+
				`"ExpressionAttributeValues":{":o":{"S":"owner-%06d"}}}`, tableName, i%(whole/partition))
		}},
		{name: "BatchWriteItem", calls: max(items/25, 20), holds: `"UnprocessedItems":{}`, body: func(i int) string {
			puts := make([]string, 25)
			for j := range puts {
				puts[j] = `{"PutRequest":{"Item":` + itemJSON((i*25+j)%items) + `}}`
			}
			return `{"RequestItems":{"` + tableName + `":[` + strings.Join(puts, ",") + `]}}`
		}},
		{name: "TransactWriteItems", calls: max(items/10, 20), body: func(i int) string {
			first := i * 4 % (items - items%4)
			head := `"TableName":"` + tableName + `","Key":`
			return `{"TransactItems":[{"Put":{"TableName":"` + tableName + `","Item":` + itemJSON(first) + `}},` +
				`{"Update":{` + head + key(first+1) + `,"UpdateExpression":"ADD visits :one","ExpressionAttributeValues":{":one":{"N":"1"}}}},` +
				`{"ConditionCheck":{` + head + key(first+2) + `,"ConditionExpression":"attribute_exists(visits)"}},` +
				`{"Update":{` + head + key(first+3) + `,"UpdateExpression":"SET #o = :yes","ExpressionAttributeNames":{"#o":"open"},"ExpressionAttributeValues":{":yes":{"BOOL":true}}}}],` +
				fmt.Sprintf(`"ClientRequestToken":"bench-%d-%d"}`, time.Now().UnixNano(), i)
		}},
	}
}

// result is what one operation cost on one server.
type result struct {
	name        string
	calls       int
	cpu         float64 // the server's own, in microseconds a call; milliseconds a whole Scan
	median, p99 time.Duration
}

// drive runs the whole workload. cpu gives the seconds of processor the server has used; check is false for the floor, whose
// answers are of the right size only.
func drive(ctx context.Context, c *client, items, clients int, cpu func() float64, check bool) ([]result, error) {
	if _, err := c.call(ctx, "CreateTable", []byte(createTable), new(bytes.Buffer)); err != nil {
		return nil, err
	}
	var results []result
	for _, op := range operations(items) {
		r, err := op.run(ctx, c, clients, cpu, check)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	r, err := scan(ctx, c, items, cpu, check)
	return append(results, r), err
}

func (op operation) run(ctx context.Context, c *client, clients int, cpu func() float64, check bool) (result, error) {
	bodies := make([][]byte, op.calls)
	for i := range bodies {
		bodies[i] = []byte(op.body(i))
	}
	took := make([]time.Duration, op.calls)
	var next atomic.Int64
	var group sync.WaitGroup
	failures := make(chan error, clients)
	before := cpu()
	for range clients {
		group.Go(func() {
			scratch := new(bytes.Buffer)
			for i := int(next.Add(1)) - 1; i < op.calls; i = int(next.Add(1)) - 1 {
				start := time.Now()
				answer, err := c.call(ctx, op.name, bodies[i], scratch)
				took[i] = time.Since(start)
				if err == nil && check && !bytes.Contains(answer, []byte(op.holds)) {
					err = fmt.Errorf("%s: an answer without %s: %.200s", op.name, op.holds, answer)
				}
				if err != nil {
					failures <- err
					return
				}
			}
		})
	}
	group.Wait()
	used := cpu() - before
	select {
	case err := <-failures:
		return result{}, err
	default:
	}
	slices.Sort(took)
	return result{name: op.name, calls: op.calls, cpu: used * 1e6 / float64(op.calls), median: took[op.calls/2], p99: took[op.calls*99/100]}, nil
}

// scans are enough for the kernel's clock, which counts processor time in ticks of 10 ms.
const scans = 10

func scan(ctx context.Context, c *client, items int, cpu func() float64, check bool) (result, error) {
	took := make([]time.Duration, scans)
	scratch := new(bytes.Buffer)
	before := cpu()
	for i := range took {
		start := time.Now()
		seen, from := 0, ""
		for {
			answer, err := c.call(ctx, "Scan", []byte(`{"TableName":"`+tableName+`"`+from+`}`), scratch)
			if err != nil {
				return result{}, err
			}
			page, err := pageOf(answer)
			if err != nil {
				return result{}, err
			}
			seen += page.Count
			if page.LastEvaluatedKey == nil {
				break
			}
			from = `,"ExclusiveStartKey":` + string(page.LastEvaluatedKey)
		}
		if check && seen != items {
			return result{}, fmt.Errorf("Scan saw %d items of %d", seen, items)
		}
		took[i] = time.Since(start)
	}
	used := cpu() - before
	slices.Sort(took)
	return result{name: "Scan, ms", calls: scans, cpu: used * 1e3 / scans, median: took[scans/2], p99: took[scans-1]}, nil
}

type scanPage struct {
	Count            int
	LastEvaluatedKey json.RawMessage
}

func pageOf(answer []byte) (scanPage, error) {
	var page scanPage
	err := json.Unmarshal(answer, &page)
	return page, err
}
