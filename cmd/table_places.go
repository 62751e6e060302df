package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// A tablePlace is where a table is: a file, or a name somewhere. The place in front of the colon is a context of the configuration file, a region, or
// an AWS profile; PROFILE@REGION names both.
type tablePlace struct {
	text, where, table string
	file               string
}

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)

// parsePlace reads FILE, FILE#TABLE, TABLE or PLACE:TABLE.
func parsePlace(text string) tablePlace {
	p := tablePlace{text: text}
	name, table, _ := strings.Cut(text, "#")
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(text, "arn:"):
		p.table = text
	case text == "-", strings.HasPrefix(text, "@"), slices.Contains(fileEndings, path.Ext(lower)), strings.Contains(name, "/"), isFile(name):
		p.file, p.table = strings.TrimPrefix(name, "@"), table
	default:
		if where, rest, ok := strings.Cut(text, ":"); ok {
			p.where, p.table = where, rest
		} else {
			p.table = text
		}
	}
	return p
}

// fileEndings are those of the files that tablefile reads.
var fileEndings = []string{".yaml", ".yml", ".json", ".template", ".cfn", ".tf"}

// isFile tells whether a name with a dot, which a table may have too, is that of a file which is there.
func isFile(name string) bool {
	if !strings.Contains(name, ".") {
		return false
	}
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// tableFile reads the tables of a file; - is standard input.
func (a *app) tableFile(name string) ([]*tablefile.Table, error) {
	source, shown := name, name
	if name == "-" {
		shown = "standard input"
	} else {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			return nil, usage(name+" is a directory", "name a file in it")
		}
		source = "@" + name
	}
	raw, err := a.source(source)
	if err != nil {
		return nil, err
	}
	tables, notes, err := tablefile.Read(shown, raw)
	if e, ok := errors.AsType[*tablefile.Error](err); ok {
		return nil, usage(e.Error(), e.Hint)
	}
	for _, n := range notes {
		a.io.notef("ddb: warning: %s: %s", shown, n)
	}
	return tables, err
}

// envAt gives the env of a place; "" is that of the command. What is opened for it is closed with the app.
func (a *app) envAt(ctx context.Context, where string) (*op.Env, error) {
	own, err := a.env(ctx)
	if err != nil || where == "" {
		return own, err
	}
	who, region, both := strings.Cut(where, "@")
	if !both && regionName.MatchString(where) {
		return inRegion(own, where), nil
	}
	other := newApp(a.io)
	other.args, other.flags = a.args, a.flags
	fs := pflag.NewFlagSet("place", pflag.ContinueOnError)
	other.globals(fs)
	other.flags = a.flags
	flag := config.FlagProfile
	_, file, err := a.configFile()
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(file.Contexts, func(c config.Context) bool { return c.Name == who }) {
		flag = config.FlagContext
	}
	for _, keep := range []string{config.FlagConfig, config.FlagReadOnly, config.FlagTables, config.FlagColor} {
		if f := a.set.Lookup(keep); f != nil && f.Changed {
			value := strings.Trim(f.Value.String(), "[]")
			if err := fs.Set(keep, value); err != nil {
				return nil, fmt.Errorf("--%s: %w", keep, err)
			}
		}
	}
	if err := fs.Set(flag, who); err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	other.set = fs
	env, err := other.env(ctx)
	if err != nil {
		return nil, err
	}
	a.closers = append(a.closers, closing(other.close))
	if both {
		env = inRegion(env, region)
	}
	return env, nil
}

type closing func() error

func (c closing) Close() error { return c() }

// inRegion is an env whose calls go to a region unless they name another.
func inRegion(env *op.Env, region string) *op.Env {
	there := *env
	there.Clients = func(ctx context.Context, named string) (*op.Clients, error) {
		if named == "" {
			named = region
		}
		return env.Clients(ctx, named)
	}
	if env.Explain != nil {
		there.Explain = func(ctx context.Context, f op.Failure) *op.Error {
			if f.Region == "" {
				f.Region = region
			}
			return env.Explain(ctx, f)
		}
	}
	return &there
}

// model reads the table of a place. other is the name to look for in a file of several tables.
func (a *app) model(ctx context.Context, p tablePlace, other string) (*tablefile.Table, error) {
	if p.file == "" {
		env, err := a.envAt(ctx, p.where)
		if err != nil {
			return nil, err
		}
		name, err := a.table(p.table)
		if err != nil {
			return nil, err
		}
		l, err := live(ctx, env, name)
		if err != nil {
			return nil, err
		}
		a.noteUnknown(l)
		return l.model, nil
	}
	tables, err := a.tableFile(p.file)
	if err != nil {
		return nil, err
	}
	want := p.table
	if want == "" && len(tables) > 1 {
		want = other
	}
	var names []string
	for _, t := range tables {
		if t.Name == want || want == "" && len(tables) == 1 {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return nil, &op.Error{
		Code: "TableNotFoundException", Message: fmt.Sprintf("%s holds no table %q", p.file, want),
		Hint: orNearest(want, names, "it holds "+strings.Join(names, ", ")+"; name one behind #: "+p.file+"#"+names[0]),
	}
}

// without reads --without.
func without(t *tablefile.Table, settings []string) error {
	for _, s := range settings {
		if s == "keys" || !slices.Contains(tablefile.Settings, s) {
			known := tablefile.Settings[1:]
			return usage(fmt.Sprintf("--without %s: no such setting", s), orNearest(s, known, "there are "+strings.Join(known, ", ")))
		}
	}
	t.Without(settings...)
	return nil
}
