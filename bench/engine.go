package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"
)

// subject is one server to measure, and the best of what was measured.
type subject struct {
	name  string
	start func(ctx context.Context, round int) (*server, error)
	check bool

	results        []result
	started        time.Duration
	idle, loaded   float64 // resident, MiB
	idleA, loadedA float64 // anonymous, MiB
}

// goals are engine.md's reach, as multiples of the limit in the same run.
var goals = map[string]float64{"GetItem": 1.5, "PutItem": 1.8, "UpdateItem": 2.2, "Query": 3, "BatchWriteItem": 6, "TransactWriteItems": 4, "Scan, ms": 4}

func measureEngine(ctx context.Context, o options, dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	local := func(args ...string) func(context.Context, int) (*server, error) {
		return func(ctx context.Context, round int) (*server, error) {
			address, port, err := freeAddress(ctx)
			if err != nil {
				return nil, err
			}
			home := filepath.Join(dir, fmt.Sprintf("home-%s-%d", args[0], round))
			return start(ctx, address, quiet(home), o.binary, append([]string{"local", "start", "--port", port}, args...)...)
		}
	}
	subjects := []*subject{
		{name: "limit", start: func(ctx context.Context, _ int) (*server, error) {
			address, _, err := freeAddress(ctx)
			if err != nil {
				return nil, err
			}
			return start(ctx, address, os.Environ(), self, "-n", strconv.Itoa(o.items), "-serve-floor", address)
		}},
		{name: "memory", check: true, start: local("--in-memory")},
		{name: "disk", check: true, start: func(ctx context.Context, round int) (*server, error) {
			return local("--data", filepath.Join(dir, fmt.Sprintf("store-%d", round)))(ctx, round)
		}},
	}
	for _, e := range o.endpoints {
		subjects = append(subjects, &subject{name: e.name, check: true, start: func(context.Context, int) (*server, error) {
			return &server{url: e.url, pid: e.pid}, nil
		}})
	}
	for round := range o.rounds {
		for _, s := range subjects {
			if err := s.measure(ctx, o, round); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	report(subjects)
	return nil
}

// measure runs the workload once on a fresh server and keeps the better of it and earlier rounds.
func (s *subject) measure(ctx context.Context, o options, round int) error {
	running, err := s.start(ctx, round)
	if err != nil {
		return err
	}
	defer running.stop()
	time.Sleep(time.Second) // what a start leaves to be done in the background is not the first operation's cost
	if s.idle, s.idleA, err = memory(running.pid); err != nil && running.pid != 0 {
		return err
	}
	w := workload{client: newClient(running.url, o.clients), items: o.items, clients: o.clients, check: s.check, cpu: running.cpu}
	results, err := w.drive(ctx)
	if err != nil {
		return err
	}
	if running.pid != 0 {
		if s.loaded, s.loadedA, err = memory(running.pid); err != nil {
			return err
		}
	}
	if s.started == 0 || running.started < s.started {
		s.started = running.started
	}
	if s.results == nil {
		s.results = results
	}
	for i, r := range results {
		if r.cpu < s.results[i].cpu {
			s.results[i] = r
		}
	}
	return nil
}

func report(subjects []*subject) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "server CPU, µs a call\t")
	for i, s := range subjects {
		fmt.Fprintf(w, "%s\t", s.name)
		if i > 0 {
			fmt.Fprint(w, "× limit\t")
		}
	}
	fmt.Fprint(w, "goal\tmedian, memory\tp99, memory\t\n")
	limit := subjects[0]
	for i, r := range limit.results {
		fmt.Fprintf(w, "%s\t", r.name)
		for j, s := range subjects {
			fmt.Fprintf(w, "%.0f\t", s.results[i].cpu)
			if j > 0 {
				fmt.Fprintf(w, "%.2f\t", s.results[i].cpu/cmp.Or(r.cpu, 1))
			}
		}
		memory := subjects[1].results[i]
		fmt.Fprintf(w, "≤ %.1f\t%v\t%v\t\n", goals[r.name], memory.median.Round(time.Microsecond), memory.p99.Round(time.Microsecond))
	}
	_ = w.Flush() // into standard output, where the next line fails as well
	fmt.Println()
	for _, s := range subjects {
		fmt.Printf("%-8s first answer after %v; resident (anonymous) %.0f (%.0f) MiB idle, %.0f (%.0f) MiB after the load\n",
			s.name, s.started.Round(100*time.Microsecond), s.idle, s.idleA, s.loaded, s.loadedA)
	}
	fmt.Println()
}
