package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// figures are what one run of a program took.
type figures struct {
	Took  time.Duration // from its start to its end
	First time.Duration // to the first byte of its output, 0 for none
	CPU   time.Duration // user and system together
	Most  float64       // resident at the most, MiB
	Bytes int64         // of output
	Lines int64
}

// measureArgument makes this program measure another one and print the figures as JSON.
const measureArgument = "-measure"

// once runs the program to its end, as a small process of its own measures it: the kernel counts what a parent has resident when
// it starts a child as the child's, and this one is large.
func once(ctx context.Context, env []string, in io.Reader, binary string, args ...string) (figures, error) {
	var f figures
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{measureArgument, binary}, args...)...)
	cmd.Env, cmd.Stdin = env, in
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		return f, fmt.Errorf("ddb %s: %w\n%s", strings.Join(args, " "), err, words.String())
	}
	return f, json.Unmarshal(out, &f)
}

// measure runs a program with its arguments to its end and reads what it writes, as the next program of a pipe does.
func measure(command []string) error {
	cmd := exec.CommandContext(context.Background(), command[0], command[1:]...) //nolint:gosec // the program to measure, named by this one
	cmd.Stdin, cmd.Stderr = os.Stdin, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var f figures
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	buffer := make([]byte, 64<<10)
	for err == nil {
		var n int
		n, err = out.Read(buffer)
		if n > 0 && f.First == 0 {
			f.First = time.Since(began)
		}
		f.Bytes += int64(n)
		f.Lines += int64(bytes.Count(buffer[:n], []byte{'\n'}))
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	err = cmd.Wait()
	f.Took = time.Since(began)
	if err != nil {
		return err
	}
	f.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	f.Most = maxRSS(cmd.ProcessState)
	return json.NewEncoder(os.Stdout).Encode(f)
}

// times are what several runs of one program took.
type times struct {
	median, fastest, cpu time.Duration // cpu is that of the run with the least
	first                time.Duration // the median of the first bytes
	most                 float64       // of all runs, MiB
	last                 figures
}

// timed runs a program several times and needs each run to succeed.
func timed(ctx context.Context, env []string, binary string, args ...string) (times, error) {
	all := make([]figures, runs)
	for i := range all {
		var err error
		if all[i], err = once(ctx, env, nil, binary, args...); err != nil {
			return times{}, err
		}
	}
	return summary(all), nil
}

func summary(all []figures) times {
	each := func(get func(figures) time.Duration) []time.Duration {
		list := make([]time.Duration, len(all))
		for i, f := range all {
			list[i] = get(f)
		}
		slices.Sort(list)
		return list
	}
	took := each(func(f figures) time.Duration { return f.Took })
	t := times{median: took[len(all)/2], fastest: took[0], last: all[len(all)-1]}
	t.cpu = each(func(f figures) time.Duration { return f.CPU })[0]
	t.first = each(func(f figures) time.Duration { return f.First })[len(all)/2]
	for _, f := range all {
		t.most = max(t.most, f.Most)
	}
	return t
}
