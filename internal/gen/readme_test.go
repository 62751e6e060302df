package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// step is a command of the README with the output that stands below it.
type step struct {
	command, output string
}

// consoleSteps reads the fenced blocks of kind console: lines that begin with "$ " are commands, what follows is output.
func consoleSteps(page string) []step {
	var steps []step
	for _, block := range regexp.MustCompile("(?ms)^```console\n(.*?)^```").FindAllStringSubmatch(page, -1) {
		for line := range strings.Lines(block[1]) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				steps = append(steps, step{command: strings.TrimSuffix(command, "\n")})
			} else if len(steps) > 0 {
				steps[len(steps)-1].output += line
			}
		}
	}
	return steps
}

// What the README shows is what happens: each command of its tour is run by a shell, in order, on an empty store, and
// gives the output shown.
func TestReadmeTour(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("the README's tour is written for a POSIX shell, and this system has none")
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	steps := consoleSteps(string(readme))
	if len(steps) < 10 {
		t.Fatalf("the tour has %d commands, which is none to speak of", len(steps))
	}
	home := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(home, "bin", "ddb"), "./cmd/ddb")
	build.Dir = root
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	env := append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home,
		"PATH="+filepath.Join(home, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, s := range steps {
		if setting, ok := strings.CutPrefix(s.command, "export "); ok {
			env = append(env, setting)
			continue
		}
		c := exec.CommandContext(t.Context(), shell, "-c", s.command)
		c.Env, c.Dir = env, home
		got, _ := c.CombinedOutput() // some steps show a failure; the text says so
		if diff := cmp.Diff(s.output, string(got)); diff != "" {
			t.Errorf("$ %s\n(-README +now):\n%s", s.command, diff)
		}
	}
}
