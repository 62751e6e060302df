package modeling

import (
	"context"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/prompts"
)

// PromptInput may name one section of the prompt; the whole of it is wanted where it names none.
type PromptInput struct {
	Section string `json:"section,omitempty" flag:"section" mcp:"-" help:"only the section of this name; an unknown name lists them"`
}

// Prompt gives the text that makes a language model a DynamoDB data modeler. It calls no service.
var Prompt = op.New(op.Spec{
	Tool: "dynamodb_data_modeling", Title: "DynamoDB data modeling", Use: "modeling prompt",
	Short:   "Expert prompt for DynamoDB data modeling",
	Toolset: "modeling",
	Effect:  op.Read, Idempotent: true, Contract: true, Text: true,
}, prompt)

func prompt(_ context.Context, _ *op.Env, in *PromptInput) (*op.Text, error) {
	if in.Section == "" {
		return &op.Text{Text: prompts.Modeling()}, nil
	}
	section, err := prompts.SectionByName(in.Section)
	if err != nil {
		return nil, op.Invalid(err.Error(), "")
	}
	return &op.Text{Text: section.Text}, nil
}
