package storage

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// killedDir names, in the environment of a child, the directory it writes to until it is killed.
const killedDir = "DDB_TEST_KILLED_DIR"

// TestFlushFSKeepsAcknowledgedWritesOfAKilledProcess starts a child that writes and reports each acknowledged write,
// kills it without warning while it does, and looks for every write it reported.
func TestFlushFSKeepsAcknowledgedWritesOfAKilledProcess(t *testing.T) {
	if dir := os.Getenv(killedDir); dir != "" {
		writeUntilKilled(dir)
		return
	}
	dir := t.TempDir()
	var first, last uint64
	for round := range 4 {
		first = last
		last = killDuringWrites(t, dir, time.Duration(40+35*round)*time.Millisecond)
		if last <= first {
			t.Fatalf("round %d: the child acknowledged nothing", round)
		}
		db := openFlushed(t, dir)
		for n := uint64(1); n <= last; n++ {
			value, closer, err := db.Get(binary.BigEndian.AppendUint64(nil, n))
			if err != nil {
				t.Fatalf("round %d: write %d of %d was acknowledged and is lost: %v", round, n, last, err)
			}
			if got := binary.BigEndian.Uint64(value); got != n {
				t.Fatalf("round %d: write %d holds %d", round, n, got)
			}
			_ = closer.Close()
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d acknowledged writes over 4 kills, none lost", last)
}

// killDuringWrites runs the child for as long as told after its first write and returns the last write it reported.
func killDuringWrites(t *testing.T, dir string, after time.Duration) uint64 {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), killedDir+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var last uint64
	var killer *time.Timer
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, err := strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil { // the kill cut the line: it was not acknowledged whole
			continue
		}
		last = max(last, n)
		if killer == nil {
			killer = time.AfterFunc(after, func() { _ = child.Process.Kill() })
			defer killer.Stop()
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself; it was to be killed while writing")
	}
	return last
}

// writeUntilKilled writes ascending numbers, going on behind the last one it finds, and reports each acknowledged one.
func writeUntilKilled(dir string) {
	db, err := pebble.Open(dir, &pebble.Options{FS: FlushFS(vfs.Default), Logger: silent{}})
	if err != nil {
		fmt.Fprintln(os.Stderr, "open:", err)
		os.Exit(3)
	}
	next := uint64(1)
	it, err := db.NewIter(nil)
	if err != nil {
		os.Exit(3)
	}
	if it.Last() {
		next = binary.BigEndian.Uint64(it.Key()) + 1
	}
	_ = it.Close()
	// A bound, so that a parent that died leaves no process behind.
	for limit := time.Now().Add(20 * time.Second); time.Now().Before(limit); next++ {
		key := binary.BigEndian.AppendUint64(nil, next)
		if err := db.Set(key, key, pebble.Sync); err != nil {
			os.Exit(3)
		}
		_, _ = fmt.Fprintf(os.Stdout, "%d\n", next)
	}
	os.Exit(0)
}

func openFlushed(t *testing.T, dir string) *pebble.DB {
	t.Helper()
	db, err := pebble.Open(dir, &pebble.Options{FS: FlushFS(vfs.Default), Logger: silent{}})
	if err != nil {
		t.Fatalf("reopen: %v", err)
	}
	return db
}

// silent keeps Pebble's own log out of the test's output.
type silent struct{}

func (silent) Infof(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
func (silent) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf(format, args...))
}
