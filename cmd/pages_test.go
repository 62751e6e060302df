package cmd_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A page of the documentation whose commands run: a comment "setup", and console blocks in which lines that begin with "$ " are commands and what follows is what
// they print, on both streams, with [exit N] where the code is not 0.
type page struct {
	setup string
	steps []step
}

type step struct{ command, output string }

var (
	setupPart    = regexp.MustCompile(`(?s)<!-- setup\n(.*?)-->`)
	consolePart  = regexp.MustCompile("(?ms)^```console\n(.*?)^```")
	taskHeadings = regexp.MustCompile(`(?m)^### \d+\. `)
)

func readPage(t *testing.T, name string) (page, string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	var p page
	if m := setupPart.FindStringSubmatch(text); m != nil {
		p.setup = m[1]
	}
	for _, block := range consolePart.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				p.steps = append(p.steps, step{command: strings.TrimSuffix(command, "\n")})
			} else if len(p.steps) > 0 {
				p.steps[len(p.steps)-1].output += line
			}
		}
	}
	return p, text
}

// play runs a page on an empty store, without a terminal.
func play(t *testing.T, p page) {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("the pages are written for a POSIX shell, and this system has none")
	}
	home := t.TempDir()
	env := append(os.Environ(), "GORACE="+noExitSleep)
	for name, value := range map[string]string{
		"HOME": home, "XDG_DATA_HOME": home + "/.data", "XDG_CONFIG_HOME": home + "/.config", "XDG_CACHE_HOME": home + "/.cache",
		"DDB_LOCAL": "1", "TZ": "UTC", "AWS_EC2_METADATA_DISABLED": "true", "AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "",
	} {
		env = append(env, name+"="+value)
	}
	run := func(text string) string {
		c := exec.CommandContext(t.Context(), shell, "-c", text)
		c.Env, c.Dir = env, home
		out, err := c.CombinedOutput()
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			return string(out) + "[exit " + strconv.Itoa(exit.ExitCode()) + "]\n"
		}
		return string(out)
	}
	if out := run("set -e\n" + p.setup); strings.Contains(out, "[exit ") {
		t.Fatalf("setup: %s", out)
	}
	for _, s := range p.steps {
		if diff := cmp.Diff(s.output, run(s.command)); diff != "" {
			t.Errorf("$ %s\n(-page +now):\n%s", s.command, diff)
		}
	}
}

// The measure of the command line: everyday tasks, at least forty, each one command that works where nobody can be asked, of at most 70 characters on average.
func TestTasks(t *testing.T) {
	t.Parallel()
	p, text := readPage(t, "tasks.md")
	total := 0
	for _, s := range p.steps {
		total += len([]rune(s.command))
	}
	if n := len(taskHeadings.FindAllString(text, -1)); n < 40 || n != len(p.steps) {
		t.Fatalf("%d tasks and %d commands; there are forty, with one command each", n, len(p.steps))
	}
	mean := float64(total) / float64(len(p.steps))
	t.Logf("%d tasks, %.1f characters on average", len(p.steps), mean)
	if mean > 70 {
		t.Errorf("%.1f characters on average, and 70 are the most", mean)
	}
	play(t, p)
}

// The pages whose commands are part of the interface print what they say.
func TestPages(t *testing.T) {
	for _, name := range []string{"expressions.md", "scripting.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _ := readPage(t, name)
			if len(p.steps) < 10 {
				t.Fatalf("%d commands", len(p.steps))
			}
			play(t, p)
		})
	}
}

// Each ddb command of the cheat sheet's tables works.
func TestCheatSheet(t *testing.T) {
	t.Parallel()
	p, text := readPage(t, "cheatsheet.md")
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		command, ok := strings.CutPrefix(strings.TrimSuffix(cells[len(cells)-1], " |"), "`ddb ")
		if ok {
			p.steps = append(p.steps, step{command: "{ ddb " + strings.TrimSuffix(command, "`") + "; } >out 2>err || { c=$?; cat err; exit $c; }"})
		}
	}
	if len(p.steps) < 45 {
		t.Fatalf("%d commands", len(p.steps))
	}
	play(t, p)
}
