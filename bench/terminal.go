package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

const (
	// scanned is how many items of scannedSize bytes the scan of the terminal's goals reads.
	scanned     = 100_000
	scannedSize = 300
	// sharedRuns is how often the long commands run.
	sharedRuns = 5
)

// measureTerminal measures commands as a script starts them, each a process of its own, on a server of loopback. On a machine that others
// use as well their CPU time holds, and the fastest of several runs.
func measureTerminal(ctx context.Context, binary, dir string) error {
	address, port, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	home := filepath.Join(dir, "terminal")
	running, err := start(ctx, address, quiet(home), binary, "local", "start", "--port", port, "--in-memory")
	if err != nil {
		return err
	}
	defer running.stop()
	env := append(quiet(home), "AWS_ENDPOINT_URL_DYNAMODB="+running.url, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=bench", "AWS_SECRET_ACCESS_KEY=bench")

	starts, err := timed(ctx, env, binary, "--version")
	if err != nil {
		return err
	}
	line("ddb --version, fastest (median)", fmt.Sprintf("%.1f (%.1f) ms", ms(starts.fastest), ms(starts.median)), "≤ 25 ms")

	if _, err := once(ctx, env, nil, binary, "table", "create", "Bench", "--keys", "pk:S,sk:S", "--wait"); err != nil {
		return err
	}
	put, err := once(ctx, env, lines(scanned), binary, "put", "Bench", "-")
	if err != nil {
		return err
	}
	line(fmt.Sprintf("ddb put Bench - of %d items of %d bytes, CPU", scanned, scannedSize), fmt.Sprintf("%.2f s, %.0f MiB", put.CPU.Seconds(), put.Most), "none")

	gets, err := timed(ctx, env, binary, "get", "Bench", "p00001", "s000101")
	if err != nil {
		return err
	}
	line("ddb get Bench p00001 s000101, fastest (median)", fmt.Sprintf("%.1f (%.1f) ms", ms(gets.fastest), ms(gets.median)), "≤ 32 ms")
	line("  CPU at the least; resident at the most", fmt.Sprintf("%.1f ms, %.1f MiB", ms(gets.cpu), gets.most), "≤ 32 MiB")

	all := make([]figures, sharedRuns)
	for i := range all {
		if all[i], err = once(ctx, env, nil, binary, "scan", "Bench", "-o", "jsonl"); err != nil {
			return err
		}
		if all[i].Lines != scanned {
			return fmt.Errorf("ddb scan wrote %d lines, want %d", all[i].Lines, scanned)
		}
	}
	scans := summary(all)
	line(fmt.Sprintf("ddb scan Bench -o jsonl of %d items, CPU", scanned), fmt.Sprintf("%.2f s, %.0f MiB", scans.cpu.Seconds(), scans.most), "≤ 1.5 s, ≤ 60 MiB")
	line("  to the first line, and to the end", fmt.Sprintf("%.0f ms, %.0f ms", ms(scans.first), ms(scans.median)), "after a page")
	return nil
}

// lines are items of scannedSize bytes as JSON lines.
func lines(n int) *bytes.Buffer {
	var b bytes.Buffer
	for i := range n {
		from := b.Len()
		fmt.Fprintf(&b, `{"pk":"p%05d","sk":"s%06d","n":%d,"status":"open","text":"`, i/partition, i, i)
		b.WriteString(strings.Repeat("x", scannedSize-(b.Len()-from)-len(`"}`)))
		b.WriteString("\"}\n")
	}
	return &b
}
