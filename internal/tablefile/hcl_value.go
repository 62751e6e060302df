package tablefile

import (
	"fmt"
	"strings"
)

// expression reads one value. What follows it on the line and is no end of it makes the whole an expression that is not computed here.
func (r *hclReader) expression(path string) (*node, error) {
	if r.depth++; r.depth > maxDepth {
		return nil, r.fail(path, "is nested too deeply")
	}
	defer func() { r.depth-- }()
	r.skipBlanks()
	start := r.pos
	out, err := r.primary(path)
	if err != nil {
		return nil, err
	}
	r.skipBlanks()
	if c := r.peek(); out == nil || c != 0 && !strings.ContainsRune("\n,]})", rune(c)) {
		at := r.node(scalar, path)
		if err := r.rest(path); err != nil {
			return nil, err
		}
		at.text = "${" + strings.TrimSpace(r.src[start:r.pos]) + "}"
		return at, nil
	}
	return out, nil
}

// primary reads a value that is written out, a reference, or jsonencode; it gives nil for what begins otherwise.
func (r *hclReader) primary(path string) (*node, error) {
	out := r.node(scalar, path)
	switch c := r.peek(); {
	case c == '"':
		text, err := r.quoted(path)
		out.text, out.quoted = text, true
		return out, err
	case strings.HasPrefix(r.src[r.pos:], "<<"):
		text, err := r.heredoc(path)
		out.text, out.quoted = text, true
		return out, err
	case c == '[':
		return r.sequence(out, path)
	case c == '{':
		return r.object(out, path)
	case c == '-' || c >= '0' && c <= '9':
		start := r.pos
		for r.pos < len(r.src) && strings.IndexByte("+-.eE0123456789", r.src[r.pos]) >= 0 {
			r.pos++
		}
		out.text = r.src[start:r.pos]
		return out, nil
	}
	start := r.pos
	for r.word() != "" && r.peek() == '.' {
		r.pos++
	}
	switch text := r.src[start:r.pos]; {
	case text == "true", text == "false":
		out.text = text
	case text == "null":
		out.kind = null
	case text == "jsonencode" && r.peek() == '(':
		return r.encoded(out, path)
	case text == "" || r.peek() == '(' || r.peek() == '[':
		return nil, nil
	default:
		out.text = "${" + text + "}"
	}
	return out, nil
}

// encoded is jsonencode of a value that is written out.
func (r *hclReader) encoded(out *node, path string) (*node, error) {
	r.pos++
	r.skipLines()
	value, err := r.expression(path)
	if err != nil {
		return nil, err
	}
	r.skipLines()
	if r.peek() != ')' {
		return nil, r.fail(path, "the parenthesis of jsonencode is not closed")
	}
	r.pos++
	text, err := value.json()
	out.text, out.quoted = string(text), true
	return out, err
}

func (r *hclReader) sequence(out *node, path string) (*node, error) {
	out.kind = list
	for r.pos++; ; {
		r.skipLines()
		if r.peek() == ']' {
			r.pos++
			return out, nil
		}
		item, err := r.expression(fmt.Sprintf("%s[%d]", path, len(out.items)))
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, item)
		r.skipLines()
		switch r.peek() {
		case ',':
			r.pos++
		case ']':
		default:
			return nil, r.fail(path, "expected , or ] in a list")
		}
	}
}

func (r *hclReader) object(out *node, path string) (*node, error) {
	out.kind = mapping
	for r.pos++; ; {
		r.skipLines()
		if r.peek() == '}' {
			r.pos++
			return out, nil
		}
		line := r.line()
		var name string
		if r.peek() == '"' {
			text, err := r.quoted(path)
			if err != nil {
				return nil, err
			}
			name = strings.NewReplacer("$${", "${", "%%{", "%{").Replace(text)
		} else if name = r.word(); name == "" {
			return nil, r.fail(path, fmt.Sprintf("expected a name in a map, found %q", firstRune(r.src[r.pos:])))
		}
		r.skipLines()
		if c := r.peek(); c != '=' && c != ':' {
			return nil, r.fail(join(path, name), "expected = behind a name in a map")
		}
		r.pos++
		value, err := r.expression(join(path, name))
		if err != nil {
			return nil, err
		}
		if out.get(name) != nil {
			return nil, &Error{r.file, line, join(path, name), "is given twice", ""}
		}
		out.fields = append(out.fields, field{name, value, line})
		r.skipBlanks()
		if c := r.peek(); c == ',' || c == '\n' {
			r.pos++
		} else if c != '}' {
			return nil, r.fail(path, "expected a line end, a comma or } in a map")
		}
	}
}

// rest passes over what is left of an expression: to the end of its line, or to what ends it in a list, map or call.
func (r *hclReader) rest(path string) error {
	open := 0
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; {
		case c == '"':
			if _, err := r.quoted(path); err != nil {
				return err
			}
			continue
		case strings.IndexByte("([{", c) >= 0:
			open++
		case strings.IndexByte(")]}", c) >= 0:
			if open == 0 {
				return nil
			}
			open--
		case open == 0 && (c == '\n' || c == ',' || c == '#'):
			return nil
		}
		r.pos++
	}
	return nil
}
