package tablefile

import (
	"fmt"
	"regexp"
	"slices"
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

// skipBlanks passes over blanks and comments on a line.
func (r *hclReader) skipBlanks() { r.skip(" \t") }

// skipLines passes over line ends too.
func (r *hclReader) skipLines() { r.skip(" \t\n") }

func (r *hclReader) skip(blanks string) {
	for r.pos < len(r.src) {
		rest := r.src[r.pos:]
		switch c := rest[0]; {
		case strings.IndexByte(blanks, c) >= 0:
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
		r.skipLines()
		if c := r.peek(); c == 0 || c == '}' {
			return nil
		}
		line := r.line()
		name := r.word()
		if name == "" {
			return r.fail(path, fmt.Sprintf("expected the name of an argument or a block, found %q", firstRune(r.src[r.pos:])))
		}
		r.skipBlanks()
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
		r.skipBlanks()
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
		r.skipBlanks()
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
