package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"
)

func (s *shell) forgetAloud() {
	if n := len(s.held); s.holding {
		s.forget()
		s.app.io.notef("ddb: the transaction was not committed: %s forgotten", counted(n, "statement"))
	}
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
