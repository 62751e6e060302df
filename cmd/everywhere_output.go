package cmd

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

// sharedErr is standard error for several at once: whole lines, and a line of progress that makes way for them.
type sharedErr struct {
	mu    sync.Mutex
	w     io.Writer
	shown bool
}

// note writes a line of a command, with its place.
func (s *sharedErr) note(at site, line string) {
	if rest, ok := strings.CutPrefix(line, "ddb: "); ok {
		line = "ddb: " + at.String() + ": " + rest
	} else {
		line = at.String() + ": " + line
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	_, _ = fmt.Fprintln(s.w, line)
}

func (s *sharedErr) progress(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	if text != "" {
		_, _ = fmt.Fprint(s.w, text)
		s.shown = true
	}
}

// clear takes the line of progress away.
func (s *sharedErr) clear() {
	if s.shown {
		_, _ = fmt.Fprint(s.w, "\r\x1b[K")
		s.shown = false
	}
}

// A lineSink hands on whole lines without their ends.
type lineSink struct {
	take func([]byte) error
	held []byte
}

func (l *lineSink) Write(b []byte) (int, error) {
	n := len(b)
	for {
		at := bytes.IndexByte(b, '\n')
		if at < 0 {
			l.held = append(l.held, b...)
			return n, nil
		}
		line := b[:at]
		if len(l.held) > 0 {
			line = append(l.held, line...)
			l.held = nil
		}
		if err := l.take(line); err != nil {
			return 0, err
		}
		b = b[at+1:]
	}
}

func (l *lineSink) end() error {
	if len(l.held) == 0 {
		return nil
	}
	return l.take(l.held)
}
