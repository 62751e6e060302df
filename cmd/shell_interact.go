package cmd

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/lineedit"
	"github.com/ddb-cli/ddb/internal/wholefile"
)

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

// terminate ends the process at the prompt, where a line is read that nothing but a key ends.
func (s *shell) terminate(editor *lineedit.Editor) {
	editor.Leave()
	s.forgetAloud()
	_ = errors.Join(s.toFile(""), s.session.Close()) // as far as it can be done
	wholefile.Abandon()
	s.app.io.notef("ddb: terminated")
	os.Exit(int(exitTerminated))
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

// typed is what was typed behind the statement that is pending.
func (s *shell) typed(text string) string {
	if s.pending == "" {
		return text
	}
	return s.pending + "\n" + text
}
