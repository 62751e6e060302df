package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

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

// GeneralKeys are those that may stand in the file itself, beside the contexts.
var GeneralKeys = []string{"current", "output", "color", "data"}

// Set writes a key of a context, which is made where it is not there, or with context "" a key of the file itself. An
// empty value removes the key. Comments and the order of the file stay as they are.
func Set(path, context, key, value string) error {
	return edit(path, func(root *ast.MappingNode, f File) error {
		if err := checkKey(context, key); err != nil {
			return err
		}
		if context == "" {
			return change(root, key, value)
		}
		target, err := contextNode(root, f, context)
		if err != nil {
			return err
		}
		return change(target, key, value)
	})
}

// Unset takes a key out of a context, or with context "" out of the file itself, and reports whether it was there. A context that is not
// there is an error.
func Unset(path, context, key string) (was bool, err error) {
	err = edit(path, func(root *ast.MappingNode, f File) error {
		if err := checkKey(context, key); err != nil {
			return err
		}
		target := root
		if context != "" {
			if _, ok := f.context(context); !ok {
				return noContext(context, f, path)
			}
			if target, err = contextNode(root, f, context); err != nil {
				return err
			}
		}
		was = find(target, key) != nil
		remove(target, key)
		return nil
	})
	return was && err == nil, err
}

// checkKey refuses a key that has no place in a context, or with context "" in the file itself.
func checkKey(context, key string) error {
	if context == "" {
		if !slices.Contains(GeneralKeys, key) {
			return op.Invalid("unknown key "+quote(key), "valid ones: "+strings.Join(GeneralKeys, ", ")+"; a context has others, see --context")
		}
		return nil
	}
	if keys := keysOf(reflect.TypeFor[Context]()); key == "name" || !slices.Contains(keys, key) {
		return op.Invalid("unknown key "+quote(key)+" of a context", "valid ones: "+strings.Join(keys[1:], ", ")+"; the context is named by --context")
	}
	return nil
}

// Remove takes a context out of the file; where it was the current one, none is current afterwards. The error is a CodeNoContext where
// there is no such context. What else stands in the file, comments too, stays.
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
		removeEntry(list, i)
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
	if strings.TrimRight(after, "\n") == strings.TrimRight(string(text), "\n") {
		return nil
	}
	if _, err := parse(path, []byte(after)); err != nil {
		return err
	}
	return replace(path, []byte(after))
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
