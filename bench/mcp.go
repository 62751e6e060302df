package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// burst is how many calls of get_item one figure is made of, and bursts how often it is taken: servers take turns, and the
// best of each counts.
const (
	burst  = 5_000
	bursts = 3
)

// callFigures are what calls of one server cost.
type callFigures struct {
	rate   float64       // calls a second, one after the other
	cpu    float64       // the server's, µs a call
	median time.Duration // of one call
}

// measureCalls compares a call over MCP with one to a server that has a single tool, with the endpoint's own time, and
// with itself after many calls.
func measureCalls(ctx context.Context, o options, dir string) error {
	env := quiet(filepath.Join(dir, "home-mcp"))
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ours, err := openSession(ctx, env, o.binary, "serve-mcp", "--local=memory")
	if err != nil {
		return err
	}
	defer func() { _ = ours.Close() }()
	one, err := openSession(ctx, env, self, "-serve-one-tool")
	if err != nil {
		return err
	}
	defer func() { _ = one.Close() }()
	if err := ours.seed(); err != nil {
		return err
	}
	var best, yard callFigures
	for range bursts {
		for s, figures := range map[*session]*callFigures{ours: &best, one: &yard} {
			now, err := s.burst(burst)
			if err != nil {
				return err
			}
			if figures.cpu == 0 || now.cpu < figures.cpu {
				*figures = now
			}
		}
	}
	line("get_item over stdio, embedded engine, one after the other", fmt.Sprintf("%.0f calls/s", best.rate), "≥ 1,500 calls/s")
	line("the same to a server of one tool without a database", fmt.Sprintf("%.0f calls/s", yard.rate), "(yardstick)")
	line("CPU of a call, against that server's", fmt.Sprintf("%.0f / %.0f µs = %.2f", best.cpu, yard.cpu, best.cpu/cmp.Or(yard.cpu, 1)), "≤ 1.3")
	if err := flat(ours, o.calls); err != nil {
		return err
	}
	return measureAdded(ctx, o, dir, env)
}

// burst sends calls one after the other and looks at no more of an answer than that it is one.
func (s *session) burst(calls int) (callFigures, error) {
	request := func(id int) []byte {
		return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_item","arguments":%s}}`+"\n", id, getItemArguments())
	}
	took := make([]time.Duration, calls)
	used, began := cpuOf(s.PID()), time.Now()
	for i := range took {
		sent := time.Now()
		answer, err := s.Exchange(request)
		if err != nil {
			return callFigures{}, fmt.Errorf("get_item: %w", err)
		}
		took[i] = time.Since(sent)
		if !bytes.Contains(answer, []byte("lorem")) || bytes.Contains(answer, []byte(`"isError":true`)) {
			return callFigures{}, fmt.Errorf("get_item: %.300s", answer)
		}
	}
	whole := time.Since(began)
	slices.Sort(took)
	return callFigures{
		rate: float64(calls) / whole.Seconds(), median: took[calls/2],
		cpu: (cpuOf(s.PID()) - used) * 1e6 / float64(calls),
	}, nil
}

// flat shows what a server has resident after its first calls and after many.
func flat(s *session, calls int) error {
	first, _, err := memory(s.PID())
	if err != nil {
		return nil //nolint:nilerr // there is no /proc here, and nothing to show
	}
	most := first
	for left := calls; left > 0; left -= burst {
		if _, err := s.burst(min(burst, left)); err != nil {
			return err
		}
		now, _, err := memory(s.PID())
		if err != nil {
			return err
		}
		most = max(most, now)
	}
	last, _, err := memory(s.PID())
	if err != nil {
		return err
	}
	line(fmt.Sprintf("resident after %d calls, and %d more (most between)", bursts*burst, calls), fmt.Sprintf("%.0f, %.0f (%.0f) MiB", first, last, most), "flat")
	return nil
}

// measureAdded compares get_item over MCP to an endpoint on a port with the SDK's own call to it.
func measureAdded(ctx context.Context, o options, dir string, env []string) error {
	address, port, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	endpoint, err := start(ctx, address, quiet(filepath.Join(dir, "home-endpoint")), o.binary, "local", "start", "--port", port, "--in-memory")
	if err != nil {
		return err
	}
	defer endpoint.stop()
	keyed := append(slices.Clone(env), "AWS_ACCESS_KEY_ID=bench", "AWS_SECRET_ACCESS_KEY=bench", "AWS_REGION=us-east-1")
	s, err := openSession(ctx, keyed, o.binary, "serve-mcp", "--endpoint-url", endpoint.url)
	if err != nil {
		return err
	}
	if err := s.seed(); err != nil {
		return errors.Join(err, s.Close())
	}
	client := newClient(endpoint.url, 1)
	table := strings.Clone("Bench")
	var direct, through time.Duration
	for range bursts {
		took := make([]time.Duration, burst)
		for i := range took {
			began := time.Now()
			if _, err := client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &table, Key: keyOf(0)}); err != nil {
				return errors.Join(err, s.Close())
			}
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		now, err := s.burst(burst)
		if err != nil {
			return errors.Join(err, s.Close())
		}
		if direct == 0 || took[burst/2] < direct {
			direct = took[burst/2]
		}
		if through == 0 || now.median < through {
			through = now.median
		}
	}
	line("get_item over MCP to an endpoint on a port, and by the SDK", fmt.Sprintf("%.2f − %.2f = %.2f ms", ms(through), ms(direct), ms(through-direct)), "adds ≤ 0.35 ms")
	return s.Close()
}
