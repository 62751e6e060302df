package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// tree parses the text; one without any key gets an empty mapping to grow in.
func tree(text []byte) (*ast.File, *ast.MappingNode, error) {
	file, err := parser.ParseBytes(text, parser.ParseComments)
	if err != nil {
		return nil, nil, errors.New(yaml.FormatError(err, false, false))
	}
	for _, doc := range file.Docs {
		switch body := doc.Body.(type) {
		case *ast.MappingNode:
			return file, body, nil
		case nil, *ast.CommentGroupNode, *ast.NullNode:
		default:
			return nil, nil, fmt.Errorf("it begins with %s, not with keys", strings.ToLower(body.Type().String()))
		}
	}
	seed, err := parser.ParseBytes([]byte("seed: 1\n"), 0)
	if err != nil {
		return nil, nil, err
	}
	root, ok := seed.Docs[0].Body.(*ast.MappingNode)
	if !ok {
		return nil, nil, errors.New("no mapping to begin with")
	}
	root.Values = nil
	return seed, root, nil
}

func comments(text []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if t := strings.TrimSpace(line); t == "" || strings.HasPrefix(t, "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func find(m *ast.MappingNode, key string) *ast.MappingValueNode {
	for _, v := range m.Values {
		if v.Key.GetToken().Value == key {
			return v
		}
	}
	return nil
}

// remove takes a key out, with what is said above it; what is said at the head of the file stays.
func remove(m *ast.MappingNode, key string) {
	i := slices.IndexFunc(m.Values, func(v *ast.MappingValueNode) bool { return v.Key.GetToken().Value == key })
	if i < 0 {
		return
	}
	head := m.Values[i].GetComment()
	m.Values = slices.Delete(m.Values, i, i+1)
	if i > 0 || head == nil || len(m.Values) == 0 || m.Values[0].Key.GetToken().Position.Column > 1 {
		return
	}
	if next := m.Values[0].GetComment(); next != nil {
		head.Comments = append(head.Comments, next.Comments...)
	}
	_ = m.Values[0].SetComment(head)
}

// removeEntry takes an entry out of a list, with what is said above it. The list itself holds what is said above its first.
func removeEntry(list *ast.SequenceNode, i int) {
	list.Values = slices.Delete(list.Values, i, i+1)
	if i >= len(list.ValueHeadComments) {
		return
	}
	list.ValueHeadComments = slices.Delete(list.ValueHeadComments, i, i+1)
	if i == 0 && len(list.ValueHeadComments) > 0 {
		_ = list.SetComment(list.ValueHeadComments[0])
		list.ValueHeadComments[0] = nil
	}
}

// assign sets a key to a plain value, where it stands or at the end.
func assign(m *ast.MappingNode, key string, value any) error {
	node, err := yaml.ValueToNode(map[string]any{key: value})
	if err != nil {
		return err
	}
	fresh, ok := node.(*ast.MappingNode)
	if !ok || len(fresh.Values) != 1 {
		return fmt.Errorf("no YAML for %s", key)
	}
	if old := find(m, key); old != nil {
		replacement := fresh.Values[0]
		replacement.AddColumn(old.Key.GetToken().Position.Column - replacement.Key.GetToken().Position.Column)
		if c := old.Value.GetComment(); c != nil {
			_ = replacement.Value.SetComment(c)
		}
		old.Value = replacement.Value
		return nil
	}
	column := 1
	if len(m.Values) > 0 {
		column = m.Values[0].Key.GetToken().Position.Column
	}
	added := fresh.Values[0]
	added.AddColumn(column - added.Key.GetToken().Position.Column)
	m.Values = append(m.Values, added)
	return nil
}

// contextNode finds a context in the tree, or appends one.
func contextNode(root *ast.MappingNode, f File, name string) (*ast.MappingNode, error) {
	i := slices.IndexFunc(f.Contexts, func(c Context) bool { return c.Name == name })
	if i >= 0 {
		list, ok := find(root, "contexts").Value.(*ast.SequenceNode)
		if !ok || i >= len(list.Values) {
			return nil, errors.New("contexts is no list")
		}
		if m, ok := list.Values[i].(*ast.MappingNode); ok {
			return m, nil
		}
		return nil, fmt.Errorf("context %q is no mapping", name)
	}
	node, err := yaml.ValueToNode(map[string]any{"contexts": []map[string]string{{"name": name}}}, yaml.IndentSequence(true))
	if err != nil {
		return nil, err
	}
	fresh := node.(*ast.MappingNode).Values[0]
	list := fresh.Value.(*ast.SequenceNode)
	added := list.Values[0].(*ast.MappingNode)
	if old := find(root, "contexts"); old != nil {
		if existing, ok := old.Value.(*ast.SequenceNode); ok && len(existing.Values) > 0 {
			added.AddColumn(columnOf(existing.Values[0]) - columnOf(added))
			existing.Values = append(existing.Values, added)
			if existing.ValueHeadComments != nil {
				existing.ValueHeadComments = append(existing.ValueHeadComments, nil)
			}
			return added, nil
		}
		remove(root, "contexts")
	}
	root.Values = append(root.Values, fresh)
	return added, nil
}

func columnOf(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken().Position.Column
	}
	return n.GetToken().Position.Column
}
