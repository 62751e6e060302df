//go:build linux || darwin

package cmd_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// On a terminal deleting says how many items went, also where there was none, about which nobody is asked.
func TestDeleteSaysHowManyItemsWent(t *testing.T) {
	local := home(t)
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "c:S", "--wait", local))
	must(t, run(t, "", nil, "put", "Orders", `{"c":"a"}`, local))
	dir := filepath.Dir(strings.TrimPrefix(local, "--local="))
	x := onTerminal(t, dir, "delete", "Orders", "a", local)
	x.expect("[y/N] ")
	x.send("y\r")
	x.expect("1 item, 1 capacity unit")
	if code := x.end(); code != 0 {
		t.Errorf("exit code %d: %q", code, x.screen())
	}
	x = onTerminal(t, dir, "delete", "Orders", "a", local)
	x.expect("0 items, 1 capacity unit")
	if code := x.end(); code != 0 || strings.Contains(x.screen(), "[y/N]") {
		t.Errorf("exit code %d: %q", code, x.screen())
	}
}
