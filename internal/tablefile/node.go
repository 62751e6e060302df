package tablefile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// An Error is a file that cannot be read, with the place: the file, the line counted from 1 and the attribute.
type Error struct {
	File          string
	Line          int
	Path          string
	Message, Hint string
}

// Error gives "file:line: attribute: what is wrong".
func (e *Error) Error() string {
	text := e.File
	if e.Line > 0 {
		text = fmt.Sprintf("%s:%d", text, e.Line)
	}
	if e.Path != "" {
		text += ": " + e.Path
	}
	return text + ": " + e.Message
}

// maxDepth bounds the nesting of a file, and through it what aliases can do.
const maxDepth = 64

type nodeKind int

const (
	scalar nodeKind = iota
	mapping
	list
	null
)

// A node is a value of YAML or JSON with its place. tag is a local tag such as "!Ref".
type node struct {
	kind   nodeKind
	text   string // of a scalar
	quoted bool
	tag    string
	fields []field
	items  []*node
	line   int
	file   string
	path   string
}

type field struct {
	name  string
	value *node
	line  int
}

func (n *node) get(name string) *node {
	for _, f := range n.fields {
		if f.name == name {
			return f.value
		}
	}
	return nil
}

func (n *node) fail(message, hint string) error {
	return &Error{n.file, n.line, n.path, message, hint}
}

// kindText says what a node is, for errors.
func (n *node) kindText() string {
	switch n.kind {
	case mapping:
		return "a map"
	case list:
		return "a list"
	case null:
		return "nothing"
	}
	return fmt.Sprintf("%q", n.text)
}

type nodeReader struct {
	file    string
	anchors map[string]ast.Node
	nodes   int
}

// parse reads all documents of a file of YAML, of which JSON is a part.
func parse(file string, src []byte) ([]*node, error) {
	f, err := parser.ParseBytes(src, 0)
	if err != nil {
		line, message := 1, err.Error()
		if known, ok := errors.AsType[yaml.Error](err); ok && known.GetToken() != nil {
			line, message = known.GetToken().Position.Line, known.GetMessage()
		}
		return nil, &Error{File: file, Line: line, Message: message}
	}
	r := nodeReader{file: file, anchors: map[string]ast.Node{}}
	var docs []*node
	for _, d := range f.Docs {
		if d.Body == nil {
			continue
		}
		if _, comment := d.Body.(*ast.CommentGroupNode); comment {
			continue
		}
		n, err := r.read(d.Body, "", 0)
		if err != nil {
			return nil, err
		}
		docs = append(docs, n)
	}
	return docs, nil
}

func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

func (r *nodeReader) read(n ast.Node, path string, depth int) (*node, error) {
	r.nodes++
	out := &node{kind: scalar, line: lineOf(n), file: r.file, path: path}
	if depth > maxDepth || r.nodes > 200_000 {
		return nil, out.fail("is too large, or nested too deeply", "")
	}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		out.kind = null
	case *ast.StringNode:
		out.text = n.Value
		out.quoted = strings.HasPrefix(n.Token.Origin, `"`) || strings.HasPrefix(n.Token.Origin, "'") || strings.ContainsAny(firstByte(strings.TrimSpace(n.Token.Origin)), `"'`)
	case *ast.LiteralNode:
		out.text, out.quoted = n.Value.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		out.text = n.GetToken().Value
	case *ast.SequenceNode:
		out.kind = list
		for i, e := range n.Values {
			item, err := r.read(e, fmt.Sprintf("%s[%d]", path, i), depth+1)
			if err != nil {
				return nil, err
			}
			out.items = append(out.items, item)
		}
	case *ast.MappingNode:
		return out, r.fields(out, n.Values, depth)
	case *ast.MappingValueNode:
		return out, r.fields(out, []*ast.MappingValueNode{n}, depth)
	case *ast.AnchorNode:
		r.anchors[n.Name.GetToken().Value] = n.Value
		return r.read(n.Value, path, depth)
	case *ast.AliasNode:
		target, ok := r.anchors[n.Value.GetToken().Value]
		if !ok {
			return nil, out.fail("the anchor *"+n.Value.GetToken().Value+" is not known here", "")
		}
		return r.read(target, path, depth+1)
	case *ast.TagNode:
		inner, err := r.read(n.Value, path, depth+1)
		if err != nil {
			return nil, err
		}
		if tag := n.Start.Value; tag != "!!str" {
			inner.tag = tag
		}
		inner.quoted, inner.line = true, out.line
		return inner, nil
	default:
		return nil, out.fail(fmt.Sprintf("%s is not read here", n.Type()), "")
	}
	return out, nil
}

func firstByte(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}

func (r *nodeReader) fields(out *node, values []*ast.MappingValueNode, depth int) error {
	out.kind = mapping
	for _, m := range values {
		if m.Key.IsMergeKey() {
			return out.fail("merge keys (<<) are not read here", "write the members out")
		}
		name := keyText(m.Key)
		line := lineOf(m.Key)
		if out.get(name) != nil {
			return &Error{r.file, line, join(out.path, name), "is given twice", ""}
		}
		if len(out.fields) == 0 && line > 0 {
			out.line = line
		}
		value, err := r.read(m.Value, join(out.path, name), depth+1)
		if err != nil {
			return err
		}
		if value.line == 0 || value.kind != scalar {
			value.line = line
		}
		out.fields = append(out.fields, field{name, value, line})
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func keyText(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.MappingKeyNode:
		return keyText(n.Value)
	}
	return n.GetToken().Value
}
