package cmd_test

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ddb-cli/ddb/cmd"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ddb": func() { os.Exit(cmd.Main()) }})
}

// TestScripts runs the program as a person or a script does. Each script has a home, a store and a configuration of its own, and no way to AWS.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "../testdata/script",
		Setup: func(e *testscript.Env) error {
			for name, value := range map[string]string{
				"HOME": e.WorkDir, "USERPROFILE": e.WorkDir, "XDG_DATA_HOME": e.WorkDir + "/.data", "XDG_CONFIG_HOME": e.WorkDir + "/.config",
				"XDG_CACHE_HOME": e.WorkDir + "/.cache", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", "TZ": "UTC",
			} {
				e.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
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
