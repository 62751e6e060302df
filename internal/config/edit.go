package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wholefile"
)

// Use makes a context the current one; "" makes none so.
func Use(path, context string) error {
	return edit(path, func(root *ast.MappingNode, f File) error {
		if context == "" {
			remove(root, "current")
			return nil
		}
		if _, ok := f.context(context); !ok {
			return noContext(context, f, path)
		}
		return assign(root, "current", context)
	})
}

// Set writes a key of a context, which is made where it is not there, or with context "" a key of the file itself. An
// empty value removes the key. Comments and the order of the file stay as they are.
func Set(path, context, key, value string) error {
	return edit(path, func(root *ast.MappingNode, f File) error {
		if context == "" {
			if !slices.Contains([]string{"current", "output", "color", "data"}, key) {
				return op.Invalid("unknown key "+quote(key), "valid ones: current, output, color, data; a context has others, see --context")
			}
			return change(root, key, value)
		}
		if keys := keysOf(reflect.TypeFor[Context]()); key == "name" || !slices.Contains(keys, key) {
			return op.Invalid("unknown key "+quote(key)+" of a context", "valid ones: "+strings.Join(keys[1:], ", ")+"; the context is named by --context")
		}
		target, err := contextNode(root, f, context)
		if err != nil {
			return err
		}
		return change(target, key, value)
	})
}

// Remove takes a context out of the file.
func Remove(path, context string) error {
	return edit(path, func(root *ast.MappingNode, f File) error {
		i := slices.IndexFunc(f.Contexts, func(c Context) bool { return c.Name == context })
		if i < 0 {
			return noContext(context, f, path)
		}
		if f.Current == context {
			remove(root, "current")
		}
		if len(f.Contexts) == 1 {
			remove(root, "contexts")
			return nil
		}
		list, ok := find(root, "contexts").Value.(*ast.SequenceNode)
		if !ok {
			return fault(path, "contexts is no list", "")
		}
		list.Values = slices.Delete(list.Values, i, i+1)
		if i < len(list.ValueHeadComments) {
			list.ValueHeadComments = slices.Delete(list.ValueHeadComments, i, i+1)
		}
		return nil
	})
}

func change(m *ast.MappingNode, key, value string) error {
	if value == "" {
		remove(m, key)
		return nil
	}
	switch key {
	case "read_only":
		if !isTruth(value) {
			return op.Invalid(key+" "+quote(value)+" is not known", "it is true or false")
		}
		return assign(m, key, truth(value))
	case "tables", "effects", "regions":
		return assign(m, key, split(value))
	case "local":
		if on, memory, dir := where(value).parse(); dir == "" && !memory {
			return assign(m, key, on)
		}
	}
	return assign(m, key, value)
}

// edit reads the file, changes its tree, checks that what comes out is a configuration, and replaces the file in one
// step, so that no other process sees half of it.
func edit(path string, do func(*ast.MappingNode, File) error) error {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &op.Error{Code: op.CodeConfig, Message: err.Error(), Cause: err}
	}
	before, err := parse(path, text)
	if err != nil {
		return err
	}
	file, root, err := tree(text)
	if err != nil {
		return fault(path, err.Error(), "")
	}
	if err := do(root, before); err != nil {
		return err
	}
	after := strings.TrimRight(file.String(), "\n") + "\n"
	switch {
	case len(root.Values) == 0:
		after = comments(text)
	case reflect.DeepEqual(before, File{}):
		after = comments(text) + after // there was no tree for them to hang on
	}
	if _, err := parse(path, []byte(after)); err != nil {
		return err
	}
	return replace(path, []byte(after))
}

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

func remove(m *ast.MappingNode, key string) {
	m.Values = slices.DeleteFunc(m.Values, func(v *ast.MappingValueNode) bool { return v.Key.GetToken().Value == key })
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

// replace writes a file beside the old one and renames it over it.
func replace(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &op.Error{Code: op.CodeConfig, Message: err.Error(), Cause: err}
	}
	if err := wholefile.Write(path, text, 0o600); err != nil {
		return &op.Error{Code: op.CodeConfig, Message: "the configuration was not written: " + err.Error(), Cause: err}
	}
	return nil
}
