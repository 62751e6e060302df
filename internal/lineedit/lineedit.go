// Package lineedit reads statements from a terminal: editing, history, several lines, completion. It is the only package
// that knows the library which does it, and it is made when a shell starts, so no other command pays for it.
package lineedit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/reeflective/readline"
	"golang.org/x/term"
)

// ErrInterrupt is Ctrl-C at the prompt: the statement is given up, and the shell goes on.
var ErrInterrupt = errors.New("interrupted")

// Options say how statements are read.
type Options struct {
	// History is the file that keeps statements, readable by its owner only; "" keeps none.
	History string
	// Prompt is shown before a statement, More before each further line of it.
	Prompt, More func() string
	// Complete tells whether text is a whole statement. If it is not, another line is read.
	Complete func(text string) bool
	// Suggest gives what may stand in the place of the word before the cursor, and how many bytes that word has.
	Suggest func(before string) (word int, suggestions []Suggestion)
}

// A Suggestion is one completion and what is said of it.
type Suggestion struct {
	Text, About string
	// Open says that more belongs behind it, so that no space follows.
	Open bool
}

// An Editor reads statements from the process's terminal.
type Editor struct {
	shell *readline.Shell
	fd    int
	state *term.State // of the terminal before lines were read; nil where it is none
}

// New makes an editor. A history that cannot be kept is an error, for its statements would be lost without a word.
func New(o Options) (*Editor, error) {
	shell := readline.NewShell()
	// The library would ask the terminal where the cursor is before each line it shows, and lose what was typed if the keys come in one
	// read with the answer (reeflective/readline#118). What it needs the answer for is room below the input, which the prompt makes.
	if err := shell.Config.Set("cursor-position-probe", false); err != nil {
		return nil, fmt.Errorf("set the line editor up: %w", err)
	}
	// Each further line of a statement has a mark in front, and the last one, where the cursor is, the prompt More.
	if err := shell.Config.Set("multiline-column", true); err != nil {
		return nil, fmt.Errorf("set the line editor up: %w", err)
	}
	abandonAtCtrlC(shell)
	shell.Prompt.Primary(func() string { return room(*shell.Line()) + o.Prompt() })
	shell.Prompt.Secondary(o.More)
	shell.AcceptMultiline = func(line []rune) bool { return o.Complete(string(line)) }
	shell.Completer = func(line []rune, cursor int) readline.Completions {
		before := string(line[:min(cursor, len(line))])
		word, list := o.Suggest(before)
		typed := before[len(before)-word:]
		front := ""
		if word == 0 { // the library then goes back to the last blank, so what stands there is part of each value
			front = before[strings.LastIndexAny(before, " \t\n")+1:]
			typed = front
		}
		values := make([]readline.Completion, 0, len(list))
		for _, s := range list {
			value := front + s.Text
			if !s.Open {
				value += " "
			}
			values = append(values, readline.Completion{Value: value, Display: s.Text, Description: s.About})
		}
		c := readline.CompleteRaw(values).NoSort() // the likeliest come first
		c.PREFIX = typed
		return c
	}
	if o.History != "" {
		if err := touch(o.History); err != nil {
			return nil, err
		}
		shell.History.Delete()
		shell.History.AddFromFile("statements", o.History)
	}
	e := &Editor{shell: shell, fd: int(os.Stdin.Fd())}
	if state, err := term.GetState(e.fd); err == nil {
		e.state = state
	}
	return e, nil
}

// Leave gives the terminal back as it was, for a process that ends while a line is read.
func (e *Editor) Leave() {
	if e.state != nil {
		_ = term.Restore(e.fd, e.state)
		_, _ = os.Stdout.WriteString("\x1b[?25h\r\n") // the cursor is shown again
	}
}

// abandonAtCtrlC makes Ctrl-C give a line up at any time. The library's own command only closes a menu of completions, and where more keys come in
// one read with it, takes the next of them as its own and does nothing.
func abandonAtCtrlC(shell *readline.Shell) {
	const command, ctrlC = "abort", 0x03
	abort, line := shell.Keymap.Commands()[command], shell.Line()
	shell.Keymap.Register(map[string]func(){command: func() {
		if keys := shell.Keys.Caller(); len(keys) == 0 || keys[len(keys)-1] != ctrlC {
			abort()
			return
		}
		if shell.Line() != line { // of a menu or of a search through the history, which is ended first
			abort()
		}
		shell.Iterations.Reset()
		shell.Selection().Reset()
		shell.Display.AcceptLine()
		shell.History.Accept(false, false, ErrInterrupt)
	}})
}

// room scrolls the screen, at its bottom only, until the line and the row that the library clears below it fit, and goes back to where the
// cursor was. Rows are counted for a narrow terminal: on a wide one some more stay free.
func room(line []rune) string {
	const columns = 60
	rows := 1
	for text := range strings.SplitSeq(string(line), "\n") {
		rows += 1 + len(text)/columns
	}
	return strings.Repeat("\x1bD", rows) + fmt.Sprintf("\x1b[%dA", rows) // index: a row down, and a new one at the bottom
}

// touch makes the history's file, which the library expects to be there, for the owner's eyes only.
func touch(name string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("keep the history: %w", err)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the history: %w", err)
	}
	return f.Close()
}

// Read reads a statement. ErrInterrupt is Ctrl-C, io.EOF is Ctrl-D on an empty line.
func (e *Editor) Read() (string, error) {
	text, err := e.shell.Readline()
	switch {
	case err == nil:
		return text, nil
	case errors.Is(err, io.EOF):
		return "", io.EOF
	case errors.Is(err, readline.ErrInterrupt) || err.Error() == os.Interrupt.String():
		return "", ErrInterrupt
	}
	return "", fmt.Errorf("read from the terminal: %w", err)
}
