package cmd_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ddb-cli/ddb/cmd"
)

// noExitSleep is for programs that are watched for races: they sleep a second at their end unless told otherwise, and the tests start hundreds.
const noExitSleep = "atexit_sleep_ms=0"

func TestMain(m *testing.M) {
	if os.Getenv("DDB_TEST_MAIN") != "" { // the test binary as ddb, for tests on a pseudo-terminal
		os.Exit(cmd.Main())
	}
	testscript.Main(m, map[string]func(){"ddb": func() { os.Exit(cmd.Main()) }})
}

// TestScripts runs the program as a person or a script does. Each script has a home, a store and a configuration of its own, and no way to AWS.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "../testdata/script",
		Setup: func(e *testscript.Env) error {
			for name, value := range map[string]string{
				"HOME": e.WorkDir, "USERPROFILE": e.WorkDir, "XDG_DATA_HOME": e.WorkDir + "/.data", "XDG_CONFIG_HOME": e.WorkDir + "/.config",
				"XDG_CACHE_HOME": e.WorkDir + "/.cache", "AWS_EC2_METADATA_DISABLED": "true", "GORACE": noExitSleep, "AWS_MAX_ATTEMPTS": "1", "TZ": "UTC",
			} {
				e.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"eventually": eventually,
			"exits":      exits,
			"let":        let,
			"many":       many,
			"spoil":      spoil,
		},
		RequireExplicitExec: true,
	})
}

// exits runs a command that has to end with a given code: exits 3 ddb get Orders x.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// eventually runs a command until what it prints matches a pattern, or with ! no longer does: eventually PATTERN COMMAND…
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: eventually PATTERN COMMAND…")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := ts.Exec(args[1], args[2:]...)
		if err == nil && pattern.MatchString(ts.ReadFile("stdout")) != neg {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("after a minute it still prints %q (%v)", ts.ReadFile("stdout"), err)
		}
	}
}

// let keeps what the last command printed in a variable: let URL.
func let(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: let NAME")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// spoil overwrites the middle third of the largest file a pattern names, where its rows are: spoil DIR/*.sst.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: spoil PATTERN")
	}
	names, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	var largest string
	var data []byte
	for _, name := range names {
		if d := ts.ReadFile(name); len(d) > len(data) {
			largest, data = name, []byte(d)
		}
	}
	if len(data) < 3 {
		ts.Fatalf("no file to spoil: %s", args[0])
	}
	third := len(data) / 3
	copy(data[third:2*third], bytes.Repeat([]byte{0x5a}, third))
	ts.Check(os.WriteFile(largest, data, 0o600))
}

// many makes JSON lines of so many items in a file of that number: many 2000.
func many(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: many NUMBER")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `{"id":"k%05d","hash":"%x"}`+"\n", i, sha256.Sum256([]byte{byte(i), byte(i >> 8)}))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}
