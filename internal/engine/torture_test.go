package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// tortured names, in the environment of a child, the directory it works on until it is killed.
const tortured = "DDB_TEST_TORTURED_DIR"

// DDB_TORTURE makes the tests of this file go on for a time such as 10m instead of a few seconds.
func tortureTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("DDB_TORTURE")
	if text == "" {
		return 2 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestKilledProcessKeepsWhatItAcknowledged kills a process at random instants while it keeps a ledger, several times over on one store: under writes,
// transactions, batches, the building and dropping of an index, expiry and backups.
func TestKilledProcessKeepsWhatItAcknowledged(t *testing.T) {
	if dir := os.Getenv(tortured); dir != "" {
		keepLedgerUntilKilled(dir)
		return
	}
	kills, rounds := 0, 0
	for end := time.Now().Add(tortureTime(t)); time.Now().Before(end); {
		dir := t.TempDir()
		claimed := map[string]string{}
		for range 6 { // then a new store, for the stream of an old one is long
			killChild(t, dir, time.Duration(rand.IntN(250))*time.Millisecond, claimed)
			kills++
			checkLedger(t, engine.Options{Dir: dir}, claimed, claimed)
			if t.Failed() {
				t.Fatalf("after kill %d", kills)
			}
			if time.Now().After(end) {
				break
			}
		}
		rounds += roundsOf(claimed)
	}
	t.Logf("%d kills, %d acknowledged rounds", kills, rounds)
}

func roundsOf(claimed map[string]string) (n int) {
	for _, worker := range []string{"w0", "w1", "w2"} {
		var done int
		_, _ = fmt.Sscan(claimed[worker], &done)
		n += done
	}
	return n
}

// keepLedgerUntilKilled reports each claim on a line.
func keepLedgerUntilKilled(dir string) {
	time.AfterFunc(20*time.Second, func() { os.Exit(0) }) // a parent that died leaves no process behind
	e, err := engine.Open(engine.Options{Dir: dir, TTLSweep: 20 * time.Millisecond})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(3)
	}
	l := &ledger{c: clientOf(e)}
	l.report = func(key, value string) { _, _ = fmt.Fprintf(os.Stdout, "%s=%s\n", key, value) }
	err = l.begin(context.Background())
	if err == nil {
		err = l.run(context.Background(), 300)
	}
	fmt.Println("error", err)
	os.Exit(3)
}

// killChild runs the child, kills it a while after its first claim, and adds what it claimed.
func killChild(t *testing.T, dir string, after time.Duration, claimed map[string]string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledProcessKeepsWhatItAcknowledged$")
	child.Env = append(os.Environ(), tortured+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	first := true
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // a line that the kill cut short claims nothing
		}
		key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			t.Errorf("the child reports %q", line)
			continue
		}
		if first {
			first = false
			defer time.AfterFunc(after, func() { _ = child.Process.Kill() }).Stop()
		}
		claimed[key] = value
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself; it was to be killed while writing")
	}
}

// TestPowerLoss cuts the power of a disk at random instants while a ledger is kept with Sync, and loses any part of what
// was not synced. Each time the work goes on where the crash left it.
func TestPowerLoss(t *testing.T) {
	cuts, rounds := 0, 0
	for end := time.Now().Add(tortureTime(t) / 2); time.Now().Before(end); {
		disk := storagetest.New()
		var claimed map[string]string
		for range 4 {
			disk, claimed = cutPower(t, disk, claimed)
			cuts++
			if t.Failed() {
				t.Fatalf("after cut %d", cuts)
			}
		}
		rounds += roundsOf(claimed)
	}
	t.Logf("%d cuts, %d acknowledged rounds", cuts, rounds)
}

// cutPower keeps a ledger on a disk for a while, cuts the power meanwhile, and checks what is left. It returns that.
func cutPower(t *testing.T, disk *storagetest.Disk, earlier map[string]string) (*storagetest.Disk, map[string]string) {
	t.Helper()
	options := func(disk *storagetest.Disk) engine.Options {
		return engine.Options{Dir: "ledger", Sync: true, TTLSweep: 20 * time.Millisecond, Storage: storage.Options{FS: disk}}
	}
	e, err := engine.Open(options(disk))
	if err != nil {
		t.Fatal(err)
	}
	l := &ledger{c: clientOf(e)}
	for key, value := range earlier {
		l.set(key, value)
	}
	if err := l.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Duration(100+rand.IntN(150))*time.Millisecond)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- l.run(ctx, 300) }()
	time.Sleep(time.Duration(20+rand.IntN(80)) * time.Millisecond)
	claimed := l.copy()
	left := disk.PowerLoss([]int{0, 50, 100}[rand.IntN(3)], rand.Uint64())
	later := l.copy()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	checkLedger(t, options(left), claimed, later)
	return left, claimed
}
