package partiql

import (
	"errors"
	"fmt"
)

// Error is a statement the service would refuse, in its words. It stands for a ValidationException.
type Error struct {
	Message string
	Syntax  bool // the statement could not be read at all
	// At is where reading stopped, of what could not be read; its line is 0 otherwise. The service does not tell.
	At Pos
}

func (e *Error) Error() string { return e.Message }

// syntaxError is what went wrong in the words of the PartiQL library the service reads statements with, behind the words
// the service puts before them.
func syntaxError(format string, args ...any) error {
	return &Error{Syntax: true, Message: "Statement wasn't well formed, can't be processed: " + fmt.Sprintf(format, args...)}
}

// errText is text that cannot be cut into words: an open quote, a character without meaning. The service says nothing
// more of it.
func errText() error { return syntaxError("") }

// refusal is a statement that can be read and asks for what the service does not do.
func refusal(format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...)}
}

// at adds the place to an error of syntax.
func at(err error, place Pos) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Syntax && e.At.Line == 0 {
		e.At = place
	}
	return err
}
