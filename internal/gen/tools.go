package main

import (
	"fmt"
	"strings"

	"github.com/ddb-cli/ddb/internal/op"
)

// The marks between which a page's table of tools stands.
const (
	toolsBegin = "<!-- START TOOLS (go generate) -->\n"
	toolsEnd   = "<!-- END TOOLS -->\n"
)

// toolPages are the pages that hold the table.
var toolPages = []string{"README.md", "docs/mcp.md"}

// writeTools writes the table of tools into a page.
func writeTools(all []op.Operation, page string) error {
	return between(page, toolsBegin, toolsEnd, toolsTable(all))
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
