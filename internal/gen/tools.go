package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/op"
)

// The marks between which a page's table of tools stands.
const (
	toolsBegin = "<!-- START TOOLS (go generate) -->\n"
	toolsEnd   = "<!-- END TOOLS -->\n"
)

// toolPages are the pages that hold a table of tools: the README what there is, by toolset, and the server's page each tool.
var toolPages = map[string]func([]op.Operation) string{"README.md": toolsetsTable, "docs/mcp.md": toolsTable}

// toolsetsTable lists the tools by toolset, in the registry's order, those that are offered by default apart.
func toolsetsTable(all []op.Operation) string {
	var sets []string
	byDefault, onRequest := map[string][]string{}, map[string][]string{}
	for _, o := range all {
		spec := o.Spec()
		if !slices.Contains(sets, spec.Toolset) {
			sets = append(sets, spec.Toolset)
		}
		list := onRequest
		if spec.Contract {
			list = byDefault
		}
		list[spec.Toolset] = append(list[spec.Toolset], "`"+spec.Tool+"`")
	}
	var b strings.Builder
	b.WriteString("\n| toolset | tools by default | with `--toolsets` |\n|---|---|---|\n")
	for _, set := range sets {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", set, strings.Join(byDefault[set], " "), strings.Join(onRequest[set], " "))
	}
	b.WriteString("\n")
	return b.String()
}

// toolsTable lists the tools in the registry's order, those of the drop-in contract marked.
func toolsTable(all []op.Operation) string {
	var b strings.Builder
	b.WriteString("\n| tool | toolset | effect | offered | |\n|---|---|---|---|---|\n")
	for _, o := range all {
		spec := o.Spec()
		offered := "`--toolsets " + spec.Toolset + "`"
		if spec.Contract {
			offered = "by default"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", spec.Tool, spec.Toolset, spec.Effect, offered, strings.ReplaceAll(spec.Short, "|", `\|`))
	}
	b.WriteString("\n")
	return b.String()
}
