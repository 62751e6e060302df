package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/lineedit"
	"github.com/ddb-cli/ddb/internal/wholefile"
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

// interact reads from the terminal until it ends.
func (s *shell) interact(ctx context.Context) error {
	s.prompting = true
	editor, err := lineedit.New(lineedit.Options{
		History: filepath.Join(config.StateDir(), "shell_history"),
		Prompt:  s.prompt, More: s.more,
		Complete: func(text string) bool {
			text = s.typed(text)
			s.quote = openQuote(text)
			return wholeChunks(text)
		},
		Suggest: func(before string) (int, []lineedit.Suggestion) { return s.suggest(ctx, s.typed(before)) },
	})
	if err != nil {
		return err
	}
	s.app.io.notef("%s", s.app.paint("2", `statements end with a semicolon; \? helps, \q ends`))
	for !s.quit {
		atEnd := context.AfterFunc(ctx, func() { s.terminate(editor) })
		text, err := editor.Read()
		atEnd()
		switch {
		case errors.Is(err, lineedit.ErrInterrupt):
			s.pending = ""
			continue
		case errors.Is(err, io.EOF):
			s.quit = true
		case err != nil:
			return err
		}
		err = s.script(ctx, text, typedText)
		if quiet, ok := errors.AsType[*errQuiet](err); ok && quiet.code == exitTerminated {
			return err
		}
	}
	s.forgetAloud()
	return nil
}

func (s *shell) forgetAloud() {
	if n := len(s.held); s.holding {
		s.forget()
		s.app.io.notef("ddb: the transaction was not committed: %s forgotten", counted(n, "statement"))
	}
}

// terminate ends the process at the prompt, where a line is read that nothing but a key ends.
func (s *shell) terminate(editor *lineedit.Editor) {
	editor.Leave()
	s.forgetAloud()
	_ = errors.Join(s.toFile(""), s.session.Close()) // as far as it can be done
	wholefile.Abandon()
	s.app.io.notef("ddb: terminated")
	os.Exit(int(exitTerminated))
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

// prompt tells where statements go: the context, profile or store, whether it may be changed, and a transaction under way.
func (s *shell) prompt() string {
	if s.pending != "" {
		return s.more()
	}
	cfg := s.app.cfg
	where := "aws"
	switch {
	case cfg.Context != "":
		where = cfg.Context
	case cfg.Local:
		where = "local"
	case cfg.Profile != "":
		where = cfg.Profile
	}
	if cfg.ReadOnly {
		where += " read-only"
	}
	mark := "> "
	if s.holding {
		mark = "*> "
	}
	s.promptWidth = utf8.RuneCountInString("ddb " + where + mark) // without its colour
	if cfg.ReadOnly {
		where = s.app.paint("33", where)
	}
	return "ddb " + where + mark
}

// more is the prompt of further lines, as wide as the first one.
func (s *shell) more() string {
	mark := "...> "
	if s.quote != 0 {
		mark = ".." + string(rune(s.quote)) + "> "
	}
	return s.app.paint("2", strings.Repeat(" ", max(0, s.promptWidth-len(mark)))+mark)
}

// do runs one thing and tells its time if that is wanted.
func (s *shell) do(ctx context.Context, c chunk) exitCode {
	began := time.Now()
	code, err := s.dispatch(ctx, c)
	if err != nil {
		s.app.fail(err)
		code = codeOf(err)
	}
	if s.timing && c.kind != chunkMeta && c.kind != chunkOpen {
		s.app.io.notef("%s", s.app.paint("2", "time: "+time.Since(began).Round(100*time.Microsecond).String()))
	}
	return code
}

func (s *shell) dispatch(ctx context.Context, c chunk) (exitCode, error) {
	switch c.kind {
	case chunkMeta:
		return s.meta(ctx, c.text)
	case chunkOpen:
		return s.within(ctx, c)
	case chunkSQL:
		if s.holding {
			s.held = append(s.held, c.text)
			s.app.io.notef("ddb: %s in the transaction", counted(len(s.held), "statement"))
			return exitOK, nil
		}
		return s.run(ctx, "sql", c.text), nil
	}
	words, err := splitWords(c.text)
	if err != nil {
		return 0, err
	}
	if words[0] == "ddb" && len(words) > 1 {
		words = words[1:]
	}
	if done, code, err := s.transaction(ctx, words); done {
		return code, err
	}
	switch strings.ToLower(words[0]) {
	case "quit", "exit":
		s.quit = true
		return exitOK, nil
	case "serve-mcp":
		return 0, usage("serve-mcp speaks on the streams that the shell uses", "start it on its own: ddb serve-mcp")
	}
	if s.holding {
		return 0, usage(fmt.Sprintf("%q is no PartiQL statement, and a transaction is under way", words[0]), "commit or rollback first; a transaction takes SELECT or INSERT, UPDATE, DELETE and EXISTS")
	}
	return s.run(ctx, words...), nil
}

// within does what stands on a line of its own inside of a statement without its semicolon: a backslash command is done, and the statement goes
// on behind it; what would need the statement to be whole is refused. In a script the semicolon was forgotten.
func (s *shell) within(ctx context.Context, c chunk) (exitCode, error) {
	if !s.prompting {
		return 0, usage(fmt.Sprintf("%s stands in the midst of a statement without its semicolon: %s", c.within, oneLine(c.text)), "end the statement with a semicolon; nothing of it was run")
	}
	switch {
	case c.within == `\q`:
		s.app.io.notef("ddb: not run, for it has no semicolon: %s", oneLine(c.text))
	case !strings.HasPrefix(c.within, `\`):
		return 0, usage(fmt.Sprintf("%s stands in the midst of a statement without its semicolon: %s", c.within, oneLine(c.text)), `end the statement with a semicolon first, or forget it: Ctrl-C; \q ends the shell`)
	}
	return s.meta(ctx, c.within)
}

// typed is what was typed behind the statement that is pending.
func (s *shell) typed(text string) string {
	if s.pending == "" {
		return text
	}
	return s.pending + "\n" + text
}

// oneLine is a statement as a message shows it.
func oneLine(text string) string {
	const most = 70
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > most {
		return string(line[:most]) + "…"
	}
	return string(line)
}

// transaction is begin, commit and rollback.
func (s *shell) transaction(ctx context.Context, words []string) (done bool, code exitCode, err error) {
	verb := strings.ToLower(words[0])
	if len(words) == 2 && strings.EqualFold(words[1], "transaction") {
		words = words[:1]
	}
	if len(words) != 1 || verb != "begin" && verb != "commit" && verb != "rollback" {
		return false, 0, nil
	}
	if s.holding == (verb == "begin") {
		if s.holding {
			return true, 0, usage("a transaction is under way already", "commit or rollback ends it")
		}
		return true, 0, usage("no transaction is under way", "begin starts one")
	}
	held := s.held
	s.forget()
	switch {
	case verb == "begin":
		s.holding = true
	case verb == "rollback":
		s.app.io.notef("ddb: %s forgotten", counted(len(held), "statement"))
	case len(held) == 0:
		s.app.io.notef("ddb: nothing to commit")
	default:
		return true, s.run(ctx, append([]string{"sql", "--transaction", "--"}, held...)...), nil
	}
	return true, exitOK, nil
}

func (s *shell) forget() { s.held, s.holding = nil, false }
