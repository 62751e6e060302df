package mcp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/prompts"
)

// TestDescriptionsAreCut: of what is one thing, what fits is given, and what is left out is named.
func TestDescriptionsAreCut(t *testing.T) {
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = 2500, []string{toolsetAll} })
	var defs, indexes, tags []string
	for i := range 12 {
		defs = append(defs, fmt.Sprintf(`{"AttributeName":"a%02d","AttributeType":"S"}`, i))
		indexes = append(indexes, fmt.Sprintf(`{"IndexName":"By%02d","KeySchema":[{"AttributeName":"a%02d","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}`, i, i))
		tags = append(tags, fmt.Sprintf(`{"Key":"k%02d","Value":%q}`, i, strings.Repeat("v", 250)))
	}
	call := func(tool, arguments string) string {
		t.Helper()
		result := callTool(t.Context(), t, c, tool, arguments)
		if result.IsError {
			t.Fatalf("%s: %s", tool, textOf(t, result))
		}
		return textOf(t, result)
	}
	call("create_table", `{"table_name":"wide","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[`+strings.Join(defs, ",")+`],"key_schema":[{"AttributeName":"a00","KeyType":"HASH"}],
		"global_secondary_indexes":[`+strings.Join(indexes, ",")+`],"tags":[`+strings.Join(tags, ",")+`]}`)
	for _, k := range []struct {
		tool, arguments string
		whole, left     []string
	}{
		{"describe_table", `{"table_name":"wide"}`, []string{`"TableStatus": "ACTIVE"`, `"KeyType": "HASH"`}, []string{"GlobalSecondaryIndexes["}},
		{"table_overview", `{"table_name":"wide"}`, []string{`"AverageItemBytes"`, `"TableName": "wide"`}, []string{"Table.GlobalSecondaryIndexes["}},
		{"list_tags_of_resource", `{"resource_arn":"wide"}`, []string{`"Key": "k11"`}, []string{"Tags[k00].Value ("}},
	} {
		text := call(k.tool, k.arguments)
		var answer struct {
			Truncated bool
			Hint      string
			LeftOut   []string `json:"left_out"`
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil || len(text) > 2500 || len(text) < 1200 || !answer.Truncated || !strings.Contains(answer.Hint, "--max-result-bytes") {
			t.Errorf("%s: %v, %d bytes: %s", k.tool, err, len(text), text)
		}
		for _, want := range k.whole {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in %s", k.tool, want, text)
			}
		}
		for _, want := range k.left {
			if !slices.ContainsFunc(answer.LeftOut, func(s string) bool { return strings.HasPrefix(s, want) }) {
				t.Errorf("%s: %s is not among what is left out: %q", k.tool, want, answer.LeftOut)
			}
		}
	}
	if text, err := readResource(t, c, tableURI+"wide"); err != nil || len(text) > 2500 || !strings.Contains(text, `"left_out"`) {
		t.Errorf("the table as a resource: %v, %d bytes: %.300s", err, len(text), text)
	}
	if text := call("describe_limits", `{}`); strings.Contains(text, "truncated") {
		t.Errorf("what fits is whole: %s", text)
	}
}

// TestTransactionsAreCut: the items of one moment come without their largest attributes.
func TestTransactionsAreCut(t *testing.T) {
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = 3000, []string{toolsetAll} })
	library(t, c, 6)
	var gets, statements []string
	for i := range 6 {
		gets = append(gets, fmt.Sprintf(`{"Get":{"TableName":"books","Key":{"shelf":{"S":"a"},"n":{"N":"%d"}}}}`, i))
		statements = append(statements, fmt.Sprintf(`{"Statement":"SELECT * FROM books WHERE shelf='a' AND n=%d"}`, i))
	}
	for tool, arguments := range map[string]string{
		"transact_get_items":  `{"transact_items":[` + strings.Join(gets, ",") + `]}`,
		"execute_transaction": `{"transact_statements":[` + strings.Join(statements, ",") + `],"format":"plain"}`,
	} {
		result := callTool(t.Context(), t, c, tool, arguments)
		text := textOf(t, result)
		var answer struct {
			Responses []map[string]map[string]any
			LeftOut   []string `json:"left_out"`
			Hint      string
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil || result.IsError || len(text) > 3000 {
			t.Fatalf("%s: %v, %d bytes: %.900s", tool, err, len(text), text)
		}
		if len(answer.Responses) != 6 || answer.Responses[5]["Item"]["n"] == nil || len(answer.LeftOut) == 0 || !strings.HasSuffix(answer.LeftOut[0], "Item.text (912 bytes)") || !strings.Contains(answer.Hint, "do not write these items back") {
			t.Errorf("%s: %q, %s: %.900s", tool, answer.LeftOut, answer.Hint, text)
		}
	}
}

// TestModelingFits: a server with a small limit gives the prompt in parts, which are all there is.
func TestModelingFits(t *testing.T) {
	const limit = 8000
	c := localClient(t, func(o *Options) { o.MaxResultBytes = limit })
	text := textOf(t, callTool(t.Context(), t, c, modelingTool, `{}`))
	if len(text) > limit || !strings.HasPrefix(text, prompts.Sections()[0].Text) || !strings.Contains(text, "each by a call with section: ") {
		t.Fatalf("%d bytes: %.200s … %s", len(text), text, text[max(0, len(text)-300):])
	}
	read := 0
	for _, section := range prompts.Sections() {
		if !strings.Contains(text, section.Text) {
			if got := textOf(t, callTool(t.Context(), t, c, modelingTool, fmt.Sprintf(`{"section":%q}`, section.Name))); got != section.Text || !strings.Contains(text, section.Name) {
				t.Errorf("%s: %.100s", section.Name, got)
			}
			read++
		}
	}
	if read == 0 || read == len(prompts.Sections()) {
		t.Errorf("%d sections are left for later", read)
	}
	if result := callTool(t.Context(), t, c, modelingTool, `{"section":"nonsense"}`); !result.IsError || !strings.Contains(textOf(t, result), "indexes") {
		t.Errorf("an unknown section: %s", textOf(t, result))
	}
	tiny := localClient(t, func(o *Options) { o.MaxResultBytes = 900 })
	if got := textOf(t, callTool(t.Context(), t, tiny, modelingTool, `{"section":"example"}`)); len(got) > 900 || !strings.Contains(got, "(cut: ") {
		t.Errorf("a section that does not fit: %d bytes: %.900s", len(got), got)
	}
	for limit, names := range map[int]bool{0: false, limit: true, DefaultResultBytes: false} {
		for _, tool := range listedTools(t, Options{MaxResultBytes: limit}) {
			if tool.Name == modelingTool && strings.Contains(string(tool.RawInputSchema), sectionArgument) != names {
				t.Errorf("at %d bytes the schema is %s", limit, tool.RawInputSchema)
			}
		}
	}
}

// TestRowsKeepTheirNames: what rows say beyond their names and keys goes before a row does, and is named once for all of them.
func TestRowsKeepTheirNames(t *testing.T) {
	c := localClient(t, func(o *Options) { o.MaxResultBytes = 2200 })
	created := callTool(t.Context(), t, c, "create_table", `{"table_name":"wide","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"id","AttributeType":"S"},{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"S"},{"AttributeName":"c","AttributeType":"S"}],
		"key_schema":[{"AttributeName":"id","KeyType":"HASH"}],"global_secondary_indexes":[`+strings.Join([]string{
		`{"IndexName":"ByA","KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}`,
		`{"IndexName":"ByB","KeySchema":[{"AttributeName":"b","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}`,
		`{"IndexName":"ByC","KeySchema":[{"AttributeName":"c","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}`,
	}, ",")+`]}`)
	if created.IsError || !strings.Contains(textOf(t, created), `"left_out"`) {
		t.Fatalf("what a write answers is cut too: %s", textOf(t, created))
	}
	text := textOf(t, callTool(t.Context(), t, c, "describe_table", `{"table_name":"wide"}`))
	if len(text) > 2200 || strings.Count(text, `"IndexName": "By`) != 3 || strings.Count(text, `"KeyType": "HASH"`) != 4 || strings.Count(text, "GlobalSecondaryIndexes[].WarmThroughput (") != 1 || strings.Contains(text, "GlobalSecondaryIndexes[By") {
		t.Errorf("%d bytes: %s", len(text), text)
	}
}
