// Package ops is the registry of operations: an ordinary slice that the terminal and the MCP server each loop over.
package ops

import (
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// All are the operations, in the order in which help and tools/list show them.
var All = []op.Operation{
	item.Get,
	table.List, table.Describe,
}

// ByTool finds an operation by its MCP name.
func ByTool(name string) (op.Operation, bool) {
	for _, o := range All {
		if o.Spec().Tool == name {
			return o, true
		}
	}
	return nil, false
}
