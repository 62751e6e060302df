package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// driveBash asks bash for completions as its line editor would: what is printed are the words offered, one to a line. compopt works in a
// line editor only.
const driveBash = `compopt() { :; }
eval "$(ddb completion bash)"
read -r -a COMP_WORDS <<< "$WORDS"
COMP_CWORD=$((${#COMP_WORDS[@]}-1)) COMP_LINE="$WORDS" COMP_POINT=${#WORDS} COMP_TYPE=9
__start_ddb
for w in "${COMPREPLY[@]}"; do echo "${w%% *}"; done`

// Completion works in bash: tables, indexes, formats, commands and flags are offered for what was typed.
func TestBashCompletes(t *testing.T) {
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not on this machine")
	}
	dir := t.TempDir()
	if out, code := shellIn(t.Context(), shell, dir, "ddb table create Orders --keys id:S --index 'ByStatus=status:S' && ddb table create Others --keys id:S", false); code != 0 {
		t.Fatal(out)
	}
	for line, want := range map[string][]string{
		"ddb get Or":                   {"Orders"},
		"ddb get O":                    {"Orders", "Others"},
		"ddb table describe Ot":        {"Others"},
		"ddb query Orders x --index B": {"ByStatus"},
		"ddb scan Orders -o js":        {"json", "jsonl"},
		"ddb put Orders - --format cs": {"csv"},
		"ddb tab":                      {"table"},
		"ddb table desc":               {"describe"},
		"ddb scan --filter-e":          {"--filter-expression"},
		"ddb local st":                 {"start", "status", "stop"},
		"ddb completion f":             {"fish"},
	} {
		out, code := shellIn(t.Context(), shell, dir, "WORDS='"+line+"'\n"+driveBash, false)
		got := strings.Fields(out)
		slices.Sort(got)
		if code != 0 || !slices.Equal(got, want) {
			t.Errorf("%s: exit code %d, offered %q, want %q", line, code, got, want)
		}
	}
}

// The other shells read their scripts, where they are on the machine.
func TestShellsReadTheirScripts(t *testing.T) {
	for name, check := range map[string][]string{"zsh": {"zsh", "-n"}, "fish": {"fish", "--no-execute"}, "powershell": {"pwsh", "-NoProfile", "-File"}} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(check[0]); err != nil {
				t.Skipf("%s is not on this machine", check[0])
			}
			file := filepath.Join(t.TempDir(), "ddb.ps1")
			if err := os.WriteFile(file, []byte(must(t, run(t, "", nil, "completion", name)).out), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.CommandContext(t.Context(), check[0], append(check[1:], file)...).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
