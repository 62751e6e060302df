package assistant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// jsonDocument is a JSON file, with comments or without.
type jsonDocument struct {
	text   []byte
	root   *node
	values map[string]any
	path   []string // of the object that holds the entries
}

func openJSON(text []byte, path []string) (*jsonDocument, error) {
	if len(bytes.TrimSpace(bytes.TrimPrefix(text, bom))) == 0 {
		text = append(bytes.Clone(text), "{}\n"...) // some programs leave an empty file until they have something to say
	}
	root, plain, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	if root.kind != '{' {
		return nil, &faultError{root.start, "an object is expected at the top"}
	}
	d := &jsonDocument{text: text, root: root, path: path}
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.UseNumber()
	if err := dec.Decode(&d.values); err != nil {
		return nil, fmt.Errorf("it is no JSON: %w", err)
	}
	_, _, err = d.container()
	return d, err
}

// container finds the object of the entries, or the innermost one on the way to it and how much of the way is done.
func (d *jsonDocument) container() (n *node, done int, err error) {
	n = d.root
	for i, name := range d.path {
		m, err := n.find(name)
		if err != nil || m == nil {
			return n, i, err
		}
		if m.value.kind != '{' {
			return nil, i, &faultError{m.value.start, fmt.Sprintf("%q is expected to hold an object", name)}
		}
		n = m.value
	}
	return n, len(d.path), nil
}

func (d *jsonDocument) tree() map[string]any { return d.values }

func (d *jsonDocument) servers() map[string]any { return inner(d.values, d.path) }

// inner follows a path through maps; nil where it ends early.
func inner(values map[string]any, path []string) map[string]any {
	for _, name := range path {
		values, _ = values[name].(map[string]any)
	}
	return values
}

func (d *jsonDocument) put(name string, fields []field) ([]byte, error) {
	n, done, err := d.container()
	if err != nil {
		return nil, err
	}
	if done < len(d.path) {
		value := any([]field{{name, fields}})
		for _, missing := range slices.Backward(d.path[done+1:]) {
			value = []field{{missing, value}}
		}
		return apply(d.text, d.insert(n, field{d.path[done], value})), nil
	}
	entry, err := n.find(name)
	if err != nil {
		return nil, err
	}
	if entry == nil {
		return apply(d.text, d.insert(n, field{name, fields})), nil
	}
	if entry.value.kind != '{' {
		return nil, &faultError{entry.value.start, fmt.Sprintf("the entry %q is no object", name)}
	}
	edits, err := d.update(entry.value, fields)
	if err != nil {
		return nil, err
	}
	return apply(d.text, edits), nil
}

// update sets members of an object that is there. Lists are replaced, maps of strings are added to.
func (d *jsonDocument) update(n *node, fields []field) ([]splice, error) {
	var edits []splice
	var fresh []field
	for _, f := range fields {
		m, err := n.find(f.name)
		if err != nil {
			return nil, err
		}
		more, isMap := f.value.(map[string]string)
		switch {
		case m == nil:
			fresh = append(fresh, f)
		case isMap && m.value.kind == '{':
			within, err := d.update(m.value, sortedFields(more))
			if err != nil {
				return nil, err
			}
			edits = append(edits, within...)
		case !d.holds(m.value, f.value):
			indent, _ := indentOf(d.text, m.keyStart)
			edits = append(edits, splice{m.value.start, m.value.end, d.render(f.value, indent, d.oneLine(n))})
		}
	}
	if len(fresh) > 0 {
		edits = append(edits, d.insert(n, fresh...)...)
	}
	return edits, nil
}

func sortedFields(m map[string]string) []field {
	var list []field
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, field{key, m[key]})
	}
	return list
}

func (d *jsonDocument) holds(n *node, value any) bool {
	var now any
	_, plain, err := readJSON(d.text[n.start:n.end])
	if err != nil || json.Unmarshal(plain, &now) != nil {
		return false
	}
	a, errA := json.Marshal(now)
	b, errB := json.Marshal(value)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

func (d *jsonDocument) oneLine(n *node) bool {
	return len(n.members) > 0 && !bytes.Contains(d.text[n.start:n.end], []byte{'\n'})
}

// unit is the indentation of one level: that of the file's first member, or two blanks.
func (d *jsonDocument) unit() string {
	if len(d.root.members) > 0 {
		if indent, ok := indentOf(d.text, d.root.members[0].keyStart); ok && indent != "" {
			return indent
		}
	}
	return "  "
}

// insert adds members at the end of an object.
func (d *jsonDocument) insert(n *node, fields ...field) []splice {
	nl := newline(d.text)
	write := func(indent string, oneLine bool) []string {
		list := make([]string, len(fields))
		for i, f := range fields {
			list[i] = quoted(f.name) + ": " + d.render(f.value, indent, oneLine)
		}
		return list
	}
	if len(n.members) == 0 {
		outer := lineIndent(d.text, n.start)
		indent := outer + d.unit()
		text := nl + indent + strings.Join(write(indent, false), ","+nl+indent) + nl + outer
		within := d.text[n.start+1 : n.end-1]
		at := n.start + 1 + len(bytes.TrimRight(within, " \t\r\n")) // behind a comment, if there is one
		return []splice{{at, n.end - 1, text}}
	}
	last := n.members[len(n.members)-1]
	indent, gap := "", " "
	if !d.oneLine(n) {
		var alone bool
		if indent, alone = indentOf(d.text, last.keyStart); !alone {
			indent = lineIndent(d.text, n.start) + d.unit()
		}
		gap = nl + indent
	}
	text := gap + strings.Join(write(indent, d.oneLine(n)), ","+gap)
	if last.comma >= 0 {
		at := d.behindComment(last.comma+1, n.end-1)
		return []splice{{at, at, text + ","}}
	}
	at := d.behindComment(last.value.end, n.end-1)
	return []splice{{last.value.end, last.value.end, ","}, {at, at, text}}
}

// lineIndent is the white space a line begins with.
func lineIndent(text []byte, at int) string {
	line := text[lineStart(text, at):at]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// behindComment is the end of what belongs to the value before at on the same line, such as a comment.
func (d *jsonDocument) behindComment(at, limit int) int {
	r := &jsonReader{text: d.text[:min(lineEnd(d.text, at), limit)], at: at, plain: bytes.Clone(d.text)}
	if r.space() != nil {
		return at // a comment of several lines begins here; it stays behind what is put in
	}
	return at + len(bytes.TrimRight(r.text[at:r.at], " \t\r\n"))
}

func (d *jsonDocument) remove(name string) ([]byte, error) {
	n, done, err := d.container()
	if err != nil || done < len(d.path) {
		return d.text, err
	}
	m, err := n.find(name)
	if err != nil || m == nil {
		return d.text, err
	}
	i := slices.IndexFunc(n.members, func(x member) bool { return x.keyStart == m.keyStart })
	start, end := m.keyStart, m.value.end
	if m.comma >= 0 {
		end = m.comma + 1
	}
	end = d.behindComment(end, n.end-1)
	if indent, alone := indentOf(d.text, start); alone {
		start -= len(indent)
		if stop := lineEnd(d.text, end); len(bytes.TrimSpace(d.text[end:stop])) == 0 && stop < n.end {
			end = stop
		}
	} else if m.comma >= 0 && i < len(n.members)-1 {
		end += len(d.text[end:]) - len(bytes.TrimLeft(d.text[end:], " \t"))
	}
	edits := []splice{{start, end, ""}}
	if i > 0 && i == len(n.members)-1 && m.comma < 0 {
		before := n.members[i-1].comma
		edits = append(edits, splice{before, before + 1, ""})
	}
	out := apply(d.text, edits)
	if len(n.members) == 1 {
		if fresh, err := openJSON(out, d.path); err == nil {
			if left, done, err := fresh.container(); err == nil && done == len(d.path) && len(bytes.TrimSpace(out[left.start+1:left.end-1])) == 0 {
				out = apply(out, []splice{{left.start + 1, left.end - 1, ""}})
			}
		}
	}
	return out, nil
}

// render writes a value whose own line has this indentation.
func (d *jsonDocument) render(value any, indent string, oneLine bool) string {
	nl, deeper := newline(d.text), indent+d.unit()
	switch v := value.(type) {
	case string:
		return quoted(v)
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = quoted(s)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]string:
		return d.render(sortedFields(v), indent, oneLine)
	case []field:
		if len(v) == 0 {
			return "{}"
		}
		parts := make([]string, len(v))
		for i, f := range v {
			parts[i] = quoted(f.name) + ": " + d.render(f.value, deeper, oneLine)
		}
		if oneLine {
			return "{" + strings.Join(parts, ", ") + "}"
		}
		return "{" + nl + deeper + strings.Join(parts, ","+nl+deeper) + nl + indent + "}"
	}
	return "null"
}

func quoted(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string has a JSON form, and a buffer takes all
	return strings.TrimRight(b.String(), "\n")
}
