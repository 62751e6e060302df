package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/render"
)

// metas are the backslash commands with what the help says of them.
var metas = []struct{ name, args, about string }{
	{`\d`, "[TABLE]", "list tables, or describe one"},
	{`\o`, "[FILE]", "write answers into FILE; without one, here again"},
	{`\f`, "[FORMAT]", "output format: " + strings.Join(render.Formats, " ") + "; without one, the usual"},
	{`\timing`, "[on|off]", "say how long each statement took"},
	{`\i`, "FILE", "run the statements of FILE"},
	{`\?`, "", "this list; help COMMAND tells of a ddb command"},
	{`\q`, "", "end; Ctrl-D does too"},
}

// meta runs a backslash command.
func (s *shell) meta(ctx context.Context, text string) (exitCode, error) {
	words, err := splitWords(text[1:])
	if err != nil {
		return 0, err
	}
	if len(words) == 0 {
		return s.metaHelp()
	}
	name, args := `\`+words[0], words[1:]
	arg := ""
	if len(args) > 0 {
		arg = args[0]
	}
	if filepath.Separator == '\\' && (name == `\i` || name == `\o`) { // a path of Windows, as it stands
		_, path, _ := strings.Cut(text, " ")
		arg, args = strings.Trim(strings.TrimSpace(path), `"'`), nil
	}
	if len(args) > 1 {
		return 0, usage(name+" takes one argument", `\? lists them`)
	}
	switch name {
	case `\d`:
		if arg == "" {
			return s.run(ctx, "table", "list"), nil
		}
		return s.run(ctx, "table", "describe", arg), nil
	case `\o`:
		return exitOK, s.toFile(arg)
	case `\f`:
		if arg != "" && !slices.Contains(render.Formats, arg) {
			return 0, usage(fmt.Sprintf("unknown format %q", arg), "there are: "+strings.Join(render.Formats, ", "))
		}
		s.format = arg
	case `\timing`:
		switch arg {
		case "", "on", "off":
			s.timing = arg == "on" || arg == "" && !s.timing
			s.app.io.notef("ddb: timing is %s", map[bool]string{true: "on", false: "off"}[s.timing])
		default:
			return 0, usage(fmt.Sprintf(`\timing %s is not known`, arg), `it takes on or off, and alone it changes over`)
		}
	case `\i`:
		if arg == "" {
			return 0, usage(`\i wants a file`, `write it as: \i changes.sql`)
		}
		if err := s.scriptFile(ctx, arg); err != nil {
			return 0, err
		}
	case `\q`:
		s.quit = true
	case `\?`, `\h`:
		return s.metaHelp()
	default:
		var names []string
		for _, m := range metas {
			names = append(names, m.name)
		}
		hint := `\? lists them`
		if near := nearest.Name(name, names); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		return 0, usage("unknown command "+name, hint)
	}
	return exitOK, nil
}

func (s *shell) metaHelp() (exitCode, error) {
	for _, m := range metas {
		if _, err := fmt.Fprintf(s.app.io.Out, "  %-20s %s\n", m.name+" "+m.args, m.about); err != nil {
			return 0, err
		}
	}
	_, err := fmt.Fprint(s.app.io.Out, "  SELECT … ;           a PartiQL statement, ended by a semicolon, over as many lines as it takes\n"+
		"  begin … commit       statements as one transaction; rollback forgets them\n"+
		"  get Orders c#1       a ddb command, without the word ddb; help lists them\n")
	return exitOK, err
}

// toFile sends answers into a file from here on; "" brings them back.
func (s *shell) toFile(name string) error {
	if s.out != nil {
		out := s.out
		s.out = nil
		if err := out.Close(); err != nil {
			return fmt.Errorf("close the file of answers: %w", err)
		}
	}
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return usage(err.Error(), `\o names a file that can be written`)
	}
	s.out = f
	return nil
}
