package assistant

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/op"
)

func client(t testing.TB, name string) Client {
	t.Helper()
	c, err := ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var ours = Entry{Name: "dynamodb", Command: "/usr/bin/ddb", Args: []string{"serve-mcp", "--read-only"}}

// TestEdits runs the cases of testdata: a file before, what is done, and the file after.
func TestEdits(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for part := range strings.SplitSeq(strings.TrimPrefix(strings.TrimSuffix(string(text), "\n"), "== "), "\n== ") {
			title, rest, _ := strings.Cut(part+"\n", "\n")
			before, after, ok := strings.Cut(rest, "----\n")
			words := strings.Fields(title)
			if !ok || len(words) < 2 {
				t.Fatalf("%s: a case is: == CLIENT ACTION words, the file, ----, the file after: %s", file, title)
			}
			before, after = visible(before), visible(after)
			t.Run(title, func(t *testing.T) {
				c, err := run(client(t, words[0]), words[1], []byte(before))
				got := string(c.After)
				if err != nil {
					got = "error: " + err.Error() + "\n"
				}
				if strings.TrimSpace(after) == "the same" {
					after = before
				}
				if diff := cmp.Diff(after, got); diff != "" {
					t.Fatalf("-want +got:\n%s\n%s", diff, got)
				}
				if err != nil {
					return
				}
				again, err := run(client(t, words[0]), words[1], c.After)
				if words[1] == "migrate" {
					return // there is nothing left to migrate
				}
				if err != nil || again.Made() {
					t.Errorf("a second time changes the file again: %v\n%s", err, again.Diff())
				}
			})
		}
	}
}

// visible reads ␍ as a carriage return and ⇥ as a tab.
func visible(s string) string { return strings.NewReplacer("␍", "\r", "⇥", "\t").Replace(s) }

func run(c Client, action string, text []byte) (Change, error) {
	switch action {
	case "install":
		return c.Install("mcp.json", text, ours, false)
	case "replace":
		return c.Install("mcp.json", text, ours, true)
	case "migrate":
		return c.Migrate("mcp.json", text, ours)
	case "uninstall":
		return c.Uninstall("mcp.json", text, "dynamodb", false)
	case "force":
		return c.Uninstall("mcp.json", text, "dynamodb", true)
	}
	return Change{}, errors.New("no such action " + action)
}

// What is put into any client's file comes out again, and the rest of the file is what it was, byte for byte.
func TestInstallThenUninstall(t *testing.T) {
	files := map[bool][]string{
		false: {
			"", "{}", "{}\n", "{ }", "{\n}\n", `{"theme":"dark"}`, "{\n  \"theme\": \"dark\"\n}\n", "{\n\t\"theme\": \"dark\", // night\n\t// the end\n}\n",
			"{\n  \"%[1]s\": {\n    \"other\": {\"command\": \"x\"}\n  }\n}\n", "{\r\n    \"%[1]s\": {\r\n        \"other\": {\r\n            \"command\": \"x\"\r\n        }\r\n    },\r\n    \"z\": 1\r\n}\r\n",
			`{"%[1]s":{"other":{"command":"x"}},"n":12345678901234567890.10}`, "// mine\n{\"%[1]s\": {\n  /* first */ \"other\": {\"command\": \"x\"}, // second\n}}\n",
			"\xef\xbb\xbf{\n  \"a\": [1, 2,],\n}\n",
		},
		true: {
			"", "model = \"gpt\"\n", "model = \"gpt\"", "# mine\n[%[1]s.other] # theirs\ncommand = \"x\"\nargs = [\n  \"a\", # one\n]\n", "\xef\xbb\xbfa = 1\r\n",
			"[[profiles]]\nname = '''\n[%[1]s.dynamodb]\n'''\n\n[projects.\"/src/a.b\"]\ntrust = \"on\"\n",
		},
	}
	for _, c := range Clients {
		for i, pattern := range files[c.toml] {
			text := pattern
			if strings.Contains(pattern, "%[1]s") {
				text = fmt.Sprintf(pattern, c.servers[0])
			}
			t.Run(fmt.Sprintf("%s/%d", c.Name, i), func(t *testing.T) {
				in, err := c.Install("f", []byte(text), ours, false)
				if err != nil {
					t.Fatal(err)
				}
				d, err := c.open("f", in.After)
				if err != nil {
					t.Fatal(err)
				}
				if !isOurs("dynamodb", d.servers()["dynamodb"]) {
					t.Fatalf("the entry is not there:\n%s", in.After)
				}
				out, err := c.Uninstall("f", in.After, "dynamodb", false)
				if err != nil {
					t.Fatal(err)
				}
				before, _ := c.open("f", []byte(text))
				after, err := c.open("f", out.After)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.without(before, nil), c.without(after, nil)); diff != "" {
					t.Errorf("what is left differs (-before +after):\n%s\n%s", diff, out.After)
				}
				for _, word := range []string{"// night", "// the end", "/* first */", "// second", "// mine", "# mine", "# theirs", "# one"} {
					if strings.Contains(text, word) != strings.Contains(string(out.After), word) {
						t.Errorf("the comment %s is lost:\n%s", word, out.After)
					}
				}
			})
		}
	}
}

func TestFaultsHaveAPlace(t *testing.T) {
	for _, c := range []struct{ client, text, want string }{
		{"cursor", "{\n  \"mcpServers\": {\n    \"a\": }\n}", "mcp.json:3:10: a value is expected"},
		{"cursor", "{\n  \"a\": 1\n  \"b\": 2\n}", "mcp.json:3:3: a comma or } is expected, and '\"' is there"},
		{"cursor", "{\"a\": \"ü\", b}", `mcp.json:1:12: a name in quotation marks is expected, and 'b' is there`},
		{"cursor", "{\"a\": 1", "mcp.json:1:8: the text ends where a comma or } is expected"},
		{"cursor", "[]", "mcp.json:1:1: an object is expected at the top"},
		{"cursor", "{} {}", "mcp.json:1:4: there is more behind the end"},
		{"cursor", "{\"a\": \"x\ny\"}", "mcp.json:1:7: the string does not end on its line"},
		{"cursor", "{/* }", "mcp.json:1:2: the comment does not end"},
		{"cursor", `{"mcpServers": []}`, `mcp.json:1:16: "mcpServers" is expected to hold an object`},
		{"cursor", `{"mcpServers": {}, "mcpServers": {}}`, `mcp.json:1:20: "mcpServers" is there twice`},
		{"cursor", `{"mcpServers": {"dynamodb": 7}}`, "starts something else: 7"},
		{"cursor", `{"a": 1 2}`, "mcp.json:1:9: a comma or } is expected"},
		{"cursor", strings.Repeat(`{"a":`, 2000), "nested too deep"},
		{"codex", "a = 1\nb = \n", "mcp.json:2:5: "},
		{"codex", "[a]\n[a]\n", "mcp.json:"},
		{"codex", "[mcp_servers]\ndynamodb = { command = \"ddb\", args = [\"serve-mcp\"] }\n", "mcp.json:2:1: the entry \"dynamodb\" is not written as a table of its own"},
	} {
		_, err := client(t, c.client).Install("mcp.json", []byte(c.text), ours, false)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: %v; want %s", c.text, err, c.want)
		}
		if known, ok := errors.AsType[*op.Error](err); err != nil && (!ok || known.Hint == "") {
			t.Errorf("%.60q: no hint with %v", c.text, err)
		}
	}
}

// FuzzInstall looks for texts that an edit breaks or that make it panic.
func FuzzInstall(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"mcpServers":{"dynamodb":{"command":"ddb","args":["serve-mcp"],"disabled":true}}}`, "{/**/\"mcpServers\":{//\n},}", "\xef\xbb\xbf{\"a\":[1,{},],}", "{\n\"mcpServers\": { \"a\": {}\n, \"b\": 1 } }"} {
		f.Add(seed, false)
	}
	for _, seed := range []string{"", "a = 1", "[mcp_servers.dynamodb]\ncommand='ddb'\nargs=[ 'serve-mcp', # x\n]\n[mcp_servers.dynamodb.env]\nA=\"\"\"\n\"\"\"", "mcp_servers.dynamodb.command = \"ddb\"", "[mcp_servers]\n\"dynamodb\" = {}"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, isTOML bool) {
		c := client(t, "cursor")
		if isTOML {
			c = client(t, "codex")
		}
		in, err := c.Install("f", []byte(text), ours, true)
		if err != nil {
			if known, ok := errors.AsType[*op.Error](err); !ok || known.Code == op.CodeInternal {
				t.Fatalf("%v", err)
			}
			return
		}
		out, err := c.Uninstall("f", in.After, ours.Name, false)
		if err != nil {
			t.Fatalf("what was put in does not come out: %v\n%s", err, in.After)
		}
		if d, err := c.open("f", out.After); err != nil || d.servers()[ours.Name] != nil {
			t.Fatalf("it is still there: %v\n%s", err, out.After)
		}
	})
}

// An entry is ours by what it starts, and not only where the program is called ddb.
func TestIsOurs(t *testing.T) {
	for _, k := range []struct {
		name, command string
		args          []any
		want          bool
	}{
		{"dynamodb", "ddb", []any{"serve-mcp"}, true},
		{"shop", "/opt/homebrew/bin/ddb", []any{"--profile", "dev", "serve-mcp"}, true},
		{"shop", `C:\Tools\ddb.exe`, []any{"serve-mcp", "--read-only"}, true},
		{"shop", "/usr/local/bin/ddb-1.2.3", []any{"serve-mcp"}, true},
		{"dynamodb", "../bin/mytool", []any{"serve-mcp"}, true},
		{"awslabs.dynamodb-mcp-server", "mytool", []any{"serve-mcp"}, true},
		{"shop", "docker", []any{"run", "-i", "ghcr.io/ddb-cli/ddb", "serve-mcp"}, true},
		{"shop", "sh", []any{"-c", "exec ddb serve-mcp --read-only"}, true},
		{"shop", "mytool", []any{"serve-mcp"}, false},
		{"dynamodb", "node", []any{"db.js"}, false},
		{"dynamodb", "ddb", []any{"shell"}, false},
		{"dynamodb", "uvx", []any{"awslabs.dynamodb-mcp-server@1.0.3"}, false},
		{"dynamodb", "serve-mcp", nil, false},
	} {
		if got := isOurs(k.name, map[string]any{"command": k.command, "args": k.args}); got != k.want {
			t.Errorf("%s: %s %v: %v", k.name, k.command, k.args, got)
		}
	}
	if isOurs("dynamodb", map[string]any{"url": "http://127.0.0.1:8808/mcp"}) || isOurs("dynamodb", 7) {
		t.Error("what starts nothing is ours")
	}
}
