package mcp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/op"
)

const (
	// toolsetDefault stands for the tools offered when nothing is chosen.
	toolsetDefault = "default"
	// toolsetAll stands for every operation.
	toolsetAll = "all"
)

// choose picks operations by toolset and by name, in the order of the registry.
// Neither given means the default set; exclude wins.
func choose(all []op.Operation, toolsets, tools, exclude []string) ([]op.Operation, error) {
	toolsets, tools, exclude = clean(toolsets), clean(tools), clean(exclude)
	names := make([]string, len(all))
	for i, o := range all {
		names[i] = o.Spec().Tool
	}
	for _, list := range [][]string{tools, exclude} {
		if err := known("tool", list, names); err != nil {
			return nil, err
		}
	}
	if err := known("toolset", toolsets, Toolsets(all)); err != nil {
		return nil, err
	}
	if len(toolsets) == 0 && len(tools) == 0 {
		toolsets = []string{toolsetDefault}
	}
	var chosen []op.Operation
	for _, o := range all {
		spec := o.Spec()
		in := slices.Contains(tools, spec.Tool) || slices.ContainsFunc(toolsets, func(t string) bool { return inToolset(spec, t) })
		if in && !slices.Contains(exclude, spec.Tool) {
			chosen = append(chosen, o)
		}
	}
	if len(chosen) == 0 {
		return nil, op.Invalid("no tool is left to offer", "exclude fewer tools, or name more with --toolsets or --tools")
	}
	return chosen, nil
}

func inToolset(spec op.Spec, name string) bool {
	return name == toolsetAll || name == spec.Toolset || name == toolsetDefault && spec.Contract
}

// Toolsets are the names --toolsets takes: default, all, and those of the
// operations in order of appearance.
func Toolsets(all []op.Operation) []string {
	names := []string{toolsetDefault, toolsetAll}
	for _, o := range all {
		if name := o.Spec().Toolset; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// clean drops blanks around and between names: people write "item, table,".
func clean(list []string) []string {
	var out []string
	for _, name := range list {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// known refuses a name that is not among the valid ones.
func known(kind string, asked, valid []string) error {
	for _, name := range asked {
		if slices.Contains(valid, name) {
			continue
		}
		hint := "valid names: " + strings.Join(valid, ", ")
		if near := nearest.Name(name, valid); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return op.Invalid(fmt.Sprintf("unknown %s %q", kind, name), hint)
	}
	return nil
}
