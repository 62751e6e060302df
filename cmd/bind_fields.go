package cmd

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

// A boundField is one member of an operation's input at the terminal: a position or a flag. As a flag it is a pflag.Value that keeps the text; finish reads it, when the
// settings (--typed) and the files (@file) are at hand.
type boundField struct {
	name, short, help string
	required          bool
	value             reflect.Value
	text              string
	texts             []string
	given             bool
}

// fieldsOf lists the positions and the flags of an input.
func fieldsOf(in reflect.Value) (args, flags []*boundField) {
	for _, f := range wire.Fields(in.Type()) {
		// The help at the terminal may say more than the schema, whose bytes an assistant pays for.
		b := &boundField{required: f.Required, value: in.FieldByIndex(f.Index), help: cmp.Or(f.Tag.Get("help"), f.Tag.Get("jsonschema"))}
		if b.help == "" && b.Type() == "JSON" {
			b.help = f.Name + " as the API spells it, or @file"
		}
		if name, _, _ := strings.Cut(f.Tag.Get("arg"), ","); name != "" {
			b.name = name
			args = append(args, b)
			continue
		}
		name, short, _ := strings.Cut(f.Tag.Get("flag"), ",")
		if name == "" || name == "-" {
			continue
		}
		b.name, b.short = name, short
		flags = append(flags, b)
	}
	return args, flags
}

// needed refuses an input without a member that the API needs, by the name of its flag; the SDK would speak of its own structures. A boolean is always there.
func (f *boundField) needed(c *cobra.Command) error {
	if !f.required || f.given || f.value.Kind() == reflect.Bool || !f.value.IsZero() {
		return nil
	}
	hint := "see: " + c.CommandPath() + " --help"
	if values := enumOf(f.elem()); len(values) > 0 {
		hint = "it is one of " + strings.Join(values, " ")
	}
	return usage("--"+f.name+" is missing", hint)
}

func usageLine(args []*boundField) string {
	words := make([]string, len(args))
	for i, f := range args {
		words[i] = strings.ToUpper(f.name)
		if f.value.Kind() == reflect.Slice {
			words[i] += "…"
		}
		if !f.required {
			words[i] = "[" + words[i] + "]"
		}
	}
	return strings.Join(words, " ")
}

// keyWord is a key with its type, as --keys takes it.
var keyWord = regexp.MustCompile(`^[^:,\s]+:[SNBsnb]\b`)

func countArgs(args []*boundField) cobra.PositionalArgs {
	need := 0
	for _, f := range args {
		if f.required {
			need++
		}
	}
	return func(c *cobra.Command, given []string) error {
		if len(given) == 0 && len(args) == 1 && args[0].name == "table" {
			return nil // the default table stands in
		}
		switch {
		case len(given) < need:
			return usage(fmt.Sprintf("%s is missing", strings.ToUpper(args[len(given)].name)), "usage: "+c.UseLine())
		case len(given) > len(args):
			hint := "usage: " + c.UseLine()
			if extra := given[len(args):]; c.Flags().Lookup("keys") != nil {
				if !keyWord.MatchString(extra[0]) {
					extra = []string{extra[0] + ":S"}
				}
				hint = "keys are written: " + c.CommandPath() + " " + strings.Join(given[:len(args)], " ") + " --keys " + strings.Join(extra, ",")
			}
			return usage(fmt.Sprintf("unexpected argument %q", given[len(args)]), hint)
		}
		return nil
	}
}

func (f *boundField) elem() reflect.Type {
	t := f.value.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func (f *boundField) repeated() bool {
	t := f.elem()
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String
}

func (f *boundField) define(flags *pflag.FlagSet) {
	help := f.help
	if values := enumOf(f.elem()); len(values) > 0 {
		help = strings.TrimPrefix(help+"; ", "; ") + "one of " + strings.Join(values, " ")
	}
	flag := flags.VarPF(f, f.name, f.short, help)
	if f.elem().Kind() == reflect.Bool {
		flag.NoOptDefVal = "true"
	}
}

// String, Set and Type make it a pflag.Value.
func (f *boundField) String() string { return f.text }

// Set keeps the text.
func (f *boundField) Set(text string) error {
	if f.elem().Kind() == reflect.Bool {
		if _, err := strconv.ParseBool(text); err != nil {
			return fmt.Errorf("expected true or false, found %q", text)
		}
	}
	f.text, f.given = text, true
	f.texts = append(f.texts, text)
	return nil
}

// Type is the word the help shows for the value.
func (f *boundField) Type() string {
	t := f.elem()
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "time"
	case t.Kind() == reflect.Bool:
		return "bool"
	case t.Kind() == reflect.String && t != reflect.TypeFor[op.JSON](), f.repeated():
		return "text"
	case t.Kind() == reflect.Int32, t.Kind() == reflect.Int64:
		return "N"
	}
	return "JSON"
}

func (f *boundField) finish(a *app) error {
	if !f.given {
		return nil
	}
	if err := f.set(a, f.texts...); err != nil {
		return fmt.Errorf("--%s: %w", f.name, err)
	}
	return nil
}
