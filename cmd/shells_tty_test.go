//go:build linux || darwin

package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Completion as a person has it: a login shell on a pseudo-terminal reads its script, and Tab is pressed. bash has no package bash-completion there.
func TestShellsComplete(t *testing.T) {
	shells := map[string]struct{ args, setup []string }{
		"bash": {[]string{"--norc", "--noprofile", "-i"}, []string{`eval "$(ddb completion bash)"`}},
		"zsh":  {[]string{"-f", "-i"}, []string{"PS1='> '", "autoload -U compinit && compinit -u -D", "source <(ddb completion zsh)"}},
		"fish": {[]string{"--no-config", "-i"}, []string{"function fish_prompt; echo '> '; end", "function fish_greeting; end", "set -g fish_autosuggestion_enabled 0", "ddb completion fish | source"}},
	}
	for name, s := range shells {
		t.Run(name, func(t *testing.T) {
			shell, err := exec.LookPath(name)
			if err != nil {
				t.Skipf("%s is not on this machine", name)
			}
			dir := t.TempDir()
			setUp := "ddb table create Orders --keys id:S --index 'ByStatus=status:S' && ddb put Orders '{\"id\":\"a\",\"total\":5}' && ddb config set --context toy local on"
			if out, code := shellIn(t.Context(), "sh", dir, setUp, false); code != 0 {
				t.Fatal(out)
			}
			if err := os.WriteFile(filepath.Join(dir, "aws"), []byte("[profile staging]\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			c := exec.Command(shell, s.args...)
			c.Dir = dir
			c.Env = append(os.Environ(), "GORACE="+noExitSleep, "HOME="+dir, "XDG_DATA_HOME="+filepath.Join(dir, ".data"), "XDG_CONFIG_HOME="+filepath.Join(dir, ".config"),
				"XDG_CACHE_HOME="+filepath.Join(dir, ".cache"), "DDB_LOCAL=1", "TERM=xterm", "AWS_CONFIG_FILE="+filepath.Join(dir, "aws"), "AWS_PROFILE=", "AWS_REGION=", "AWS_DEFAULT_REGION=")
			x := startOnTerminal(t, c)
			for _, line := range append(s.setup, "echo rea''dy") {
				x.send(line + "\r")
			}
			x.expect("ready")
			for _, step := range []struct{ typed, shown string }{
				{"ddb get Ord", "Orders"},
				{"ddb query Orders x --index By", "ByStatus"},
				{"ddb query Orders a:1#2 --index=By", "ByStatus"},
				{redirected[name], "ByStatus"},
				{"ddb scan Orders --columns tot", "total"},
				{"ddb scan Orders --columns id,tot", "total"},
				{"ddb table list --profile stag", "staging"},
				{"ddb table list --region eu-cen", "eu-central-"},
				{"ddb config use to", "toy"},
				{"ddb update Orders a --return updated-n", "updated-new"},
				{"ddb table desc", "describe"},
				{"ddb scan Orders --filter-e", "--filter-expression"},
			} {
				x.send(step.typed + "\t")
				x.expectLine(step.shown)
				x.send("\r") // the line is run: all of them are harmless, and the editor is at rest after it
				x.send("echo do''ne\r")
				x.expect("done")
			}
		})
	}
}

// redirected is a line with a redirection inside of it, for the shell whose script has to know of them.
var redirected = map[string]string{
	"bash": "ddb scan 2>/dev/null Orders --index By",
	"zsh":  "ddb scan Orders --index By",
	"fish": "ddb scan Orders --index By",
}

// expectLine waits for a text among what is shown, also where an editor paints it in pieces.
func (x *tty) expectLine(text string) {
	x.t.Helper()
	x.expectFunc(text, func(screen string) bool { return strings.Contains(withoutEscapes(screen), text) })
}

var escapes = regexp.MustCompile("\x1b\\[[^@-~]*[@-~]|\x1b.|[\x00-\x1f]")

// withoutEscapes is what was shown without what moves and colours it.
func withoutEscapes(s string) string { return escapes.ReplaceAllString(s, "") }
