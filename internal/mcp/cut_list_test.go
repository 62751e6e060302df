package mcp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
)

// Keys may be as long as the items they lead to: where those left for later do not fit, their places in the request stand for
// them, and still nothing is lost.
func TestKeysThatDoNotFit(t *testing.T) {
	const limit, items = 3000, 30
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = limit, []string{toolsetAll} })
	library(t, c, 0)
	var left []string
	for i := range items {
		key := fmt.Sprintf(`"shelf":{"S":%q},"n":{"N":"%d.0"}`, strings.Repeat("k", 400), i)
		if result := callTool(t.Context(), t, c, "put_item", `{"table_name":"books","item":{`+key+fmt.Sprintf(`,"mark":{"N":"%d"}}}`, i)); result.IsError {
			t.Fatal(textOf(t, result))
		}
		left = append(left, "{"+key+"}")
	}
	seen := map[string]bool{}
	for calls := 0; len(left) > 0; calls++ {
		result := callTool(t.Context(), t, c, "batch_get_item", `{"request_items":{"books":{"Keys":[`+strings.Join(left, ",")+`]}}}`)
		text := textOf(t, result)
		var answer struct {
			Responses       map[string][]map[string]map[string]string
			UnprocessedKeys map[string]json.RawMessage
			Unprocessed     map[string][]int
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil || result.IsError || len(text) > limit || calls > items {
			t.Fatalf("call %d: %v, %d bytes: %.900s", calls, err, len(text), text)
		}
		for _, it := range answer.Responses["books"] {
			mark := it["mark"]["N"]
			if seen[mark] {
				t.Errorf("item %s comes twice", mark)
			}
			seen[mark] = true
		}
		var later []string
		for _, raw := range answer.UnprocessedKeys {
			var asked struct{ Keys []json.RawMessage }
			if err := json.Unmarshal(raw, &asked); err != nil {
				t.Fatal(err)
			}
			for _, k := range asked.Keys {
				later = append(later, string(k))
			}
		}
		for _, i := range answer.Unprocessed["books"] {
			later = append(later, left[i])
		}
		left = later
	}
	if len(seen) != items {
		t.Errorf("%d of %d items", len(seen), items)
	}
}

// Lists are cut behind a row and say where they go on.
func TestListsAreCut(t *testing.T) {
	const limit, n = 1500, 25
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = limit, []string{toolsetAll} })
	library(t, c, 0)
	for i := range n {
		callTool(t.Context(), t, c, "create_table", fmt.Sprintf(`{"table_name":"t%02d-%s","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"p","AttributeType":"S"}],"key_schema":[{"AttributeName":"p","KeyType":"HASH"}]}`, i, strings.Repeat("x", 150)))
		callTool(t.Context(), t, c, "create_backup", fmt.Sprintf(`{"table_name":"books","backup_name":"b%02d-%s"}`, i, strings.Repeat("y", 100)))
	}
	for _, k := range []struct {
		tool, args, start, last, rows string
		want                          int
	}{
		{"list_tables", `{`, "exclusive_start_table_name", "LastEvaluatedTableName", "TableNames", n + 1},
		{"list_backups", `{"table_name":"books",`, "exclusive_start_backup_arn", "LastEvaluatedBackupArn", "BackupSummaries", n},
	} {
		var rows []string
		hinted := false
		for from, calls := "null", 0; calls == 0 || from != "null"; calls++ {
			result := callTool(t.Context(), t, c, k.tool, k.args+fmt.Sprintf("%q:%s}", k.start, from))
			text := textOf(t, result)
			var all map[string]json.RawMessage
			if err := json.Unmarshal([]byte(text), &all); err != nil || result.IsError || len(text) > limit || calls > n {
				t.Fatalf("%s, call %d: %v, %d bytes: %.900s", k.tool, calls, err, len(text), text)
			}
			hinted = hinted || strings.Contains(text, "go on with "+k.start+" = "+k.last)
			var page []json.RawMessage
			if err := json.Unmarshal(all[k.rows], &page); err != nil {
				t.Fatal(err)
			}
			for _, row := range page {
				rows = append(rows, string(row))
			}
			from = string(all[k.last])
		}
		slices.Sort(rows)
		if got := len(slices.Compact(rows)); got != k.want || len(rows) != k.want || !hinted {
			t.Errorf("%s: %d rows, %d of them different, of %d; told how to go on: %t", k.tool, len(rows), got, k.want, hinted)
		}
	}
	if text, err := readResource(t, c, tablesURI); err != nil || len(text) > limit || len(text) < limit/2 || !strings.Contains(text, `"more": true`) {
		t.Errorf("the tables as a resource: %v, %d bytes: %.300s", err, len(text), text)
	}
	result := callTool(t.Context(), t, c, "describe_table", `{"table_name":"books"}`)
	if text := textOf(t, result); result.IsError && !strings.Contains(text, "cannot be asked for in parts") {
		t.Errorf("what has no parts: %s", text)
	}
}

// What a SELECT takes that is read again to fit counts, all of it, and does not stop the page that was read already.
func TestReadingAgainCounts(t *testing.T) {
	statement := func(units float64) (next func() string) {
		c := localClient(t, func(o *Options) {
			remote(o)
			o.Env.Scans = &op.ScanGuard{Mode: op.ScanEnforce, Units: units}
			o.MaxResultBytes, o.Toolsets = 9000, []string{toolsetAll}
		})
		library(t, c, 20)
		token := "null"
		return func() string {
			text := textOf(t, callTool(t.Context(), t, c, "execute_statement", `{"statement":"SELECT * FROM books","next_token":`+token+`}`))
			token = memberOf(t, text, "NextToken")
			return text
		}
	}
	next := statement(3)
	if text := next(); !strings.Contains(text, "read again with limit") {
		t.Fatalf("the first page: %.900s", text)
	}
	if text := next(); !strings.Contains(text, op.CodeScanBudget) || !strings.Contains(text, "has taken 4.5 read units") {
		t.Errorf("the budget was taken by reading twice: %.900s", text)
	}
	next = statement(5)
	next()
	if text := next(); !strings.Contains(text, "read again with limit") {
		t.Errorf("a page that was read is given: %.900s", text)
	}
}
