package assistant

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// tomlDocument is a TOML file. go-toml judges it; the statements below only find what stands where in a text known to be good.
type tomlDocument struct {
	text       []byte
	values     map[string]any
	path       []string
	statements []statement
}

// statement is a header of a table or a key with its value.
type statement struct {
	header     bool
	key        []string // as written: of a header its whole path, of a value the part behind its header's
	path       []string // from the top of the file
	start, end int      // whole lines
	valueStart int
	valueEnd   int
}

func openTOML(text []byte, path []string) (*tomlDocument, error) {
	d := &tomlDocument{text: text, path: path}
	if err := toml.Unmarshal(bytes.TrimPrefix(text, bom), &d.values); err != nil {
		if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := bad.Position()
			return nil, &faultError{offsetOf(text, line, column), bad.Error()}
		}
		return nil, err
	}
	d.scan()
	return d, nil
}

func offsetOf(text []byte, line, column int) int {
	at := 0
	for range line - 1 {
		at = lineEnd(text, at)
	}
	return min(at+column-1, len(text))
}

// scan splits the text into statements.
func (d *tomlDocument) scan() {
	var table []string
	at := 0
	if bytes.HasPrefix(d.text, bom) {
		at = len(bom)
	}
	for at < len(d.text) {
		start := at
		at = d.blanks(at)
		if at >= len(d.text) || d.text[at] == '\n' || d.text[at] == '\r' || d.text[at] == '#' {
			at = lineEnd(d.text, at)
			continue
		}
		s := statement{start: start}
		if d.text[at] == '[' {
			s.header = true
			at++
			if at < len(d.text) && d.text[at] == '[' {
				at++
			}
			s.key, at = d.tomlKey(at)
			s.path, table = s.key, s.key
		} else {
			s.key, at = d.tomlKey(at)
			s.path = append(slices.Clone(table), s.key...)
			s.valueStart = d.blanks(at + 1) // behind the sign of equality
			s.valueEnd = d.skipValue(s.valueStart)
			at = s.valueEnd
		}
		at = lineEnd(d.text, at)
		s.end = at
		d.statements = append(d.statements, s)
	}
}

func (d *tomlDocument) blanks(at int) int {
	for at < len(d.text) && (d.text[at] == ' ' || d.text[at] == '\t') {
		at++
	}
	return at
}

// tomlKey reads a key with dots, up to what ends it.
func (d *tomlDocument) tomlKey(at int) ([]string, int) {
	var key []string
	for {
		at = d.blanks(at)
		start := at
		if at < len(d.text) && (d.text[at] == '"' || d.text[at] == '\'') {
			at = d.skipString(at)
			var one struct{ K string }
			if toml.Unmarshal(append([]byte("K = "), d.text[start:at]...), &one) == nil {
				key = append(key, one.K)
			}
		} else {
			for at < len(d.text) && !strings.ContainsRune(" \t.=]\r\n", rune(d.text[at])) {
				at++
			}
			key = append(key, string(d.text[start:at]))
		}
		at = d.blanks(at)
		if at >= len(d.text) || d.text[at] != '.' {
			return key, at
		}
		at++
	}
}

func (d *tomlDocument) skipString(at int) int {
	mark := d.text[at : at+1]
	if triple := bytes.Repeat(mark, 3); bytes.HasPrefix(d.text[at:], triple) {
		for at += 3; at < len(d.text) && !bytes.HasPrefix(d.text[at:], triple); at++ {
			if d.text[at] == '\\' && mark[0] == '"' {
				at++
			}
		}
		at += 3
		for at < len(d.text) && d.text[at] == mark[0] { // one or two more belong to the text
			at++
		}
		return min(at, len(d.text))
	}
	for at++; at < len(d.text) && d.text[at] != mark[0]; at++ {
		if d.text[at] == '\\' && mark[0] == '"' {
			at++
		}
	}
	return min(at+1, len(d.text))
}

// skipValue is the end of a value that is known to be good.
func (d *tomlDocument) skipValue(at int) int {
	for depth := 0; at < len(d.text); {
		switch c := d.text[at]; {
		case c == '"' || c == '\'':
			at = d.skipString(at)
			if depth == 0 {
				return at
			}
		case c == '[' || c == '{':
			depth++
			at++
		case c == ']' || c == '}':
			at++
			if depth--; depth == 0 {
				return at
			}
		case c == '#' && depth > 0:
			at = lineEnd(d.text, at)
		case depth == 0 && (c == '\n' || c == '\r' || c == '#'):
			return len(bytes.TrimRight(d.text[:at], " \t"))
		default:
			at++
		}
	}
	return len(d.text)
}

func (d *tomlDocument) tree() map[string]any { return d.values }

func (d *tomlDocument) servers() map[string]any { return inner(d.values, d.path) }

func (d *tomlDocument) put(name string, fields []field) ([]byte, error) {
	nl, table := newline(d.text), append(slices.Clone(d.path), name)
	if _, there := d.servers()[name]; !there {
		var b strings.Builder
		if rest := bytes.TrimPrefix(d.text, bom); len(rest) > 0 {
			if !bytes.HasSuffix(rest, []byte{'\n'}) {
				b.WriteString(nl)
			}
			b.WriteString(nl)
		}
		b.WriteString("[" + tomlPath(table) + "]" + nl)
		for _, f := range fields {
			b.WriteString(f.name + " = " + tomlValue(f.value) + nl)
		}
		return append(bytes.Clone(d.text), b.String()...), nil
	}
	head := slices.IndexFunc(d.statements, func(s statement) bool { return s.header && slices.Equal(s.path, table) })
	if head < 0 {
		return nil, d.otherForm(name, table)
	}
	var edits []splice
	behind := d.statements[head].end
	for _, f := range fields {
		i := slices.IndexFunc(d.statements, func(s statement) bool { return !s.header && slices.Equal(s.path, append(slices.Clone(table), f.name)) })
		if i >= 0 {
			s := d.statements[i]
			if now := inner(d.values, table)[f.name]; !tomlHolds(now, f.value) {
				edits = append(edits, splice{s.valueStart, s.valueEnd, tomlValue(f.value)})
			}
			behind = s.end
			continue
		}
		line := f.name + " = " + tomlValue(f.value) + nl
		if behind == len(d.text) && !bytes.HasSuffix(d.text, []byte{'\n'}) {
			line = nl + strings.TrimSuffix(line, nl)
		}
		edits = append(edits, splice{behind, behind, line})
	}
	return apply(d.text, edits), nil
}

// otherForm says that an entry is written in a form that is not edited here.
func (d *tomlDocument) otherForm(name string, table []string) error {
	at := 0
	for _, s := range d.statements {
		if within(s.path, table) || within(table, s.path) {
			at = s.start // the last one says it most closely
		}
	}
	return &faultError{at, fmt.Sprintf("the entry %q is not written as a table of its own; write it as [%s] and try again", name, tomlPath(table))}
}

// within says whether a path is that of table, or below it.
func within(path, table []string) bool {
	return len(path) >= len(table) && slices.Equal(path[:len(table)], table)
}

func (d *tomlDocument) remove(name string) ([]byte, error) {
	table := append(slices.Clone(d.path), name)
	if _, there := d.servers()[name]; !there {
		return d.text, nil
	}
	var edits []splice
	for i, s := range d.statements {
		if !s.header || !within(s.path, table) {
			continue
		}
		end := s.end
		for _, inside := range d.statements[i+1:] {
			if inside.header {
				break
			}
			end = inside.end
		}
		for end < len(d.text) && len(bytes.TrimSpace(d.text[end:lineEnd(d.text, end)])) == 0 {
			end = lineEnd(d.text, end)
		}
		edits = append(edits, splice{s.start, end, ""})
	}
	if len(edits) == 0 {
		return nil, d.otherForm(name, table)
	}
	out := apply(d.text, edits)
	if edits[len(edits)-1].end == len(d.text) { // the blank line that was before it
		out = append(bytes.TrimRight(out, " \t\r\n"), newline(d.text)...)
		if len(bytes.TrimSpace(out)) == 0 {
			out = out[:0]
		}
	}
	return out, nil
}

func tomlHolds(now, want any) bool {
	switch v := want.(type) {
	case string:
		return now == want
	case []string:
		list, ok := now.([]any)
		return ok && slices.EqualFunc(list, v, func(a any, b string) bool { return a == b })
	}
	return false
}

func tomlPath(parts []string) string {
	written := make([]string, len(parts))
	for i, p := range parts {
		written[i] = p
		if p == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			written[i] = tomlString(p)
		}
	}
	return strings.Join(written, ".")
}

func tomlValue(value any) string {
	switch v := value.(type) {
	case string:
		return tomlString(v)
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = tomlString(s)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return `""`
}

// tomlString writes a basic string; TOML's escapes are JSON's, but for DEL, which JSON leaves as it is.
func tomlString(s string) string { return strings.ReplaceAll(quoted(s), "\x7f", `\u007f`) }
