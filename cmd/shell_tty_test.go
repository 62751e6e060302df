//go:build linux || darwin

package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// shellOnTerminal is a shell of a new store, at its first prompt.
func shellOnTerminal(t *testing.T) *tty {
	t.Helper()
	local := home(t)
	x := onTerminal(t, filepath.Dir(strings.TrimPrefix(local, "--local=")), "shell", local)
	x.expect("ddb local> ")
	return x
}

// Keys that come before the prompt, or while a statement runs, are not lost.
func TestShellTakesWhatWasTypedAhead(t *testing.T) {
	local := home(t)
	x := onTerminal(t, filepath.Dir(strings.TrimPrefix(local, "--local=")), "shell", local)
	x.send("table create Orders --keys c:S,n:N --wait --query TableStatus\rinsert into Orders value {'c':'a','n':1};\rselect c,\rn from Orders;\r")
	x.expect("│ a │ 1 │")
	x.send("table list\r\\q\r")
	if code := x.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(x.screen(), "Orders\r\n") {
		t.Errorf("the list was not shown:\n%q", x.screen())
	}
}

// A person's shell: several lines, completion by Tab, an error and Ctrl-C that do not end it, and a history for its owner only.
func TestShellOnTerminal(t *testing.T) {
	local := home(t)
	dir := filepath.Dir(strings.TrimPrefix(local, "--local="))
	x := onTerminal(t, dir, "shell", local)
	x.expect("ddb local> ")
	x.send("table create Orders --keys c:S,n:N --wait --query TableStatus\r")
	x.expectAt("ddb local> ", "ACTIVE")
	x.send("insert into Orders value {'c':'a','n':1,'status':'open'};\r")
	x.expectAt("ddb local> ", "capacity unit")
	x.send("select * from Ord\t")
	x.expect("ers")
	x.send("\r")
	x.expect("      ...> ")
	x.send("where sta\t")
	x.expect("tus")
	x.send("='o\t;\r")
	x.expectAt("ddb local> ", "│ a │ 1 │ open")
	x.send("bogus\r")
	x.expectAt("ddb local> ", `unknown command "bogus"`)
	x.send("\\d Ord\t\r")
	x.expectAt("ddb local> ", "on demand")
	x.send("table describe Orders --wairt=\t\t\x15bogus\r")
	x.expectAt("ddb local> ", `unknown command "bogus"`)
	if strings.Contains(x.screen(), "[Error]") {
		t.Errorf("the line is broken by a message:\n%q", x.screen())
	}
	x.send("select * from")
	x.expect("from")
	x.send("\x03")
	x.expect("ddb local> ")
	x.send("delete Orders a 1\r")
	x.expect("[y/N]")
	x.send("n\r")
	x.expectAt("ddb local> ", "not confirmed")
	x.send("begin\r")
	x.expect("ddb local*> ")
	x.send("insert into Orders value {'c':'z','n':1};\r")
	x.expectAt("ddb local*> ", "1 statement in the transaction")
	x.send("\x04")
	x.expect("the transaction was not committed: 1 statement forgotten")
	if code := x.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	name := filepath.Join(dir, "state", "ddb", "shell_history")
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the history is %v, want it for its owner only", info.Mode())
	}
	text, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(text), "select * from Orders") {
		t.Errorf("history %s, %v", text, err)
	}
	got := must(t, run(t, "", nil, "scan", "Orders", "--count", local))
	if got.out != "1\n" {
		t.Errorf("%s items, want 1", got.out)
	}
}

// Ctrl-C gives a line up at any time: also with a menu of completions open, and where more keys come in one read with it.
func TestShellGivesUpALine(t *testing.T) {
	x := shellOnTerminal(t)
	x.send("table create Orders --keys c:S --wait --query TableStatus\r")
	x.expectAt("ddb local> ", "ACTIVE")
	x.send("select * from Orders where \t\t")
	x.expect("attribute_type(")
	x.send("\x03")
	x.expect("ddb local> ")
	x.send("table list\r")
	x.expectAt("ddb local> ", "Orders\r\n")
	x.send("bogus\x03table describe Orders --query TableStatus\r")
	x.expectAt("ddb local> ", "ACTIVE")
	if strings.Contains(x.screen(), "bogustable") || strings.Contains(x.screen(), "unknown command") {
		t.Errorf("the line was not given up:\n%q", x.screen())
	}
	x.send("select *\rfrom Ord")
	x.expect("from Ord")
	x.send("\x03")
	x.expect("ddb local> ")
	x.send("\\q\r")
	if code := x.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// A backslash command in the midst of a statement is done, and the statement goes on; a commit there is refused.
func TestShellCommandsInTheMidstOfAStatement(t *testing.T) {
	x := shellOnTerminal(t)
	x.send("table create Orders --keys c:S --wait --query TableStatus\r")
	x.expectAt("ddb local> ", "ACTIVE")
	x.send("insert into Orders value {'c':'a'};\r")
	x.expectAt("ddb local> ", "capacity unit")
	x.send("select *\r")
	x.expect("      ...> ")
	x.send("\\timing\r")
	x.expectAt("      ...> ", "not ended yet, by a semicolon: select *")
	if !strings.Contains(x.screen(), "timing is on") {
		t.Errorf("the command was not done:\n%q", x.screen())
	}
	x.send("commit\r")
	x.expectAt("      ...> ", "commit stands in the midst of a statement")
	x.send("from Orders where c = 'a\r")
	x.expect("      ..'> ")
	x.send("\x03")
	x.expectAt("ddb local> ", "")
	x.send("select *\r")
	x.expect("      ...> ")
	x.send("\\d Or\t\r")
	x.expectAt("      ...> ", "not ended yet")
	x.send("from Orders;\r")
	x.expectAt("ddb local> ", "│ a │")
	x.send("delete from Orders where c = ;\r")
	x.expectAt("ddb local> ", "Missing right-hand side")
	if strings.Contains(x.screen(), "[y/N]") {
		t.Errorf("asked about a statement that cannot be read:\n%q", x.screen())
	}
	x.send("select\r")
	x.expect("      ...> ")
	x.send("\\q\r")
	x.expect("not run, for it has no semicolon: select")
	if code := x.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// SIGTERM ends a shell also while it waits for a line.
func TestShellIsTerminatedAtThePrompt(t *testing.T) {
	x := shellOnTerminal(t)
	x.send("begin\r")
	x.expect("ddb local*> ")
	if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := x.end(); code != 143 || !strings.Contains(x.screen(), "the transaction was not committed") {
		t.Errorf("exit code %d, %q", code, x.screen())
	}
}
