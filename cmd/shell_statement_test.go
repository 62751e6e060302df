package cmd

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func chunksOf(text string, last bool) (texts []string, whole bool) {
	for {
		c, rest, ok := nextChunk(text, last)
		if !ok {
			return texts, false
		}
		if c.text == "" {
			return texts, true
		}
		texts = append(texts, [...]string{"sql ", "ddb ", "meta ", "open "}[c.kind]+c.text+c.within)
		text = rest
	}
}

func TestTextIsCutIntoStatementsAndCommands(t *testing.T) {
	for text, want := range map[string][]string{
		"SELECT * FROM Orders;":                              {"sql SELECT * FROM Orders"},
		"select *\nfrom Orders -- all\n;\n\\d":               {"sql select *\nfrom Orders", "meta \\d"},
		"get Orders a 1\nscan Orders;":                       {"ddb get Orders a 1", "ddb scan Orders"},
		"UPDATE Orders SET a='x;y' WHERE b='it''s';":         {"sql UPDATE Orders SET a='x;y' WHERE b='it''s'"},
		"update Orders a 1 --set 's=\"set\"'":                {"ddb update Orders a 1 --set 's=\"set\"'"},
		"delete Orders a 1\nDELETE FROM Orders WHERE a='x';": {"ddb delete Orders a 1", "sql DELETE FROM Orders WHERE a='x'"},
		"put Orders '{\n\"a\": 1\n}'\n\\q":                   {"ddb put Orders '{\n\"a\": 1\n}'", "meta \\q"},
		"get Orders \\\n a":                                  {"ddb get Orders \\\n a"},
		"-- a comment\n\n  -- another\nbegin;":               {"ddb begin"},
		"EXISTS(SELECT * FROM Orders WHERE a='x');":          {"sql EXISTS(SELECT * FROM Orders WHERE a='x')"},
		"\\d; \\timing on;scan A":                            {"meta \\d", "meta \\timing on", "ddb scan A"},
		"SELECT *\n \\timing \nscan A":                       {"open SELECT *\\timing", "ddb scan A"},
		"SELECT '\n\\q\n'\nCommit;\n;":                       {"open SELECT '\n\\q\n'Commit"},
		"SELECT * FROM a\nWHERE commit = 1;":                 {"sql SELECT * FROM a\nWHERE commit = 1"},
		" ;; \n ":                                            nil,
	} {
		got, whole := chunksOf(text, false)
		if diff := cmp.Diff(want, got); diff != "" || !whole {
			t.Errorf("%q: whole %v (-want +got):\n%s", text, whole, diff)
		}
	}
	for _, text := range []string{"SELECT 1", "select ';", "UPDATE Orders", "put Orders '{", "get Orders \\", "SELECT 1; SELECT"} {
		if got, whole := chunksOf(text, false); whole {
			t.Errorf("%q counts as whole: %q", text, got)
		}
		if got, whole := chunksOf(text, true); !whole || len(got) == 0 {
			t.Errorf("%q at the end of a script: %q, %v", text, got, whole)
		}
	}
	c, rest, _ := nextChunk("\n-- x\n\nSELECT 1;\nscan A", true)
	if c.line != 4 || strings.TrimSpace(rest) != "scan A" {
		t.Errorf("line %d, rest %q", c.line, rest)
	}
}

func TestSplitWords(t *testing.T) {
	for text, want := range map[string][]string{
		`get Orders c#1 -5`:    {"get", "Orders", "c#1", "-5"},
		`put T '{"a":"b c"}'`:  {"put", "T", `{"a":"b c"}`},
		`a "b \"c\" \\ \n" ''`: {"a", `b "c" \ \n`, ""},
		`a\ b c\'d`:            {"a b", "c'd"},
		"a \\\n b":             {"a", "b"},
		`x'y'"z"`:              {"xyz"},
		"":                     nil,
		`put T {"a": "b; c", "d":[1, {"e":"}"}]} x`:  {"put", "T", `{"a": "b; c", "d":[1, {"e":"}"}]}`, "x"},
		`put T '{"a":"it''s"}' --item={"a": "it's"}`: {"put", "T", `{"a":"its"}`, `--item={"a": "it's"}`},
		`put T {"a":"\"\\"}`:                         {"put", "T", `{"a":"\"\\"}`},
		`--set a=[1, "x"] l[0]=5 a{b "[x y]"`:        {"--set", `a=[1, "x"]`, "l[0]=5", "a{b", "[x y]"},
		"put T {\n \"a\": 1\n}":                      {"put", "T", "{\n \"a\": 1\n}"},
	} {
		got, err := splitWords(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{`a 'b`, `a "b`, `a\`, `put T {"a":1`, `put T [{"a":"]"}`} {
		if got, err := splitWords(text); err == nil {
			t.Errorf("%q: %q, want an error", text, got)
		}
	}
}

func FuzzChunks(f *testing.F) {
	for _, seed := range []string{"SELECT 1;", "get a 'b", "\\d x\n--", "update a set;;", "\"`'", "a\\", "put T {\"a;\n\":[1;2]};get", "x={[\"\\"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		left := text
		for i := 0; left != ""; i++ {
			c, rest, ok := nextChunk(left, true)
			if !ok || len(rest) >= len(left) {
				t.Fatalf("%q: no progress at %q", text, left)
			}
			if c.kind == chunkCommand {
				_, _ = splitWords(c.text)
			}
			left = rest
		}
	})
}
