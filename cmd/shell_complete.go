package cmd

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ddb-cli/ddb/internal/lineedit"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/render"
)

var (
	sqlStarts    = []string{"SELECT", "INSERT INTO", "UPDATE", "DELETE FROM", "EXISTS(", "begin", "commit", "rollback"}
	sqlWords     = []string{"AND", "BETWEEN", "BY", "FROM", "IN", "IS MISSING", "IS NOT MISSING", "IS NULL", "NOT", "OR", "ORDER BY", "REMOVE", "RETURNING", "SET", "VALUE", "WHERE", "ASC", "DESC"}
	sqlFunctions = []string{"attribute_type(", "begins_with(", "contains(", "size(", "list_append(", "set_add(", "set_delete("}
	sqlReturning = []string{"ALL OLD *", "ALL NEW *", "MODIFIED OLD *", "MODIFIED NEW *"}
	sqlTypes     = []string{"'S'", "'N'", "'B'", "'BOOL'", "'NULL'", "'L'", "'M'", "'SS'", "'NS'", "'BS'"}
)

// suggest gives what may stand in the place of the word before the cursor.
func (s *shell) suggest(ctx context.Context, before string) (int, []lineedit.Suggestion) {
	ctx, cancel := context.WithTimeout(ctx, completionBudget(s.app.cfg))
	defer cancel()
	for { // only what is not finished yet is completed
		_, rest, ok := nextChunk(before, false)
		if !ok || rest == "" {
			break
		}
		before = rest
	}
	text := strings.TrimLeft(before, " \t\r\n;")
	if i := strings.LastIndexByte(text, '\n'); i > 0 && openQuote(text[:i]) == 0 && strings.HasPrefix(strings.TrimLeft(text[i:], " \t\n"), `\`) {
		text = strings.TrimLeft(text[i:], " \t\n") // a backslash command in the midst of a statement
	}
	word := lastWord(text)
	first, _, more := strings.Cut(text, " ")
	switch {
	case strings.HasPrefix(text, `\`):
		return len(word), s.suggestMeta(ctx, text, word)
	case !more && !strings.Contains(text, "\n"):
		list := suggestionsInAnyCase(sqlStarts, word)
		for _, c := range s.root.Commands() {
			if !c.Hidden && strings.HasPrefix(c.Name(), word) && word != "" {
				list = append(list, lineedit.Suggestion{Text: c.Name(), About: c.Short})
			}
		}
		return len(word), list
	case isStatement(text) || slices.Contains([]string{"select", "insert", "update", "delete", "exists"}, strings.ToLower(first)) && first == strings.ToUpper(first):
		return len(word), s.suggestSQL(ctx, text, word)
	}
	word = text[strings.LastIndexAny(text, " \t\n")+1:]
	return len(word), s.suggestCommand(ctx, text, word)
}

func lastWord(text string) string {
	return text[strings.LastIndexAny(text, " \t\n(,=<>")+1:]
}

// suggestions are the values that word begins.
func suggestions(values []string, word string) []lineedit.Suggestion {
	return suggestionsBy(values, func(v string) bool { return strings.HasPrefix(v, word) })
}

// suggestionsInAnyCase are suggestions for the words of PartiQL, whose case does not matter.
func suggestionsInAnyCase(values []string, word string) []lineedit.Suggestion {
	return suggestionsBy(values, func(v string) bool { return len(word) <= len(v) && strings.EqualFold(v[:len(word)], word) })
}

func suggestionsBy(values []string, fits func(string) bool) []lineedit.Suggestion {
	var list []lineedit.Suggestion
	for _, v := range values {
		if fits(v) {
			list = append(list, lineedit.Suggestion{Text: v, Open: strings.HasSuffix(v, "(")})
		}
	}
	return list
}

func (s *shell) suggestMeta(ctx context.Context, text, word string) []lineedit.Suggestion {
	name, _, more := strings.Cut(text, " ")
	if !more {
		var list []lineedit.Suggestion
		for _, m := range metas {
			if strings.HasPrefix(m.name, name) {
				list = append(list, lineedit.Suggestion{Text: m.name, About: m.about})
			}
		}
		return list
	}
	switch name {
	case `\d`:
		return suggestions(s.tables(ctx), word)
	case `\f`:
		return suggestions(render.Formats, word)
	case `\timing`:
		return suggestions([]string{"on", "off"}, word)
	}
	return nil
}

// suggestSQL completes by the word before: tables behind FROM, attributes in conditions, keywords elsewhere.
func (s *shell) suggestSQL(ctx context.Context, text, word string) []lineedit.Suggestion {
	words := strings.FieldsFunc(text[:len(text)-len(word)], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(),=<>", r) })
	before := ""
	if len(words) > 0 {
		before = strings.ToUpper(words[len(words)-1])
	}
	tables := s.tables(ctx)
	named := slices.DeleteFunc(slices.Clone(tables), func(name string) bool { return !strings.Contains(text, name) })
	if values := s.valuesFor(ctx, named, text[:len(text)-len(word)]); len(values) > 0 {
		return suggestions(values, word)
	}
	if strings.HasSuffix(text[:len(text)-len(word)], "(") && before != "IN" {
		before = "WHERE" // the argument of a function
	}
	switch before {
	case "FROM", "INTO", "UPDATE":
		if name, _, dotted := strings.Cut(word, "."); dotted {
			var list []lineedit.Suggestion
			for _, index := range s.words(ctx, strings.Trim(name, `"`)).indexes {
				list = append(list, suggestions([]string{name + `."` + index + `"`}, word)...)
			}
			return list
		}
		quoted := make([]string, 0)
		for _, t := range tables {
			quoted = append(quoted, sqlName(t))
		}
		return suggestionsInAnyCase(quoted, word)
	case "RETURNING":
		return suggestionsInAnyCase(sqlReturning, word)
	case "SELECT", "WHERE", "AND", "OR", "NOT", "SET", "REMOVE", "BY":
		list := suggestions(s.attributes(ctx, named), word)
		if before == "SELECT" {
			list = append(list, suggestions([]string{"*"}, word)...)
		}
		return append(list, suggestionsInAnyCase(sqlFunctions, word)...)
	}
	if strings.Contains(strings.ToLower(text), "attribute_type(") && strings.HasPrefix(word, "'") {
		return suggestionsInAnyCase(sqlTypes, word)
	}
	if word == "" {
		return suggestionsInAnyCase(sqlWords, word)
	}
	return append(suggestionsInAnyCase(sqlWords, word), suggestions(s.attributes(ctx, named), word)...)
}

// compared finds the attribute whose value is about to be written: behind = or <>, or in the list of an IN.
var compared = regexp.MustCompile(`(?i)([\w.-]+)"?\s*(?:=|<>|!=|\s(?:NOT\s+)?IN\s*[(\[][^)\]]*)\s*$`)

// valuesFor are the texts that an attribute of few values has, as far as a look at some items tells, in the quotes of PartiQL.
func (s *shell) valuesFor(ctx context.Context, tables []string, before string) []string {
	m := compared.FindStringSubmatch(before)
	if m == nil {
		return nil
	}
	var list []string
	for _, name := range tables {
		for _, v := range s.words(ctx, name).values[m[1]] {
			if quoted := "'" + v + "'"; !slices.Contains(list, quoted) {
				list = append(list, quoted)
			}
		}
	}
	return list
}

// sqlName writes a table's name as PartiQL wants it: quoted where it is more than letters, digits and underscores.
func sqlName(name string) string {
	for i, r := range name {
		if r != '_' && (r > unicode.MaxASCII || !unicode.IsLetter(r)) && (i == 0 || !unicode.IsDigit(r)) {
			return `"` + name + `"`
		}
	}
	return name
}

// suggestCommand asks the command tree itself, as the completion of the login shell does.
func (s *shell) suggestCommand(ctx context.Context, text, word string) []lineedit.Suggestion {
	words, err := splitWords(strings.TrimSuffix(text, word))
	if err != nil {
		return nil
	}
	if len(words) > 0 && words[0] == "ddb" {
		words = words[1:]
	}
	var out bytes.Buffer
	defer withoutStderr()()
	s.capture(ctx, &out, append(append(append([]string{"__complete"}, s.inherited...), words...), word))
	var list []lineedit.Suggestion
	for line := range strings.Lines(out.String()) {
		value, about, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(value, word) && value != "" && !strings.HasPrefix(value, ":") {
			list = append(list, lineedit.Suggestion{Text: value, About: about, Open: strings.HasSuffix(value, "=")})
		}
	}
	return list
}

// withoutStderr turns the process's error stream off until the function it gives is called: cobra writes what it could not parse of a line
// to os.Stderr itself, not to the command's error stream, and so into the midst of the line that is being typed.
func withoutStderr() func() {
	none, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return func() {}
	}
	stderr := os.Stderr
	os.Stderr = none
	return func() {
		os.Stderr = stderr
		_ = none.Close()
	}
}

// env is the session's way to the service, with the limits of the shell.
func (s *shell) env(ctx context.Context) (*op.Env, error) {
	a := newApp(&IO{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
	a.session, a.cfg, a.loaded = s.session, s.app.cfg, true
	return a.env(ctx)
}

// tables are the names of all tables. What fails completes nothing.
func (s *shell) tables(ctx context.Context) []string {
	env, err := s.env(ctx)
	if err != nil {
		return nil
	}
	names, err := allTables(ctx, env, "")
	if err != nil {
		return nil
	}
	return names
}

func (s *shell) attributes(ctx context.Context, tables []string) []string {
	var names []string
	for _, t := range tables {
		for _, a := range s.words(ctx, t).attributes {
			if !slices.Contains(names, a) {
				names = append(names, a)
			}
		}
	}
	return names
}

// words asks once in a shell what a table brings.
func (s *shell) words(ctx context.Context, name string) tableWords {
	if known, ok := s.known[name]; ok {
		return known
	}
	env, err := s.env(ctx)
	if err != nil {
		return tableWords{}
	}
	w, err := s.app.knownWords(ctx, env, name)
	if err != nil {
		return tableWords{}
	}
	s.known[name] = w
	return w
}
