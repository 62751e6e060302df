package cmd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/cmd"
)

func TestAtATerminal(t *testing.T) {
	local := home(t)
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "customer:S,n:N", local))
	var lines strings.Builder
	for i := range 120 {
		fmt.Fprintf(&lines, `{"customer":"c#1","n":%d,"note":"a text that is longer than the column will be on this terminal"}`+"\n", i)
	}
	must(t, run(t, lines.String(), nil, "put", "Orders", "-", local))

	t.Run("what the doctor says is whole on a terminal too narrow for its table", func(t *testing.T) {
		got := run(t, "", terminal, "doctor", "Orders", local, "--color", "never")
		for _, line := range []string{"high  us-west-2  Orders  no-pitr", "  point-in-time recovery is off: what is deleted or overwritten is gone", "  → ddb pitr enable Orders"} {
			if got.code != 7 || !strings.Contains(got.out, line+"\n") {
				t.Errorf("exit code %d, no line %q in\n%s", got.code, line, got.out)
			}
		}
		wide := run(t, "", func(s *cmd.IO) { terminal(s); s.Width = 240 }, "doctor", "Orders", local, "--color", "never")
		if !strings.Contains(wide.out, "│ no-pitr ") || strings.Contains(wide.out, "…") {
			t.Errorf("no table on a wide terminal:\n%s", wide.out)
		}
	})

	t.Run("a scan stops at a hundred items and says how to go on", func(t *testing.T) {
		got := must(t, run(t, "", terminal, "query", "Orders", "c#1", local, "--color", "never"))
		if rows := strings.Count(got.out, "│ c#1 "); rows != 100 {
			t.Errorf("%d rows, want 100", rows)
		}
		for line := range strings.Lines(got.out) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 60 {
				t.Fatalf("a line of %d columns on a terminal of 60: %s", n, line)
			}
		}
		for _, want := range []string{"100 items, ", "1 capacity unit, ", `--start-key '{"customer":"c#1","n":99}'`, "--limit N"} {
			if !strings.Contains(got.err, want) {
				t.Errorf("standard error lacks %q:\n%s", want, got.err)
			}
		}
		rest := must(t, run(t, "", nil, "query", "Orders", "c#1", local, "--start-key", `{"customer":"c#1","n":99}`))
		if n := strings.Count(rest.out, "\n"); n != 20 {
			t.Errorf("%d items after the hundredth, want 20", n)
		}
	})
	t.Run("in a pipe it is complete, and quiet", func(t *testing.T) {
		got := must(t, run(t, "", nil, "scan", "Orders", local))
		if n := strings.Count(got.out, "\n"); n != 120 || got.err != "" {
			t.Errorf("%d lines and %q on standard error", n, got.err)
		}
	})
	t.Run("a read-only place is marked", func(t *testing.T) {
		must(t, run(t, "", nil, "config", "set", "--context", "prod", "read_only", "true"))
		must(t, run(t, "", nil, "config", "set", "--context", "prod", "local", strings.TrimPrefix(local, "--local=")))
		got := must(t, run(t, "", terminal, "get", "Orders", "c#1", "7", "--context", "prod", "--color", "never"))
		if !strings.Contains(got.err, "[prod read-only]") {
			t.Errorf("no mark: %s", got.err)
		}
		if got := run(t, "", nil, "put", "Orders", `{"customer":"x","n":1}`, "--context", "prod"); got.code != 5 {
			t.Errorf("a write there: %+v", got)
		}
	})
	t.Run("a destroying command asks", func(t *testing.T) {
		got := run(t, "n\n", terminal, "delete", "Orders", "c#1", "5", local)
		if got.code != 5 || !strings.Contains(got.err, "Delete item on Orders? [y/N]") || !strings.Contains(got.err, "nothing was changed") {
			t.Errorf("no: exit code %d, %s", got.code, got.err)
		}
		must(t, run(t, "y\n", terminal, "delete", "Orders", "c#1", "5", local))
		if got := run(t, "", nil, "get", "Orders", "c#1", "5", local); got.code != 3 {
			t.Errorf("the item is still there: %+v", got)
		}
	})
	t.Run("a question says what would be lost", func(t *testing.T) {
		for _, tt := range []struct {
			args []string
			want []string
		}{
			{[]string{"table", "delete", "Orders"}, []string{`Deletes the table "Orders" with all its items and indexes. It holds 119 items, `, "Point-in-time recovery is off. There are no backups.", "keeps a snapshot", "[y/N]"}},
			{[]string{"table", "truncate", "Orders"}, []string{"Deletes all items of the table Orders. It holds 119 items, ", "There are no backups.", "[y/N]"}},
			{[]string{"table", "truncate", "Orders", "--recreate"}, []string{`Deletes the table "Orders"`, "keeps a snapshot"}},
			{[]string{"delete", "Orders", "c#1", "7"}, []string{`Deletes the item {"customer":"c#1","n":7} of the table "Orders".`, "[y/N]"}},
		} {
			got := run(t, "n\n", terminal, append(tt.args, local)...)
			if got.code != 5 {
				t.Errorf("%v: exit code %d", tt.args, got.code)
			}
			for _, want := range tt.want {
				if !strings.Contains(got.err, want) {
					t.Errorf("%v: no %q in %s", tt.args, want, got.err)
				}
			}
		}
	})
	t.Run("a deletion says how it is undone", func(t *testing.T) {
		must(t, run(t, "", nil, "table", "create", "Gone", "--keys", "id:S", local))
		if got := must(t, run(t, "y\n", terminal, "table", "delete", "Gone", local)); !strings.Contains(got.err, "ddb local snapshots restore Gone") {
			t.Error(got.err)
		}
	})
	t.Run("colours can be had and refused", func(t *testing.T) {
		plain := must(t, run(t, "", terminal, "get", "Orders", "c#1", "7", local, "--color", "never"))
		if strings.Contains(plain.out+plain.err, "\x1b[") {
			t.Error("colour in spite of --color never")
		}
		t.Setenv("NO_COLOR", "1")
		if got := must(t, run(t, "", terminal, "get", "Orders", "c#1", "7", local)); strings.Contains(got.out, "\x1b[") {
			t.Error("colour in spite of NO_COLOR")
		}
		if got := must(t, run(t, "", nil, "get", "Orders", "c#1", "7", local, "-o", "table", "--color", "always")); !strings.Contains(got.out, "\x1b[") {
			t.Error("no colour in spite of --color always")
		}
	})
}
