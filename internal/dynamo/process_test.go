package dynamo

import (
	"os"
	"os/exec"
	"testing"
)

// testProcess runs one test of this package in a process of its own, for what a process reads once.
func testProcess(t *testing.T, test string, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), env...)
	return cmd
}
