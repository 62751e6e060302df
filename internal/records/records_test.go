package records_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/records"
)

// read gives the records of a text, one "line: JSON" each, and the format it was taken for.
func read(t *testing.T, text string, opts records.Options) (format string, got []string, err error) {
	t.Helper()
	s, err := records.Open("", strings.NewReader(text), opts)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = s.Close() }()
	s.Text = func(name string) bool { return name == "id" }
	err = s.Each(func(r records.Record) error {
		if r.Err != nil {
			got = append(got, fmt.Sprintf("%d: error: %v", r.Line, r.Err))
		} else {
			got = append(got, fmt.Sprintf("%d: %s", r.Line, r.JSON))
		}
		return nil
	})
	return s.Format, got, err
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ name, text, format, want string }{
		{"JSON lines", "\ufeff{\"a\":1}\n\n {\"a\":2}\n", "jsonl", `1: {"a":1}|3: {"a":2}`},
		{"an array", "[{\"a\":1},\n{\"a\":2}]", "jsonl", `1: {"a":1}|2: {"a":2}`},
		{"objects over several lines", "{\n\"a\":1\n}\n{\"a\":2}", "jsonl", `1: {
"a":1
}|4: {"a":2}`},
		{"CSV", "\ufeffid,n,note\n7,7,\"a, \"\"b\"\"\nc\"\n\n8,,\n", "csv", `2: {"id":"7","n":7,"note":"a, \"b\"\nc"}|5: {"id":"8"}`},
		{
			"CSV of RFC 4180", "\ufeffid,n,note\r\n7,7,\"a, \"\"b\"\"\nc\"\r\n\"\"\"q\"\"\",007,\"\"\"\"\"\"\r\n9,null,{bad\r\n", "csv",
			`2: {"id":"7","n":7,"note":"a, \"b\"\nc"}|4: {"id":"q","n":"007","note":""}|5: {"id":"9","n":null,"note":"{bad"}`,
		},
		{"CSV with line ends of either kind in its cells", "id,n\r\n\"a\r\nb\",\"\"\r\n\"c\nd\",\" x\r\"\r\n\"e\r\n\r\n\"\"f\"\"\",5\r", "csv", `2: {"id":"a\r\nb"}|4: {"id":"c\nd","n":" x\r"}|6: {"id":"e\r\n\r\n\"f\"","n":5}`},
		{"JSON lines of Windows PowerShell", "\xff\xfe{\x00}\x00\r\x00\n\x00[\x00]\x00", "jsonl", "1: {}|2: []"},
		{"CSV with a short row", "id,n\na,1\nb\nc,3", "csv", `2: {"id":"a","n":1}|3: error: 1 cells, and there are 2 columns|4: {"id":"c","n":3}`},
		{"TSV", "id\tn\nx\\ty\t{\"SS\":[\"a\"]}\n\\\\n\t-5\n", "tsv", `2: {"id":"x\ty","n":{"SS":["a"]}}|3: {"id":"\\n","n":-5}`},
		{"a YAML list", "# two\n- id: a\n  n: 1\n  l:\n  - x\n\n- id: b\n", "yaml", `2: {"id":"a","n":1,"l":["x"]}|7: {"id":"b"}`},
		{"YAML documents", "---\nid: a\nl:\n- x\n---\nid: b\n", "yaml", `1: {"id":"a","l":["x"]}|5: {"id":"b"}`},
		{"YAML with a mistake", "- id: a\n- id: [\n- id: c\n", "yaml", `1: {"id":"a"}|2: error: sequence end token ']' not found|3: {"id":"c"}`},
	} {
		format, got, err := read(t, c.text, records.Options{})
		text := strings.Join(got, "|")
		if err != nil {
			text = "error"
		}
		if format != c.format || text != c.want {
			t.Errorf("%s: taken for %s\n got %s (%v)\nwant %s", c.name, format, text, err, c.want)
		}
	}
}

func TestSourcesThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"a,a\n1,2":        `two columns are called "a"`,
		"a,,b\n1,2,3":     "column 2 has no name",
		"a,b\n\"x,y\n":    "line 2",
		"a,b\nx\"y,z":     "line 2",
		"a,b\n\"x\"y,z\n": "line 2: text behind the quote",
		"[{},":            "no JSON array",
	} {
		_, _, err := read(t, text, records.Options{})
		if known, ok := errors.AsType[*records.Error](err); !ok || !strings.Contains(known.Message, want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, _, err := read(t, "{}", records.Options{Format: "xml"}); err == nil {
		t.Error("xml is no format")
	}
	if _, got, err := read(t, "a,1", records.Options{Format: "csv", Columns: []string{"id", "n"}}); err != nil || got[0] != `1: {"id":"a","n":1}` {
		t.Errorf("columns given: %v, %v", got, err)
	}
}

// A source holds one record at a time: a million rows in a pipe are read as they come.
func TestStreamingHoldsOneRecord(t *testing.T) {
	for format, row := range map[string]string{"csv": "a,1\n", "tsv": "a\t1\n", "yaml": "- id: a\n", "jsonl": "{\"id\":\"a\"}\n"} {
		endless := &repeated{text: row, left: 50000}
		s, err := records.Open("", endless, records.Options{Format: format, Streaming: true, Columns: []string{"id", "n"}})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		err = s.Each(func(records.Record) error {
			if n++; n == 10 {
				return records.ErrStop
			}
			return nil
		})
		if err != nil || n != 10 || endless.read > 70<<10 {
			t.Errorf("%s: %d records, %d bytes read, %v", format, n, endless.read, err)
		}
	}
}

// repeated is a text again and again.
type repeated struct {
	text       string
	left, read int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := 0
	for n+len(r.text) <= len(p) && r.left > 0 {
		n += copy(p[n:], r.text)
		r.left--
	}
	r.read += n
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}
