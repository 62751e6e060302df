package mcp

import (
	"encoding/json"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
)

// describe makes the tool of an operation. The schemas are the operation's own:
// mcp-go's helpers that infer one from a Go type print an error and go on where
// they fail, and know nothing of attribute values.
func (s *Server) describe(o op.Operation) (mcp.Tool, error) {
	if err := o.Check(); err != nil {
		return mcp.Tool{}, err
	}
	spec := o.Spec()
	schema := withShaping(spec, o.Input())
	if s.givesSections(spec) {
		schema = withSection(schema)
	}
	if s.confirm.mode == ConfirmAlways && spec.Effect == op.Destroy {
		schema = wider(schema, tokenParameter, "string")
	}
	input, err := json.Marshal(schema)
	if err != nil {
		return mcp.Tool{}, fmt.Errorf("input schema: %w", err)
	}
	tool := mcp.NewToolWithRawSchema(spec.Tool, spec.Short, input)
	tool.Annotations = hints(spec)
	if schema := o.Output(); schema != nil {
		if tool.RawOutputSchema, err = json.Marshal(schema); err != nil {
			return mcp.Tool{}, fmt.Errorf("output schema: %w", err)
		}
	}
	return tool, nil
}

// hints are the annotations an effect amounts to. The world of these tools is
// closed: an account's tables, not the web.
func hints(spec op.Spec) mcp.ToolAnnotation {
	return mcp.ToolAnnotation{
		Title:           spec.Title,
		ReadOnlyHint:    new(spec.Effect == op.Read),
		DestructiveHint: new(spec.Effect == op.Destroy),
		IdempotentHint:  new(spec.Idempotent || spec.Effect == op.Read),
		OpenWorldHint:   new(false),
	}
}
