// Package stdio is one MCP server as a process, spoken to line by line over standard input and output as a client does: the benchmarks and the
// evaluation drive the program through it.
package stdio

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// A Session is a server that has answered initialize. It takes one request at a time.
type Session struct {
	// Started is the time from the start of the process to the answer of initialize.
	Started time.Duration

	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	words bytes.Buffer
	last  int
}

// Open starts a program with its arguments and says hello.
func Open(ctx context.Context, env []string, binary string, args ...string) (*Session, error) {
	s := &Session{cmd: exec.CommandContext(ctx, binary, args...)}
	s.cmd.Env, s.cmd.Stderr = env, &s.words
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.out = bufio.NewReaderSize(out, 1<<20)
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := s.Ask("initialize", `{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}`); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.Started = time.Since(began)
	_, err = io.WriteString(s.in, `{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n")
	return s, err
}

// PID is the server's process.
func (s *Session) PID() int { return s.cmd.Process.Pid }

// Ask sends a request and gives its result. An error of the protocol is an error, with what the server wrote to standard error;
// one of a tool is a result.
func (s *Session) Ask(method, params string) (json.RawMessage, error) {
	s.last++
	if _, err := fmt.Fprintf(s.in, `{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`+"\n", s.last, method, params); err != nil {
		return nil, fmt.Errorf("%w: %s", err, s.words.String())
	}
	for {
		line, err := s.out.ReadBytes('\n')
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %s", method, err, s.words.String())
		}
		var answer struct {
			ID     int             `json:"id"`
			Result json.RawMessage `json:"result"`
			Error  json.RawMessage `json:"error"`
		}
		if err := json.Unmarshal(line, &answer); err != nil {
			return nil, fmt.Errorf("%s: %w: %.200s", method, err, line)
		}
		switch {
		case answer.ID != s.last:
			continue // a notification
		case answer.Error != nil:
			return nil, fmt.Errorf("%s: %s", method, answer.Error)
		}
		return answer.Result, nil
	}
}

// Exchange writes one line, made for the id it is given, and gives the next line as it came, valid until the next call: for
// measurements that must not pay for reading it.
func (s *Session) Exchange(line func(id int) []byte) ([]byte, error) {
	s.last++
	if _, err := s.in.Write(line(s.last)); err != nil {
		return nil, fmt.Errorf("%w: %s", err, s.words.String())
	}
	answer, err := s.out.ReadSlice('\n')
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, s.words.String())
	}
	return answer, nil
}

// Call calls a tool and gives its result, in which a tool says of itself whether it failed.
func (s *Session) Call(tool, arguments string) (json.RawMessage, error) {
	return s.Ask("tools/call", fmt.Sprintf(`{"name":%q,"arguments":%s}`, tool, arguments))
}

// Close ends the input and waits for the server to end.
func (s *Session) Close() error { return errors.Join(s.in.Close(), s.cmd.Wait()) }
