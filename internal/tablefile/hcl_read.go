package tablefile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// hclBlock is how a file of Terraform's own language begins, behind comments.
var hclBlock = regexp.MustCompile(`^\s*(?:(?:#|//)[^\n]*\n\s*|/\*(?s:.*?)\*/\s*)*(?:resource|data|variable|provider|terraform|locals|module|output|moved|import|check)\s*(?:"[^"\n]*"\s*)*\{`)

// isHCL tells Terraform's own language from YAML and JSON: by the name, or by the first block.
func isHCL(file string, src []byte) bool {
	return strings.HasSuffix(strings.ToLower(file), ".tf") || hclBlock.Match(src)
}

// An hclReader reads the part of HCL in which resources are written: blocks, arguments, texts with escapes and templates, heredocs, numbers, lists, maps,
// references and jsonencode. What has to be computed otherwise becomes a text ${…}, as Terraform's JSON has it, which is refused where its value is needed.
type hclReader struct {
	src   string
	file  string
	pos   int
	depth int
}

// parseHCL gives a file the form that parse gives to the same file in Terraform's JSON.
func parseHCL(file string, src []byte) (*node, error) {
	r := &hclReader{src: strings.ReplaceAll(string(src), "\r\n", "\n"), file: file}
	root := r.node(mapping, "")
	if err := r.body(root, ""); err != nil {
		return nil, err
	}
	if r.pos < len(r.src) {
		return nil, r.fail("", "a } that closes nothing")
	}
	return root, nil
}

func (r *hclReader) line() int { return 1 + strings.Count(r.src[:r.pos], "\n") }

func (r *hclReader) node(kind nodeKind, path string) *node {
	return &node{kind: kind, line: r.line(), file: r.file, path: path}
}

func (r *hclReader) fail(path, message string) error {
	return &Error{File: r.file, Line: r.line(), Path: path, Message: message}
}

func (r *hclReader) peek() byte {
	if r.pos < len(r.src) {
		return r.src[r.pos]
	}
	return 0
}

// space passes over blanks and comments, and over line ends where lines is set.
func (r *hclReader) space(lines bool) {
	for r.pos < len(r.src) {
		rest := r.src[r.pos:]
		switch c := rest[0]; {
		case c == ' ' || c == '\t' || lines && c == '\n':
			r.pos++
		case c == '#', strings.HasPrefix(rest, "//"):
			if i := strings.IndexByte(rest, '\n'); i >= 0 {
				r.pos += i
			} else {
				r.pos = len(r.src)
			}
		case strings.HasPrefix(rest, "/*"):
			if i := strings.Index(rest, "*/"); i >= 0 {
				r.pos += i + 2
			} else {
				r.pos = len(r.src)
			}
		default:
			return
		}
	}
}

func (r *hclReader) word() string {
	start := r.pos
	for r.pos < len(r.src) {
		c := r.src[r.pos]
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c < utf8.RuneSelf {
			break
		}
		r.pos++
	}
	return r.src[start:r.pos]
}

// body reads arguments and blocks up to the brace that ends it, or the end of the file.
func (r *hclReader) body(into *node, path string) error {
	if r.depth++; r.depth > maxDepth {
		return r.fail(path, "is nested too deeply")
	}
	defer func() { r.depth-- }()
	for {
		r.space(true)
		if c := r.peek(); c == 0 || c == '}' {
			return nil
		}
		line := r.line()
		name := r.word()
		if name == "" {
			return r.fail(path, fmt.Sprintf("expected the name of an argument or a block, found %q", firstRune(r.src[r.pos:])))
		}
		r.space(false)
		if r.peek() != '=' {
			if err := r.block(into, name, join(path, name)); err != nil {
				return err
			}
			continue
		}
		r.pos++
		value, err := r.expression(join(path, name))
		if err != nil {
			return err
		}
		if into.get(name) != nil {
			return &Error{r.file, line, join(path, name), "is given twice", ""}
		}
		into.fields = append(into.fields, field{name, value, line})
		r.space(false)
		if c := r.peek(); c != 0 && c != '\n' && c != '}' {
			return r.fail(join(path, name), fmt.Sprintf("expected the end of the line, found %q", firstRune(r.src[r.pos:])))
		}
	}
}

func firstRune(s string) string {
	c, _ := utf8.DecodeRuneInString(s)
	return string(c)
}

// block reads labels and the body of a block. Blocks of one name are a list; a label is a map around the body, as in Terraform's JSON.
func (r *hclReader) block(into *node, name, path string) error {
	line := r.line()
	var labels []string
	for r.peek() != '{' {
		label := r.word()
		if label == "" {
			if r.peek() != '"' {
				return r.fail(path, fmt.Sprintf("expected = or a block in braces, found %q", firstRune(r.src[r.pos:])))
			}
			text, err := r.quoted(path)
			if err != nil {
				return err
			}
			label = text
		}
		labels = append(labels, label)
		r.space(false)
	}
	r.pos++
	for _, l := range labels {
		path = join(path, l)
	}
	body := r.node(mapping, path)
	body.line = line
	if err := r.body(body, path); err != nil {
		return err
	}
	if r.peek() != '}' {
		return r.fail(path, fmt.Sprintf("the block of line %d is not closed", line))
	}
	r.pos++
	for _, label := range slices.Backward(labels) {
		body = &node{kind: mapping, line: line, file: r.file, path: path, fields: []field{{label, body, line}}}
	}
	all := into.get(name)
	if all == nil {
		all = &node{kind: list, line: line, file: r.file, path: join(into.path, name)}
		into.fields = append(into.fields, field{name, all, line})
	}
	if all.kind != list {
		return &Error{r.file, line, path, "is an argument and a block", ""}
	}
	all.items = append(all.items, body)
	return nil
}

// expression reads one value. What follows it on the line and is no end of it makes the whole an expression that is not computed here.
func (r *hclReader) expression(path string) (*node, error) {
	if r.depth++; r.depth > maxDepth {
		return nil, r.fail(path, "is nested too deeply")
	}
	defer func() { r.depth-- }()
	r.space(false)
	start := r.pos
	out, err := r.primary(path)
	if err != nil {
		return nil, err
	}
	r.space(false)
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
	r.space(true)
	value, err := r.expression(path)
	if err != nil {
		return nil, err
	}
	r.space(true)
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
		r.space(true)
		if r.peek() == ']' {
			r.pos++
			return out, nil
		}
		item, err := r.expression(fmt.Sprintf("%s[%d]", path, len(out.items)))
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, item)
		r.space(true)
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
		r.space(true)
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
		r.space(true)
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
		r.space(false)
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

// quoted reads a text. Escapes are resolved; templates stay as they are, $${ among them.
func (r *hclReader) quoted(path string) (string, error) {
	line := r.line()
	var b strings.Builder
	for r.pos++; r.pos < len(r.src); {
		rest := r.src[r.pos:]
		switch c := rest[0]; {
		case c == '"':
			r.pos++
			return b.String(), nil
		case c == '\n':
			return "", &Error{r.file, line, path, "the quotes of a text are not closed on its line", ""}
		case strings.HasPrefix(rest, "$${"), strings.HasPrefix(rest, "%%{"):
			b.WriteString(rest[:3])
			r.pos += 3
		case strings.HasPrefix(rest, "${"), strings.HasPrefix(rest, "%{"):
			start := r.pos
			r.pos += 2
			if err := r.rest(path); err != nil {
				return "", err
			}
			if r.peek() != '}' {
				return "", r.fail(path, "a ${ in a text is not closed")
			}
			r.pos++
			b.WriteString(r.src[start:r.pos])
		case c == '\\':
			text, size, err := escape(rest)
			if err != nil {
				return "", r.fail(path, err.Error())
			}
			b.WriteString(text)
			r.pos += size
		default:
			b.WriteByte(c)
			r.pos++
		}
	}
	return "", &Error{r.file, line, path, "the quotes of a text are not closed", ""}
}

// escape reads an escape and tells how long it is.
func escape(s string) (text string, size int, err error) {
	if len(s) > 1 {
		if i := strings.IndexByte(`nrt"\`, s[1]); i >= 0 {
			return "\n\r\t\"\\"[i : i+1], 2, nil
		}
		if digits := map[byte]int{'u': 4, 'U': 8}[s[1]]; digits > 0 && len(s) >= 2+digits {
			if n, err := strconv.ParseUint(s[2:2+digits], 16, 32); err == nil && utf8.ValidRune(rune(n)) {
				return string(rune(n)), 2 + digits, nil
			}
		}
	}
	return "", 0, fmt.Errorf("the escape %q is not known", s[:min(len(s), 2)])
}

// heredoc reads <<NAME, or <<-NAME, which takes off what its lines are indented by.
func (r *hclReader) heredoc(path string) (string, error) {
	line := r.line()
	r.pos += 2
	indented := r.peek() == '-'
	if indented {
		r.pos++
	}
	name := r.word()
	if name == "" || r.peek() != '\n' {
		return "", r.fail(path, "expected a name and the end of the line behind <<")
	}
	r.pos++
	var lines []string
	for r.pos < len(r.src) {
		text, _, _ := strings.Cut(r.src[r.pos:], "\n")
		if strings.TrimSpace(text) == name {
			r.pos += len(text)
			if indented {
				unindent(lines)
			}
			return strings.Join(append(lines, ""), "\n"), nil
		}
		r.pos = min(r.pos+len(text)+1, len(r.src))
		lines = append(lines, text)
	}
	return "", &Error{r.file, line, path, "the text that begins with <<" + name + " does not end", ""}
}

func unindent(lines []string) {
	least := -1
	for _, l := range lines {
		if n := len(l) - len(strings.TrimLeft(l, " \t")); strings.TrimSpace(l) != "" && (least < 0 || n < least) {
			least = n
		}
	}
	for i, l := range lines {
		lines[i] = l[min(max(least, 0), len(l)):]
	}
}
