package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"
)

const (
	// scaleWork is how many calls of one item the large table gets. What a store of a gigabyte merges into its last level costs a second of
	// processor and comes every 200 MB that are written: the writes are so many that it is in them, and not by chance in one of them.
	scaleWork = 40_000
	// scaleWindows is how many parts an operation's calls are made in. Each is made on the small and on the large table in turn, so that what else
	// the machine does in those seconds falls on both.
	scaleWindows = 5
	// scalePages is how many pages of a scan are read, those of a million items.
	scalePages = 1000
)

// scaled is one of the two tables of a comparison, on a server of its own.
type scaled struct {
	workload
	server *server
	ops    []operation
	next   []int // the first call of the operation's next window
}

// measureScale imports a small and a large table, in memory and on disk, makes the same calls on both and shows how much more
// a call costs on the large one; then it shows calls a second as clients are added.
func measureScale(ctx context.Context, o options, dir string) error {
	for _, size := range []int{o.items, o.large} {
		if err := writeObjects(filepath.Join(dir, "s3", bucketOf(size)), size); err != nil {
			return err
		}
	}
	for _, kind := range []string{"memory", "disk"} {
		if err := scaleKind(ctx, o, dir, kind); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		fmt.Println()
	}
	return nil
}

// scaleKind compares the two tables of one kind of store.
func scaleKind(ctx context.Context, o options, dir, kind string) error {
	// Half as many calls tell as much of the small table, which has no large merges.
	small, err := openScaled(ctx, o, dir, kind, o.items, scaleWork/2)
	if err != nil {
		return err
	}
	defer small.server.stop()
	large, err := openScaled(ctx, o, dir, kind, o.large, scaleWork)
	if err != nil {
		return err
	}
	defer large.server.stop()
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s, server CPU, µs a call\t%d items\t%d items\tratio\tof single windows\tgoal\t\n", kind, o.items, o.large)
	for i, op := range large.ops {
		if !o.match.MatchString(op.name) {
			continue
		}
		var costs [2]float64
		var ratios []float64
		for range scaleWindows {
			var window [2]float64
			for j, t := range []*scaled{small, large} {
				if window[j], err = t.window(ctx, i); err != nil {
					return fmt.Errorf("%s, %d items: %w", op.name, t.items, err)
				}
				costs[j] += window[j] / scaleWindows
			}
			ratios = append(ratios, window[1]/max(window[0], 1))
		}
		fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%.2f\t%.2f–%.2f\t≤ 1.5\t\n", op.name, costs[0], costs[1], costs[1]/max(costs[0], 1), slices.Min(ratios), slices.Max(ratios))
	}
	_ = w.Flush() // into standard output, where the next line fails as well
	if o.match.String() != "" {
		return nil
	}
	return large.more(ctx, kind)
}

// openScaled starts a server and imports a table into it.
func openScaled(ctx context.Context, o options, dir, kind string, items, work int) (*scaled, error) {
	address, port, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("scale-%s-%d", kind, items)
	args := []string{"local", "start", "--port", port, "--s3-root", filepath.Join(dir, "s3")}
	if kind == "memory" {
		args = append(args, "--in-memory")
	} else {
		args = append(args, "--data", filepath.Join(dir, name))
	}
	s, err := start(ctx, address, quiet(filepath.Join(dir, "home-"+name)), o.binary, args...)
	if err != nil {
		return nil, err
	}
	t := &scaled{server: s, workload: workload{client: newClient(s.url, o.clients), items: items, clients: o.clients, check: true, cpu: s.cpu, work: work}}
	if err := t.load(ctx, kind, bucketOf(items)); err != nil {
		s.stop()
		return nil, err
	}
	page := t.pages()
	t.ops = append(t.operations(), operation{name: "Scan, a page of 1 MB", calls: scalePages, clients: 1, call: func(ctx context.Context, _ int) error {
		_, err := page(ctx)
		return err
	}})
	t.next = make([]int, len(t.ops))
	return t, nil
}

// load imports the table, waits until the server has settled and tells what it took.
func (t *scaled) load(ctx context.Context, kind, bucket string) error {
	before, began := t.cpu(), time.Now()
	if err := t.importFrom(ctx, bucket); err != nil {
		return err
	}
	took, used := time.Since(began), t.cpu()-before
	resident, anonymous, err := memory(t.server.pid)
	if err != nil {
		resident, anonymous = 0, 0 // no /proc: the table shows times alone
	}
	fmt.Printf("%s: ImportTable of %d items of 1 KB: %.1f s, %.1f s of server CPU, %.1f µs an item; resident (anonymous) %.0f (%.0f) MiB; goal for 1,000,000 ≤ 60 s\n",
		kind, t.items, took.Seconds(), used, used*1e6/float64(t.items), resident, anonymous)
	return t.settle()
}

// window makes a part of an operation's calls and tells what one of them cost, in microseconds of the server's processor, with what they left to
// be done in the background.
func (t *scaled) window(ctx context.Context, i int) (float64, error) {
	op := t.ops[i]
	op.calls = max(op.calls/scaleWindows, 1)
	before := t.cpu()
	if _, err := t.runFrom(ctx, op, t.next[i]); err != nil {
		return 0, err
	}
	t.next[i] += op.calls
	if err := t.settle(); err != nil {
		return 0, err
	}
	return (t.cpu() - before) * 1e6 / float64(op.calls), nil
}

// settle waits until the server does nothing any more in the background.
func (t *scaled) settle() error {
	const pause, idle, enough = 50 * time.Millisecond, 1e-3, 3 // seconds of processor in a pause; pauses
	calm := 0
	for range 1200 {
		before := t.cpu()
		time.Sleep(pause)
		if calm++; t.cpu()-before > idle {
			calm = 0
		}
		if calm == enough {
			return nil
		}
	}
	return errors.New("a minute after the last call the server is still at work")
}

// more makes the same calls with more and more clients, each on keys of its own. The server shares its processors with the clients, so
// that what it uses for a call tells more of whether they get into each other's way than how many calls there were.
func (t *scaled) more(ctx context.Context, kind string) error {
	for _, clients := range []int{1, 2, 4, 8} {
		t.clients = clients
		fmt.Printf("%s, %d items, %d clients:", kind, t.items, clients)
		for _, op := range t.operations()[:2] {
			op.calls = scaleWork / 8
			began := time.Now()
			r, err := t.run(ctx, op)
			if err != nil {
				return err
			}
			fmt.Printf("  %s %.0f a second, %.0f µs of CPU each", op.name, float64(op.calls)/time.Since(began).Seconds(), r.cpu)
		}
		fmt.Println()
	}
	return nil
}
