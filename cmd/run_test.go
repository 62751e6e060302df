package cmd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"pgregory.net/rapid"

	"github.com/ddb-cli/ddb/cmd"
)

// result is what a run left behind.
type result struct {
	code     int
	out, err string
}

// run runs ddb in process; change may make the streams a terminal's.
func run(t testing.TB, input string, change func(*cmd.IO), args ...string) result {
	t.Helper()
	var out, errOut bytes.Buffer
	streams := &cmd.IO{In: strings.NewReader(input), Out: &out, Err: &errOut}
	if change != nil {
		change(streams)
	}
	code := cmd.Run(t.Context(), args, streams)
	return result{code, out.String(), errOut.String()}
}

func terminal(s *cmd.IO) { s.InTerminal, s.OutTerminal, s.ErrTerminal, s.Width = true, true, true, 60 }

// home keeps the tests away from the machine's own settings.
func home(t *testing.T) (local string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, dir)
	}
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "DDB_LOCAL", "NO_COLOR"} {
		t.Setenv(name, "")
	}
	return "--local=" + filepath.Join(dir, "store")
}

func must(t testing.TB, r result) result {
	t.Helper()
	if r.code != 0 {
		t.Fatalf("exit code %d: %s%s", r.code, r.out, r.err)
	}
	return r
}

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

// What scan -o jsonl writes, put - reads back to the same items, whatever is in them.
func TestScanAndPutAreLossless(t *testing.T) {
	local := home(t)
	for _, name := range []string{"From", "Into"} {
		must(t, run(t, "", nil, "table", "create", name, "--keys", "id:S", local))
	}
	rapid.Check(t, func(rt *rapid.T) {
		items := rapid.SliceOfN(jsonItem(), 1, 8).Draw(rt, "items")
		for i, body := range items {
			items[i] = fmt.Sprintf(`{"id":%s,%s`, quoted(text().Draw(rt, "id")+strconv.Itoa(i)), body[1:])
		}
		format := rapid.SampledFrom([]string{"jsonl", "json", "dynamodb", "csv", "tsv", "yaml", "csv typed"}).Draw(rt, "format")
		for _, name := range []string{"From", "Into"} {
			if got := run(t, "", nil, "table", "delete", name, "--yes", local); got.code != 0 {
				rt.Fatal(got.err)
			}
			if got := run(t, "", nil, "table", "create", name, "--keys", "id:S", local); got.code != 0 {
				rt.Fatal(got.err)
			}
		}
		if got := run(t, "["+strings.Join(items, ",")+"]", nil, "put", "From", "-", local); got.code != 0 {
			rt.Fatal(got.err)
		}
		format, typed := strings.CutSuffix(format, " typed")
		output := []string{"-o", format, local}
		put := []string{"put", "Into", "-", "--format", format, local}
		if typed {
			output, put = append(output, "--typed"), append(put, "--typed")
		}
		written := run(t, "", nil, append([]string{"scan", "From"}, output...)...)
		if got := run(t, written.out, nil, put...); got.code != 0 {
			rt.Fatalf("%s\n%s", got.err, written.out)
		}
		read := run(t, "", nil, append([]string{"scan", "Into"}, output...)...)
		from, into := run(t, "", nil, "scan", "From", "-o", "dynamodb", local), run(t, "", nil, "scan", "Into", "-o", "dynamodb", local)
		if diff := cmp.Diff(from.out, into.out); diff != "" {
			rt.Fatalf("-the items +read back, by way of %s\n%s", diff, written.out)
		}
		if diff := cmp.Diff(written.out, read.out); diff != "" {
			rt.Fatalf("-written +read back:\n%s", diff)
		}
	})
}

// text is what texts and names can be, with all that means something to one of the formats.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z0-9 ,;"é\\\n\r\t#:\x00\x7f\x{85}\x{2028}\x{feff}😀-]{0,12}`),
		rapid.SampledFrom([]string{"5", "007", "true", "null", `"5"`, "[1]", "{}", "{bad", "1e5", " 5", "-", "- a", "a: b", "~", "yes", "# x", "'", "\u2028", "0x1F", "2026-01-01", "<<", "a\r\nb", "\r\n", "=1+1", "\\n"}),
	)
}

// quoted is a text as JSON.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // which a string does not give
	}
	return string(b)
}

// jsonItem makes the rest of an item in plain JSON: every type, long numbers, and maps that look like typed values.
func jsonItem() *rapid.Generator[string] {
	var value func(depth int) *rapid.Generator[string]
	value = func(depth int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			number := rapid.StringMatching(`-?[1-9][0-9]{0,37}`)
			kinds := 7
			if depth > 0 {
				kinds = 10
			}
			switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
			case 0:
				return number.Draw(t, "number")
			case 1:
				return quoted(text().Draw(t, "text"))
			case 2:
				return rapid.SampledFrom([]string{"true", "false", "null", "[]", "{}", `""`}).Draw(t, "word")
			case 3:
				return `{"B":"aGVsbG8="}`
			case 4:
				return `{"NS":["1","` + number.Draw(t, "member") + `0"]}`
			case 5:
				return `{"SS":["a","b"]}`
			case 6:
				return `{"M":{"` + rapid.SampledFrom([]string{"S", "N", "L", "BOOL"}).Draw(t, "name") + `":"x"}}`
			case 7:
				return `[` + value(depth-1).Draw(t, "a") + `,` + value(depth-1).Draw(t, "b") + `]`
			default:
				return `{"a":` + value(depth-1).Draw(t, "a") + `,"S":` + value(depth-1).Draw(t, "b") + `}`
			}
		})
	}
	return rapid.Custom(func(t *rapid.T) string {
		return `{` + quoted("x"+text().Draw(t, "name")) + `:` + value(2).Draw(t, "x") + `,"y":` + value(1).Draw(t, "y") + `}`
	})
}

func TestAPortInUse(t *testing.T) {
	home(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	got := run(t, "", nil, "local", "start", "--port", port, "--in-memory")
	if got.code != 1 || !strings.Contains(got.err, port) || got.out != "" {
		t.Errorf("%+v", got)
	}
}

func TestADamagedStore(t *testing.T) {
	local := home(t)
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "id:S", local))
	must(t, run(t, "", nil, "put", "Orders", `{"id":"a"}`, local))
	damaged := 0
	err := filepath.WalkDir(strings.TrimPrefix(local, "--local="), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(filepath.Base(path), "MANIFEST") {
			damaged++
			return os.WriteFile(path, []byte("nonsense"), 0o600)
		}
		return err
	})
	if err != nil || damaged == 0 {
		t.Fatalf("%d files damaged: %v", damaged, err)
	}
	got := run(t, "", nil, "get", "Orders", "a", local)
	if got.code != 1 || !strings.Contains(got.err, "ddb: hint:") || got.out != "" {
		t.Errorf("%+v", got)
	}
}

// Each command is documented, and each of its examples is a command line that it takes.
func TestHelp(t *testing.T) {
	root := cmd.Root()
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		if c.Hidden || c.HasSubCommands() || c.Name() == "help" {
			return
		}
		if c.Short == "" || c.Example == "" && c.Name() != "version" {
			t.Errorf("%s lacks a short text or examples", c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s: --%s has no help", c.CommandPath(), f.Name)
			}
		})
		for line := range strings.Lines(c.Example) {
			line, _, _ = strings.Cut(line, " # ")
			words, ok := strings.CutPrefix(strings.TrimSpace(line), "ddb ")
			if !ok || strings.ContainsAny(words, "|>") {
				continue
			}
			checkExample(t, words)
		}
	}
	walk(root)
	if lines := strings.Count(must(t, run(t, "", nil, "--help")).out, "\n"); lines > 30 {
		t.Errorf("ddb --help has %d lines and fits no screen", lines)
	}
}

func checkExample(t *testing.T, line string) {
	t.Helper()
	root := cmd.Root() // fresh: flags keep what was parsed
	var args []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
			continue
		}
		args = append(args, strings.Fields(part)...)
	}
	c, rest, err := root.Find(args)
	if err != nil {
		t.Errorf("ddb %s: %v", line, err)
		return
	}
	if err := c.ParseFlags(rest); err != nil {
		t.Errorf("ddb %s: %v", line, err)
		return
	}
	if c.Args != nil && !strings.Contains(line, `"`) {
		if err := c.Args(c, c.Flags().Args()); err != nil {
			t.Errorf("ddb %s: %v", line, err)
		}
	}
}
