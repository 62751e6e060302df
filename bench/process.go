package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/bench/stdio"
)

// runs of a process whose median is told.
const runs = 15

// quiet is an environment without the caller's account, profile and ddb settings, with its home in a folder of its own.
func quiet(home string) []string {
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "DDB_") || strings.HasPrefix(name, "XDG_") || name == "HOME"
	})
	return append(env, "HOME="+home, "XDG_DATA_HOME="+filepath.Join(home, "data"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"), "AWS_EC2_METADATA_DISABLED=true")
}

func line(what, figure, goal string) { fmt.Printf("%-58s %18s   goal %s\n", what, figure, goal) }

func measureProcess(ctx context.Context, binary, dir string) error {
	env := quiet(filepath.Join(dir, "home"))
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	line("the binary, stripped", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "≤ 45 MB")

	starts, err := timed(ctx, env, binary, "--version")
	if err != nil {
		return err
	}
	line("ddb --version", fmt.Sprintf("%.1f ms, %.0f MiB", ms(starts.median), starts.most), "≤ 25 ms, ≤ 30 MiB")

	for _, args := range [][]string{
		{"table", "create", "Bench", "--keys", "pk:S,sk:S", "--local"},
		{"put", "Bench", `{"pk":"a","sk":"1","text":"` + prose + `"}`, "--local"},
	} {
		if _, err := once(ctx, env, nil, binary, args...); err != nil {
			return err
		}
	}
	gets, err := timed(ctx, env, binary, "get", "Bench", "a", "1", "--local")
	if err != nil {
		return err
	}
	line("ddb get Bench a 1 --local, alone", fmt.Sprintf("%.1f ms, %.0f MiB", ms(gets.median), gets.most), "≤ 45 ms")
	return measureMCP(ctx, env, binary)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// session is one MCP server, of which a tool's own error is an error.
type session struct{ *stdio.Session }

func openSession(ctx context.Context, env []string, binary string, args ...string) (*session, error) {
	s, err := stdio.Open(ctx, env, binary, args...)
	return &session{s}, err
}

func measureMCP(ctx context.Context, env []string, binary string) error {
	starts := make([]time.Duration, runs)
	for i := range starts {
		s, err := openSession(ctx, env, binary, "serve-mcp")
		if err != nil {
			return err
		}
		starts[i] = s.Started
		if err := s.Close(); err != nil {
			return fmt.Errorf("serve-mcp after its input ended: %w", err)
		}
	}
	slices.Sort(starts)
	line("serve-mcp, start to the answer of initialize", fmt.Sprintf("%.1f ms", ms(starts[runs/2])), "≤ 40 ms")

	for _, args := range [][]string{nil, {"--local=memory"}} {
		if err := measureSession(ctx, env, binary, args); err != nil {
			return err
		}
	}
	return nil
}

// calls of get_item whose median is told.
const mcpCalls = 2000

func measureSession(ctx context.Context, env []string, binary string, args []string) error {
	s, err := openSession(ctx, env, binary, append([]string{"serve-mcp"}, args...)...)
	if err != nil {
		return err
	}
	if _, err := s.Ask("tools/list", "{}"); err != nil {
		return errors.Join(err, s.Close())
	}
	time.Sleep(time.Second)
	if resident, anonymous, err := memory(s.PID()); err == nil {
		line(strings.TrimSpace("serve-mcp "+strings.Join(args, " "))+", idle, resident (anonymous)", fmt.Sprintf("%.0f (%.0f) MiB", resident, anonymous), "≤ 40 MiB")
	}
	if args == nil {
		return s.Close()
	}
	took, err := s.getItems()
	if err != nil {
		return errors.Join(err, s.Close())
	}
	slices.Sort(took)
	line("get_item over stdio on the embedded engine, median (p99)", fmt.Sprintf("%.2f (%.2f) ms", ms(took[len(took)/2]), ms(took[len(took)*99/100])), "≤ 0.6 ms")
	return s.Close()
}

// tool calls a tool that has to succeed.
func (s *session) tool(name, arguments string) error {
	result, err := s.Call(name, arguments)
	if err == nil && bytes.Contains(result, []byte(`"isError":true`)) {
		err = fmt.Errorf("%s: %.500s", name, result)
	}
	return err
}

// seed makes the table and its item through the tools.
func (s *session) seed() error {
	if err := s.tool("create_table", `{"table_name":"Bench","attribute_definitions":[{"AttributeName":"owner","AttributeType":"S"},{"AttributeName":"entry","AttributeType":"S"}],`+
		`"key_schema":[{"AttributeName":"owner","KeyType":"HASH"},{"AttributeName":"entry","KeyType":"RANGE"}],"billing_mode":"PAY_PER_REQUEST"}`); err != nil {
		return err
	}
	return s.tool("put_item", `{"table_name":"Bench","item":`+itemJSON(0)+`}`)
}

func getItemArguments() string { return `{"table_name":"Bench","key":{` + keyFields(0) + `}}` }

func (s *session) getItems() ([]time.Duration, error) {
	if err := s.seed(); err != nil {
		return nil, err
	}
	took := make([]time.Duration, mcpCalls)
	for i := range took {
		began := time.Now()
		if err := s.tool("get_item", getItemArguments()); err != nil {
			return nil, err
		}
		took[i] = time.Since(began)
	}
	return took, nil
}
