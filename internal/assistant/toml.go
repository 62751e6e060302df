package assistant

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// tomlDocument is a TOML file. go-toml judges it; the statements below only find what stands where in a text known to be good.
type tomlDocument struct {
	text       []byte
	values     map[string]any
	path       []string
	statements []statement
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
