package mcp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
)

// library is a table with an index and n items of about 1 KB each.
func library(t *testing.T, c *client.Client, n int) {
	t.Helper()
	const books = `{"table_name":"books","billing_mode":"PAY_PER_REQUEST",
		"attribute_definitions":[{"AttributeName":"shelf","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"},{"AttributeName":"author","AttributeType":"S"}],
		"key_schema":[{"AttributeName":"shelf","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],
		"global_secondary_indexes":[{"IndexName":"ByAuthor","KeySchema":[{"AttributeName":"author","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`
	if result := callTool(t.Context(), t, c, "create_table", books); result.IsError {
		t.Fatal(textOf(t, result))
	}
	for i := range n {
		put := fmt.Sprintf(`{"table_name":"books","item":{"shelf":{"S":"a"},"n":{"N":"%d"},"author":{"S":"x"},"price":{"N":"12345678901234567890.123456789"},"text":{"S":%q},"tags":{"SS":["a","b"]}}}`, i, strings.Repeat("w", 900))
		if result := callTool(t.Context(), t, c, "put_item", put); result.IsError {
			t.Fatal(textOf(t, result))
		}
	}
}

// page is a result of query or scan with typed items.
type page struct {
	Items            []map[string]map[string]any
	Count            int
	LastEvaluatedKey json.RawMessage
	Truncated        bool
	Hint             string
}

func readPage(t *testing.T, c *client.Client, tool, args string) (page, string) {
	t.Helper()
	result := callTool(t.Context(), t, c, tool, args)
	text := textOf(t, result)
	var p page
	if err := json.Unmarshal([]byte(text), &p); err != nil || result.IsError {
		t.Fatalf("%s %s: %v in %.300s", tool, args, err, text)
	}
	return p, text
}

// TestPagesAreCutToFit reads all items through pages that are each cut to the limit, from the table and from an index: none is
// lost, none comes twice, and no result is larger than allowed.
func TestPagesAreCutToFit(t *testing.T) {
	const limit, items = 10_000, 60
	c := localClient(t, func(o *Options) { o.MaxResultBytes = limit })
	library(t, c, items)
	for _, k := range []struct{ tool, args string }{
		{"scan", `"table_name":"books"`},
		{"query", `"table_name":"books","key_condition_expression":"shelf = :s","expression_attribute_values":{":s":{"S":"a"}}`},
		{"query", `"table_name":"books","index_name":"ByAuthor","key_condition_expression":"author = :s","expression_attribute_values":{":s":{"S":"x"}}`},
	} {
		seen, cuts := map[any]bool{}, 0
		for start := ""; ; {
			p, text := readPage(t, c, k.tool, "{"+k.args+start+"}")
			if len(text) > limit {
				t.Fatalf("%s: a result of %d bytes", k.args, len(text))
			}
			for _, it := range p.Items {
				n := it["n"]["N"]
				if seen[n] {
					t.Fatalf("%s: item %v twice", k.args, n)
				}
				seen[n] = true
			}
			if p.Truncated {
				cuts++
				if !strings.Contains(p.Hint, "projection_expression") || p.Count != len(p.Items) {
					t.Errorf("%s: %d items, count %d, hint %q", k.args, len(p.Items), p.Count, p.Hint)
				}
			}
			if len(p.LastEvaluatedKey) == 0 || string(p.LastEvaluatedKey) == "null" {
				break
			}
			start = `,"exclusive_start_key":` + string(p.LastEvaluatedKey)
		}
		if len(seen) != items || cuts < 3 {
			t.Errorf("%s: %d items in pages cut %d times", k.args, len(seen), cuts)
		}
	}
}

func TestPlainItems(t *testing.T) {
	c := localClient(t, func(o *Options) { o.Toolsets = []string{toolsetAll} })
	library(t, c, 20)
	typed := textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"books","projection_expression":"shelf, n, author, price, tags"}`))
	plain := textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"books","projection_expression":"shelf, n, author, price, tags","format":"plain"}`))
	if 2*len(plain) > len(typed) {
		t.Errorf("plain takes %d bytes, typed %d: half is promised", len(plain), len(typed))
	}
	for _, want := range []string{`"price":12345678901234567890.123456789`, `"tags":{"SS":["a","b"]}`, `"Count":20`, `"LastEvaluatedKey":null`} {
		if !strings.Contains(plain, want) {
			t.Errorf("no %s in %.400s", want, plain)
		}
	}
	one := textOf(t, callTool(t.Context(), t, c, "get_item", `{"table_name":"books","key":{"shelf":{"S":"a"},"n":{"N":"1"}},"projection_expression":"n","format":"plain"}`))
	if !strings.Contains(one, `"Item":{"n":1}`) {
		t.Errorf("one item: %s", one)
	}
	for tool, args := range map[string]string{
		"batch_get_item":          `{"request_items":{"books":{"Keys":[{"shelf":{"S":"a"},"n":{"N":"1"}}],"ProjectionExpression":"n, price"}},"format":"plain"}`,
		"transact_get_items":      `{"transact_items":[{"Get":{"TableName":"books","Key":{"shelf":{"S":"a"},"n":{"N":"1"}},"ProjectionExpression":"n, price"}}],"format":"plain"}`,
		"execute_statement":       `{"statement":"SELECT n, price FROM books WHERE shelf='a' AND n=1","format":"plain"}`,
		"batch_execute_statement": `{"statements":[{"Statement":"SELECT n, price FROM books WHERE shelf='a' AND n=1"}],"format":"plain"}`,
		"execute_transaction":     `{"transact_statements":[{"Statement":"SELECT n, price FROM books WHERE shelf='a' AND n=1"}],"format":"plain"}`,
	} {
		result := callTool(t.Context(), t, c, tool, args)
		if text := textOf(t, result); result.IsError || !strings.Contains(text, `{"n":1,"price":12345678901234567890.123456789}`) {
			t.Errorf("%s: %s", tool, text)
		}
	}
	p, _ := readPage(t, c, "scan", `{"table_name":"books","limit":3,"max_items":"7"}`)
	if len(p.Items) != 7 || p.Count != 7 || string(p.LastEvaluatedKey) == "null" {
		t.Errorf("max_items 7 with pages of 3: %d items, count %d, key %s", len(p.Items), p.Count, p.LastEvaluatedKey)
	}
	for args, want := range map[string]string{
		`{"table_name":"books","format":"yaml"}`: "typed (DynamoDB JSON) or plain", `{"table_name":"books","max_items":0}`: "1 or more", `{"table_name":"books","max_items":"x"}`: "1 or more",
	} {
		if result := callTool(t.Context(), t, c, "scan", args); !result.IsError || !strings.Contains(textOf(t, result), want) {
			t.Errorf("%s: %s", args, textOf(t, result))
		}
	}
}

// Nothing beyond max_items is read where each item that is read is given.
func TestMaxItemsReadsNoMore(t *testing.T) {
	c := localClient(t, nil)
	library(t, c, 40)
	for args, want := range map[string]string{
		`{"table_name":"books","max_items":4}`: `"CapacityUnits": 0.5`,
		`{"table_name":"books","max_items":4,"filter_expression":"author = :a","expression_attribute_values":{":a":{"S":"x"}}}`: `"CapacityUnits": 5`,
	} {
		if _, text := readPage(t, c, "scan", args); !strings.Contains(text, want) || !strings.Contains(text, `"Count": 4`) {
			t.Errorf("%s: no %s in %s", args, want, text)
		}
	}
	if _, text := readPage(t, c, "query", `{"table_name":"books","key_condition_expression":"shelf = :s","expression_attribute_values":{":s":{"S":"none"}},"max_items":4}`); !strings.Contains(text, `"Items": []`) {
		t.Errorf("no items: %s", text)
	}
}

// TestMaxItemsLosesNothing goes on from one call to the next, where a call takes only a part of the service's page.
func TestMaxItemsLosesNothing(t *testing.T) {
	c := localClient(t, func(o *Options) { o.MaxResultBytes = 0 })
	library(t, c, 40)
	const all = `"expression_attribute_values":{":s":{"S":"%s"}}`
	for _, k := range []struct{ tool, args string }{
		{"scan", `"table_name":"books"`},
		{"scan", `"table_name":"books","index_name":"ByAuthor"`},
		{"scan", `"table_name":"books","filter_expression":"author = :s",` + fmt.Sprintf(all, "x")},
		{"query", `"table_name":"books","scan_index_forward":false,"key_condition_expression":"shelf = :s",` + fmt.Sprintf(all, "a")},
		{"query", `"table_name":"books","index_name":"ByAuthor","limit":9,"key_condition_expression":"author = :s",` + fmt.Sprintf(all, "x")},
	} {
		seen, from := map[string]bool{}, ""
		for calls := 0; ; calls++ {
			p, text := readPage(t, c, k.tool, "{"+k.args+`,"max_items":7`+from+"}")
			if len(p.Items) > 7 || p.Count != len(p.Items) || calls > 10 {
				t.Fatalf("%s %s: %d items, call %d: %.300s", k.tool, k.args, len(p.Items), calls, text)
			}
			for _, item := range p.Items {
				n, _ := item["n"]["N"].(string)
				if seen[n] {
					t.Errorf("%s %s: item %s came twice", k.tool, k.args, n)
				}
				seen[n] = true
			}
			if string(p.LastEvaluatedKey) == "null" {
				break
			}
			from = `,"exclusive_start_key":` + string(p.LastEvaluatedKey)
		}
		if len(seen) != 40 {
			t.Errorf("%s %s: %d of 40 items", k.tool, k.args, len(seen))
		}
	}
	if p, text := readPage(t, c, "scan", `{"table_name":"books","select":"COUNT","max_items":3}`); p.Count != 40 {
		t.Errorf("a count of 40 items with max_items: %s", text)
	}
	result := callTool(t.Context(), t, c, "scan", `{"table_name":"books","projection_expression":"author","filter_expression":"n >= :n","expression_attribute_values":{":n":{"N":"0"}},"max_items":3}`)
	if text := textOf(t, result); !result.IsError || !strings.Contains(text, "because the projection leaves out") {
		t.Errorf("items without a key to go on from: %s", text)
	}
}

// What cannot be cut is refused with what would make it smaller; a write is done, and says so without its answer.
func TestWhatCannotBeCut(t *testing.T) {
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = 600, []string{toolsetAll} })
	library(t, c, 2)
	for _, k := range []struct{ tool, args, want string }{
		{"get_item", `{"table_name":"books","key":{"shelf":{"S":"a"},"n":{"N":"1"}}}`, `the largest here: \"text\" (900 bytes)`},
		{"scan", `{"table_name":"books","limit":1}`, `the largest here: \"text\" (900 bytes)`},
		{"scan", `{"table_name":"books","projection_expression":"#t","expression_attribute_names":{"#t":"text"}}`, "add the key's attributes"},
		{"batch_get_item", `{"request_items":{"books":{"Keys":[{"shelf":{"S":"a"},"n":{"N":"1"}}]}}}`, "a single item"},
	} {
		if result := callTool(t.Context(), t, c, k.tool, k.args); !result.IsError || !strings.Contains(textOf(t, result), k.want) {
			t.Errorf("%s %s: %s", k.tool, k.args, textOf(t, result))
		}
	}
	result := callTool(t.Context(), t, c, "delete_item", `{"table_name":"books","key":{"shelf":{"S":"a"},"n":{"N":"1"}},"return_values":"ALL_OLD"}`)
	if text := textOf(t, result); result.IsError || !strings.Contains(text, "delete_item is done") {
		t.Errorf("a write: %s", text)
	}
	if text := textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"books","select":"COUNT"}`)); !strings.Contains(text, `"Count": 1`) {
		t.Errorf("after the write: %s", text)
	}
}
