package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// IO is the three streams and what is known of them. A command never names os.Stdout.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	// InTerminal, OutTerminal and ErrTerminal say that a person is at the other end.
	InTerminal, OutTerminal, ErrTerminal bool
	// Width of the terminal in columns, 0 where there is none.
	Width int
	// Mute says that a terminal shows colours and movements as they stand, as old consoles of Windows do: it gets neither.
	Mute bool
}

// errPipe is a write to a standard output whose reader is gone.
var errPipe = errors.New("the reader of standard output is gone")

// System gives the process's own streams.
func System() *IO {
	s := &IO{
		In: os.Stdin, Out: pipeWriter{os.Stdout}, Err: os.Stderr,
		InTerminal: isTerminal(os.Stdin), OutTerminal: isTerminal(os.Stdout), ErrTerminal: isTerminal(os.Stderr),
	}
	s.Mute = s.OutTerminal && !understandsEscapes(os.Stdout) || s.ErrTerminal && !understandsEscapes(os.Stderr)
	if s.OutTerminal {
		if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
			s.Width = w
		}
	}
	return s
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// pipeWriter tells a closed pipe from a failing disk.
type pipeWriter struct{ w io.Writer }

func (p pipeWriter) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	if err != nil && readerGone(err) {
		err = errPipe
	}
	return n, err
}

// notef writes a remark for the person. Nothing can be done about a standard error that takes no writes.
func (s *IO) notef(format string, args ...any) {
	_, _ = fmt.Fprintf(s.Err, format+"\n", args...)
}

// redraws says whether a line of progress can be written over.
func (s *IO) redraws() bool { return s.ErrTerminal && !s.Mute }

// canAsk says whether a question would reach somebody.
func (s *IO) canAsk() bool { return s.InTerminal && s.ErrTerminal }

// code is the exit code of an error.
func (s *IO) code(err error) int {
	if err == nil || errors.Is(err, errPipe) {
		return int(exitOK)
	}
	return int(codeOf(err))
}
