package cmd

import (
	"slices"
	"testing"

	"github.com/ddb-cli/ddb/internal/ops/wait"
)

// What the terminal can wait for an assistant can wait for too, and the other way round.
func TestKindsOfWaits(t *testing.T) {
	var shell []string
	for _, w := range waitFors {
		shell = append(shell, w.kind)
	}
	for _, k := range wait.Kind("").Values() {
		if !slices.Contains(shell, string(k)) {
			t.Errorf("ddb wait has no %s", k)
		}
	}
	if n := len(wait.Kind("").Values()); n != len(shell) {
		t.Errorf("ddb wait has %v, wait_for %v", shell, wait.Kind("").Values())
	}
}
