// Package yamljson reads YAML as JSON, so that everything behind it needs to know one format. It goes over the syntax tree
// and not through Go values: numbers keep all their digits, and the members of a map their order.
package yamljson

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// Limits of what one document may become: aliases can make a small text large, and nesting deep.
const (
	maxBytes = 64 << 20
	maxDepth = 100
)

// An Error is YAML that cannot be read as JSON, with the line of the text it is on, counted from 1.
type Error struct {
	Line    int
	Message string
}

// Error names the line.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Convert reads one YAML document (1.2, core schema) and gives it as JSON. Texts that YAML reads as numbers, true, false or null are those; write them
// in quotes for text. Keys are texts, whatever they look like. A name given twice, a tag other than !!str, an infinity and more than one document are errors.
// An empty text is null.
func Convert(src []byte) ([]byte, error) {
	tokens := lexer.Tokenize(string(src))
	if err := bounded(tokens); err != nil {
		return nil, err
	}
	f, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, syntax(err)
	}
	c := converter{anchors: make(map[string]ast.Node)}
	var body ast.Node
	for _, d := range f.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			return nil, c.fail(d.Body, "a second document; only one can stand here")
		}
		body = d.Body
	}
	return c.append(nil, body, 0)
}

func syntax(err error) error {
	if known, ok := errors.AsType[yaml.Error](err); ok && known.GetToken() != nil {
		return &Error{known.GetToken().Position.Line, known.GetMessage()}
	}
	return &Error{1, err.Error()}
}

type converter struct{ anchors map[string]ast.Node }

func (c *converter) fail(n ast.Node, message string) error {
	line := 1
	if n != nil && n.GetToken() != nil {
		line = n.GetToken().Position.Line
	}
	return &Error{line, message}
}

func (c *converter) append(dst []byte, n ast.Node, depth int) ([]byte, error) {
	if depth > maxDepth || len(dst) > maxBytes {
		return nil, c.fail(n, "too large, or nested too deeply")
	}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return append(dst, "null"...), nil
	case *ast.BoolNode:
		return fmt.Appendf(dst, "%t", n.Value), nil
	case *ast.IntegerNode:
		return c.number(dst, n, n.Token.Value, n.Value)
	case *ast.FloatNode:
		return c.number(dst, n, n.Token.Value, n.Value)
	case *ast.StringNode:
		if n.Token.Type == token.StringType && isNumber(n.Token.Value) { // with more digits than the parser holds
			return append(dst, n.Token.Value...), nil
		}
		return jsonscan.AppendQuoted(dst, n.Value), nil
	case *ast.LiteralNode:
		return jsonscan.AppendQuoted(dst, n.Value.Value), nil
	case *ast.SequenceNode:
		return c.list(dst, n, depth)
	case *ast.MappingNode:
		return c.members(dst, n, n.Values, depth)
	case *ast.MappingValueNode:
		return c.members(dst, n, []*ast.MappingValueNode{n}, depth)
	case *ast.AnchorNode:
		c.anchors[n.Name.GetToken().Value] = n.Value
		return c.append(dst, n.Value, depth)
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		target, ok := c.anchors[name]
		if !ok {
			return nil, c.fail(n, fmt.Sprintf("the anchor &%s is not known here", name))
		}
		return c.append(dst, target, depth+1)
	case *ast.TagNode:
		if n.Start.Value == "!!str" && n.Value != nil {
			return jsonscan.AppendQuoted(dst, scalarText(n.Value)), nil
		}
		return nil, c.fail(n, fmt.Sprintf("the tag %s is not read here; write the value without it", n.Start.Value))
	}
	return nil, c.fail(n, fmt.Sprintf("%s has no form in JSON", n.Type()))
}

func (c *converter) list(dst []byte, n *ast.SequenceNode, depth int) ([]byte, error) {
	dst = append(dst, '[')
	var err error
	for i, e := range n.Values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = c.append(dst, e, depth+1); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

func (c *converter) members(dst []byte, n ast.Node, values []*ast.MappingValueNode, depth int) ([]byte, error) {
	dst = append(dst, '{')
	seen := make(map[string]bool, len(values))
	for i, m := range values {
		if m.Key.IsMergeKey() {
			return nil, c.fail(m, "merge keys (<<) are not read here")
		}
		name := scalarText(m.Key)
		if seen[name] {
			return nil, c.fail(m, fmt.Sprintf("the name %q is given twice", name))
		}
		seen[name] = true
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(jsonscan.AppendQuoted(dst, name), ':')
		var err error
		if dst, err = c.append(dst, m.Value, depth+1); err != nil {
			return nil, err
		}
	}
	if len(dst) > maxBytes {
		return nil, c.fail(n, "too large")
	}
	return append(dst, '}'), nil
}

// number writes a number's own digits where JSON takes them, and its value for the forms that only YAML has: 0x1F, 0o17, +5, 1_000.
func (c *converter) number(dst []byte, n ast.Node, text string, value any) ([]byte, error) {
	if isNumber(text) {
		return append(dst, text...), nil
	}
	if plain := strings.TrimPrefix(strings.ReplaceAll(text, "_", ""), "+"); isNumber(plain) {
		return append(dst, plain...), nil
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, c.fail(n, fmt.Sprintf("%s has no form in JSON", text))
	}
	return append(dst, raw...), nil
}

func isNumber(text string) bool {
	s := jsonscan.New([]byte(text))
	_, ok := s.Number()
	return ok && s.Pos() == len(text)
}

// scalarText is a scalar as text: what is in quotes, or what stands there.
func scalarText(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.MappingKeyNode:
		return scalarText(n.Value)
	}
	return n.GetToken().Value
}
