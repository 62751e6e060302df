package render

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/attr"
)

func item(t *testing.T, plain string) attr.Item {
	t.Helper()
	it, err := attr.ParsePlainItem([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

const digits38 = "12345678901234567890123456789012345678"

func shown(t *testing.T, opts Options, plain ...string) string {
	t.Helper()
	var out bytes.Buffer
	p, err := New(&out, opts)
	if err != nil {
		t.Fatal(err)
	}
	w := p.Items([]string{"pk"}, nil)
	for _, s := range plain {
		if err := w.Write(item(t, s)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestItemsInEveryFormat(t *testing.T) {
	items := []string{`{"b":"x, \"y\"","pk":1,"big":` + digits38 + `}`, `{"pk":2,"tags":{"SS":["a"]},"m":{"S":"text","n":null}}`}
	for _, c := range []struct {
		opts Options
		want string
	}{
		{Options{}, items[0] + "\n" + items[1] + "\n"},
		{Options{Format: JSONL}, items[0] + "\n" + items[1] + "\n"},
		{Options{Format: DynamoDB}, `{"b":{"S":"x, \"y\""},"pk":{"N":"1"},"big":{"N":"` + digits38 + `"}}` + "\n" +
			`{"pk":{"N":"2"},"tags":{"SS":["a"]},"m":{"M":{"S":{"S":"text"},"n":{"NULL":true}}}}` + "\n"},
		{Options{Format: CSV}, "pk,b,big,tags,m\n1,\"x, \"\"y\"\"\"," + digits38 + ",,\n" + `2,,,"{""SS"":[""a""]}","{""S"":""text"",""n"":null}"` + "\n"},
		{Options{Format: TSV, NoHeader: true, Columns: []string{"m.S", "pk"}}, "\t1\ntext\t2\n"},
		{Options{Format: JSONL, Columns: []string{"pk", "m.n"}}, "{\"pk\":1}\n{\"pk\":2,\"m.n\":null}\n"},
		{Options{Format: YAML, Columns: []string{"pk", "b", "big"}}, "- pk: 1\n  b: \"x, \\\"y\\\"\"\n  big: " + digits38 + "\n- pk: 2\n"},
		{Options{Format: JSON, Columns: []string{"pk"}}, "[\n  {\n    \"pk\": 1\n  },\n  {\n    \"pk\": 2\n  }\n]\n"},
		{Options{JQ: ".big // .pk"}, digits38 + "\n2\n"},
		{Options{Query: "[].big"}, digits38 + "\n"},
		{Options{Query: "[?pk > `1`] | [0]", Format: JSONL}, items[1] + "\n"},
		{Options{Query: "length(@)"}, "2\n"},
		{Options{Query: "[].b", Format: JSON}, "[\n  \"x, \\\"y\\\"\"\n]\n"},
	} {
		if diff := cmp.Diff(c.want, shown(t, c.opts, items...)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.opts, diff)
		}
	}
}

func TestNoItems(t *testing.T) {
	for format, want := range map[Format]string{Auto: "", JSONL: "", JSON: "[]\n", YAML: "[]\n", CSV: "", Table: ""} {
		if got := shown(t, Options{Format: format}); got != want {
			t.Errorf("%q: %q, want %q", format, got, want)
		}
	}
}

func TestTablesFitTheTerminal(t *testing.T) {
	items := []string{`{"pk":"a","total":12.5,"note":"` + strings.Repeat("long ", 40) + `"}`, `{"pk":"bcd","total":7,"line":"one\ntwo\u202e"}`}
	want := strings.TrimLeft(`
╭─────┬───────┬───────────┬────────────╮
│ pk  │ total │ note      │ line       │
│ S   │     N │ S         │ S          │
├─────┼───────┼───────────┼────────────┤
│ a   │  12.5 │ long lon… │            │
│ bcd │     7 │           │ one⏎two\u… │
╰─────┴───────┴───────────┴────────────╯
`, "\n")
	got := shown(t, Options{Terminal: true, Width: 40}, items...)
	for line := range strings.SplitSeq(strings.TrimSuffix(got, "\n"), "\n") {
		if n := len([]rune(line)); n > 40 {
			t.Errorf("a line is %d wide:\n%s", n, got)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var notes []string
	shown(t, Options{Terminal: true, Width: 20, Note: func(s string) { notes = append(notes, s) }}, items...)
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "2 more columns do not fit: note line") {
		t.Errorf("notes: %q", notes)
	}
	if got := shown(t, Options{Format: Table, NoHeader: true}, `{"pk":1}`); got != "╭───╮\n│ 1 │\n╰───╯\n" {
		t.Errorf("a table in a pipe, without its header:\n%s", got)
	}
}

func TestLongNumbersAreExactOrRefused(t *testing.T) {
	long := `{"pk":` + digits38 + `,"short":19.99}`
	for query, want := range map[string]string{
		"[].pk": digits38 + "\n", "[].{n: pk}": `{"n":` + digits38 + "}\n", "[?short == `19.99`].pk": digits38 + "\n",
		"[].type(pk)": "number\n", "[].to_string(pk)": digits38 + "\n", "sort_by(@, &short)[].pk": digits38 + "\n", "[?short > `19` && short < `20`] | length(@)": "1\n",
	} {
		if got := shown(t, Options{Query: query}, long); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{"[?pk > `1`]", "[?pk == `1`]", "[?pk != short]", "sum([].pk)", "sort([].pk)[?@ > `1`]", "max_by(@, &pk)", "sort_by(@, &pk)", "[0].pk + `1`", "-([0].pk)", "contains([].pk, `1`)", "[?contains([pk], `1`)][?x]"} {
		var out bytes.Buffer
		p, err := New(&out, Options{Query: query})
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		w := p.Items(nil, nil)
		for range 2 {
			if err := w.Write(item(t, long)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err == nil || !strings.Contains(err.Error(), digits38) {
			t.Errorf("%s: error %v, want one that names the number", query, err)
		}
	}
	if _, err := New(&bytes.Buffer{}, Options{Query: "[?pk == `" + digits38 + "`]"}); err == nil {
		t.Error("a literal that float64 would change is taken")
	}
	if _, err := New(&bytes.Buffer{}, Options{Query: "[?name == 'it`s " + digits38 + "']"}); err != nil {
		t.Errorf("a backquote inside text: %v", err)
	}
}

func TestDocuments(t *testing.T) {
	table := `{"TableName":"Orders","ItemCount":12345678901234567890,"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Size":{"a":1}}`
	names := `{"TableNames":["a","b"],"LastEvaluatedTableName":null}`
	for _, c := range []struct {
		opts      Options
		doc, want string
	}{
		{Options{}, names, "a\nb\n"},
		{Options{Terminal: true}, names, "a\nb\n"},
		{Options{Format: JSONL}, names, "\"a\"\n\"b\"\n"},
		{Options{Format: JSON}, `{"a":[]}`, "{\n  \"a\": []\n}\n"},
		{Options{}, `{"TableNames":[],"LastEvaluatedTableName":null}`, ""},
		{Options{Query: "TableName"}, table, "Orders\n"},
		{Options{Query: "TableName", Format: JSON}, table, "\"Orders\"\n"},
		{Options{Query: "missing"}, table, "null\n"},
		{Options{JQ: ".KeySchema[].AttributeName, .ItemCount"}, table, "pk\n12345678901234567890\n"},
		{Options{Format: YAML}, table, "TableName: Orders\nItemCount: 12345678901234567890\nKeySchema:\n  - AttributeName: pk\n    KeyType: HASH\nSize:\n  a: 1\n"},
		{Options{Format: TSV}, `{"Tags":[{"Key":"env","Value":"a\tb"}]}`, "Key\tValue\nenv\ta\\tb\n"},
		{Options{Terminal: true}, `{"a":{"b":1},"c":[1,2]}`, "  a.b  1\n  c    [1,2]\n"},
	} {
		var out bytes.Buffer
		p, err := New(&out, c.opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Document([]byte(c.doc), nil); err != nil {
			t.Errorf("%+v: %v", c.opts, err)
		}
		_ = p.Flush()
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.opts, diff)
		}
	}
}

func TestYAMLReadsBackTheSame(t *testing.T) {
	texts := []string{"", "yes", "NO", "null", "~", "1", "1e3", "0x1F", ".5", "-", "- a", "a: b", "a #b", "#", "a\nb", " a", "a ", "2026-01-01", "2026-01-01T00:00:00Z", "{a}", "[a", "*a", "&a", "!a", "%a", "@a", "`a", "'a'", "\"a\"", "a,b", "ok text-1", "é", "\u2028", "a\tb", "=", "<<", "c#1", "x:y", "?", "|", ">", "12:30:45", "0o7", "+1", "inf", ".inf", "nan"}
	var doc bytes.Buffer
	doc.WriteString(`{"list":[`)
	for i, s := range texts {
		if i > 0 {
			doc.WriteByte(',')
		}
		doc.Write(appendString(nil, s))
	}
	doc.WriteString(`],"nested":[[1,[]],{"a":{},"b":[{"c":true}]}]}`)
	var out bytes.Buffer
	p, _ := New(&out, Options{Format: YAML})
	if err := p.Document(doc.Bytes(), nil); err != nil {
		t.Fatal(err)
	}
	_ = p.Flush()
	var got, want any
	if err := yaml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if err := yaml.Unmarshal(doc.Bytes(), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s\n%s", diff, out.String())
	}
}

func TestTablesTellTypes(t *testing.T) {
	want := strings.TrimLeft(`
╭────┬───────┬─────────────┬──────────────┬──────┬──────╮
│ pk │ mixed │ tags        │ bin          │ on   │ none │
│ S  │ N|S   │ SS          │ B            │ BOOL │ NULL │
├────┼───────┼─────────────┼──────────────┼──────┼──────┤
│ a  │ 5     │ {red, "7",… │              │ true │      │
│ b  │ "5"   │             │ 2 bytes aGk= │      │ null │
╰────┴───────┴─────────────┴──────────────┴──────┴──────╯
`, "\n")
	items := []string{`{"pk":"a","mixed":5,"tags":{"SS":["red","7","b"]},"on":true}`, `{"pk":"b","mixed":"5","bin":{"B":"aGk="},"none":null}`}
	got := shown(t, Options{Format: Table, Width: 57, Columns: []string{"pk", "mixed", "tags", "bin", "on", "none"}}, items...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var out bytes.Buffer
	p, _ := New(&out, Options{Format: Table})
	if err := p.Item(item(t, items[0])); err != nil {
		t.Fatal(err)
	}
	_ = p.Flush()
	if diff := cmp.Diff("  pk     S     a\n  mixed  N     5\n  tags   SS    {red, \"7\", b}\n  on     BOOL  true\n", out.String()); diff != "" {
		t.Errorf("one item, -want +got:\n%s", diff)
	}
}

func TestMistakesInTheOutputFlags(t *testing.T) {
	for _, c := range []struct {
		opts Options
		want string
	}{
		{Options{Format: "xml"}, `unknown output format "xml"`},
		{Options{Query: "[?"}, "--query: "},
		{Options{JQ: ".a["}, "--jq: "},
		{Options{Query: "a", JQ: ".a"}, "cannot be used together"},
	} {
		if _, err := New(&bytes.Buffer{}, c.opts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %s", c.opts, err, c.want)
		}
	}
}

// What -o jsonl has on a line goes through --jq, one by one, whatever the answer is.
func TestJQTakesTheLinesOfJSONL(t *testing.T) {
	for _, doc := range []string{
		`{"TableNames":["a","b"],"LastEvaluatedTableName":null}`, `{"BackupSummaries":[{"x":1},{"x":2}]}`, `[{"a":1},{"b":2}]`, `{"TableName":"t","Tags":[1]}`, `[]`, `{"Tags":[]}`,
	} {
		var lines, jq bytes.Buffer
		for _, run := range []struct {
			out  *bytes.Buffer
			opts Options
		}{{&lines, Options{Format: JSONL}}, {&jq, Options{Format: JSONL, JQ: "[.]|.[0]"}}} {
			p, err := New(run.out, run.opts)
			if err == nil {
				err = errors.Join(p.Document([]byte(doc), nil), p.Flush())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if lines.String() != jq.String() {
			t.Errorf("%s: lines %q, jq %q", doc, lines.String(), jq.String())
		}
	}
}
