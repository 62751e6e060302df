package mcp

import (
	"fmt"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/modeling"
	"github.com/ddb-cli/ddb/prompts"
)

// givesSections says whether the schema of the modeling tool names the parameter section, which it takes anyway: where the whole does not
// fit. Elsewhere every client would pay for it.
func (s *Server) givesSections(spec op.Spec) bool {
	return spec.Tool == modelingTool && s.maxBytes > 0 && s.maxBytes < len(prompts.Modeling())
}

// withSection adds the parameter.
func withSection(schema *jsonschema.Schema) *jsonschema.Schema {
	schema = wider(schema, sectionArgument, "string")
	for _, name := range sectionNames() {
		schema.Properties[sectionArgument].Enum = append(schema.Properties[sectionArgument].Enum, name)
	}
	return schema
}

// textResult gives a text within the limit: of the whole prompt as many sections as fit, and the names of the others.
func (s *Server) textResult(in any, text string) *mcp.CallToolResult {
	if s.maxBytes == 0 || len(text) <= s.maxBytes {
		return mcp.NewToolResultText(text)
	}
	if in, ok := in.(*modeling.PromptInput); ok && in.Section == "" {
		text = modelingWithin(s.maxBytes)
	}
	if over := len(text) - s.maxBytes; over > 0 {
		text = cutText(text, over)
	}
	return mcp.NewToolResultText(text)
}

// modelingWithin is the prompt up to the section that does not fit any more.
func modelingWithin(limit int) string {
	sections := prompts.Sections()
	for keep := len(sections) - 1; ; keep-- {
		var texts []string
		for _, section := range sections[:keep] {
			texts = append(texts, section.Text)
		}
		var left []string
		for _, section := range sections[keep:] {
			left = append(left, section.Name)
		}
		texts = append(texts, fmt.Sprintf("Not all of this prompt fits into %d bytes (--max-result-bytes). Read these sections too before you model, each by a call with section: %s.\n", limit, listed(left)))
		if text := strings.Join(texts, "\n"); len(text) <= limit || keep == 0 {
			return text
		}
	}
}
