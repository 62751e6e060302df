package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A shell is one run of ddb shell.
type shell struct {
	app       *app
	session   *session
	inherited []string // global flags of the shell, for each of its commands
	root      *cobra.Command

	prompting bool   // a person types
	pending   string // a statement without its semicolon, behind which something else was done
	quote     byte   // that what is typed stands in
	// promptWidth is how many columns the prompt takes.
	promptWidth int
	goOn        bool // a script goes on behind an error
	format      string
	timing      bool
	out         *os.File // of \o
	held        []string // statements since begin
	holding     bool
	quit        bool
	known       map[string]tableWords
}

// shellOptions are the flags.
type shellOptions struct {
	command, file string
	keepGoing     bool
}

func shellCommand(a *app) *cobra.Command {
	var o shellOptions
	c := &cobra.Command{
		Use: "shell", Short: "Type PartiQL statements and ddb commands, one after the other [API: ExecuteStatement]",
		Long: heredoc.Doc(`
			Type PartiQL statements and ddb commands, one after the other. A statement ends with a semicolon and may have several lines; a command is a
			line without the word ddb. Words complete with Tab, and statements are kept from one shell to the next.

			  SELECT * FROM Orders WHERE customer = 'c#1';      a statement
			  get Orders c#1 2026-01-03                         a command
			  begin … commit                                    statements as one transaction: all or none; rollback forgets them
			  \d   \d TABLE                                     list tables, describe one
			  \o FILE   \o                                      answers into a file, and back
			  \f FORMAT   \timing   \i FILE   \?   \q           format, time taken, statements of a file, help, end

			Where standard input is no terminal it is a script: the first error ends it with that error's exit code, unless --keep-going is
			given, and nothing is asked.

			[API: ExecuteStatement, ExecuteTransaction, and those of the commands]
		`),
		Example: example(`
			ddb shell --local
			ddb shell -c 'SELECT * FROM Orders; \d Orders'
			ddb shell --file changes.sql --yes
		`),
		Args: cobra.NoArgs,
	}
	f := c.Flags()
	f.StringVarP(&o.command, "command", "c", "", "run these `statements` and end")
	f.StringVarP(&o.file, "file", "f", "", "run the statements of `FILE` and end; - is standard input")
	f.BoolVar(&o.keepGoing, "keep-going", false, "go on behind an error; the exit code is the last error's")
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		if a.session != nil {
			return usage("this is a shell already", `\q ends it`)
		}
		if o.command != "" && o.file != "" {
			return usage("--command and --file both say what to run", "give one of them")
		}
		if _, err := a.config(); err != nil {
			return err
		}
		s := &shell{app: a, session: newSession(), inherited: inheritedFlags(c), root: c.Root(), goOn: o.keepGoing, known: make(map[string]tableWords)}
		defer func() { err = errors.Join(err, s.toFile(""), s.session.Close()) }()
		switch {
		case o.command != "":
			return s.script(c.Context(), o.command, "--command")
		case o.file != "" && o.file != "-":
			return s.scriptFile(c.Context(), o.file)
		case o.file == "-" || !a.io.canAsk() || !a.io.OutTerminal:
			text, err := io.ReadAll(a.io.In)
			if err != nil {
				return fmt.Errorf("read standard input: %w", err)
			}
			return s.script(c.Context(), string(text), "standard input")
		}
		return s.interact(c.Context())
	}
	return c
}

// inheritedFlags are the global flags given to the shell: they hold for all its commands. The format is kept apart, since \f changes it.
func inheritedFlags(c *cobra.Command) []string {
	var list []string
	c.InheritedFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Changed {
			return
		}
		value := f.Value.String()
		if s, ok := f.Value.(pflag.SliceValue); ok {
			value = strings.Join(s.GetSlice(), ",")
		}
		list = append(list, "--"+f.Name+"="+value)
	})
	return list
}

func (s *shell) scriptFile(ctx context.Context, name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return usage(err.Error(), "name a file of statements")
	}
	return s.script(ctx, string(text), name)
}

// typedText is where statements come from that a person types.
const typedText = "the prompt"

// script runs what text holds to its end, or to its first error.
func (s *shell) script(ctx context.Context, text, from string) error {
	last, line := exitOK, 1
	typed := s.prompting && from == typedText
	if typed {
		text, s.pending = s.typed(text), ""
	}
	for !s.quit {
		c, rest, whole := nextChunk(text, !typed)
		if c.text == "" {
			break
		}
		if typed && !whole {
			if s.pending = text; openQuote(text) == 0 {
				s.app.io.notef("ddb: not ended yet, by a semicolon: %s", oneLine(c.text))
			}
			break
		}
		if code := s.do(ctx, c); code != exitOK {
			if typed && c.kind == chunkOpen {
				text = c.text + "\n" + rest
				continue
			}
			if s.prompting || !s.goOn || code == exitInterrupted || code == exitTerminated {
				if !typed {
					s.app.io.notef("ddb: %s, line %d: stopped here", from, line+c.line-1)
					s.forget()
				}
				return &errQuiet{code}
			}
			last = code
		}
		line += strings.Count(text[:len(text)-len(rest)], "\n")
		text = rest
		if c.kind == chunkOpen && !s.quit { // the statement goes on behind it
			text = c.text + "\n" + rest
		}
	}
	if s.holding && !s.prompting {
		n := len(s.held)
		s.forget()
		return usage(fmt.Sprintf("%s ends within a transaction of %s; nothing of it was done", from, counted(n, "statement")), "end it with: commit")
	}
	if last != exitOK {
		return &errQuiet{last}
	}
	return nil
}

// wholeChunks tells whether text can be run as it is.
func wholeChunks(text string) bool {
	for {
		c, rest, ok := nextChunk(text, false)
		if !ok || c.text == "" {
			return ok
		}
		text = rest
	}
}
