package cmd_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/cmd"
)

// calls is a standard output that notes, at every write, how many pages had been asked for by then: --debug says each on standard error.
type calls struct {
	trace *bytes.Buffer
	at    []int
	rows  int
}

func (c *calls) Write(p []byte) (int, error) {
	c.at = append(c.at, strings.Count(c.trace.String(), " Scan ("))
	c.rows += bytes.Count(p, []byte("\n"))
	return len(p), nil
}

// Rows are written as pages come: the first after the first page, and no more than a page is held. It counts calls, not time or bytes of the heap.
func TestRowsComeAsPagesDo(t *testing.T) {
	local := home(t)
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "id:N", local))
	var lines strings.Builder
	for i := range 40 {
		fmt.Fprintf(&lines, `{"id":%d,"text":"%s"}`+"\n", i, strings.Repeat("x", 100<<10))
	}
	must(t, run(t, lines.String(), nil, "put", "Orders", "-", local))
	for _, args := range [][]string{{"-o", "jsonl"}, {"-o", "json"}, {"-o", "yaml"}, {"-o", "csv", "--columns", "id,text"}, {"--jq", ".id", "--page-size", "5"}} {
		var trace bytes.Buffer
		out := &calls{trace: &trace}
		if code := cmd.Run(t.Context(), append([]string{"scan", "Orders", "--debug", local}, args...), &cmd.IO{In: strings.NewReader(""), Out: out, Err: &trace}); code != 0 {
			t.Fatal(trace.String())
		}
		pages := strings.Count(trace.String(), " Scan (")
		if pages < 4 || out.at[0] != 1 {
			t.Errorf("%v: the first rows came after %d of %d pages", args, out.at[0], pages)
		}
		seen := map[int]bool{}
		for _, n := range out.at {
			seen[n] = true
		}
		for n := 1; n < pages; n++ {
			if !seen[n] {
				t.Errorf("%v: nothing was written between page %d and the next", args, n)
			}
		}
	}
}
