package overview

import (
	"context"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/prompts"
)

// GuideInput names a task, a section of the modeling prompt, or "limits".
type GuideInput struct {
	Topic string `json:"topic" arg:"topic" jsonschema:"an unknown one lists those there are"`
}

// Guide gives the steps of a task, or a section of the modeling prompt, or the limits of DynamoDB. It calls no service.
var Guide = op.New(op.Spec{
	Tool: "dynamodb_guide", Title: "DynamoDB guide", Use: "guide <topic>",
	Short:   "Steps of a task: review_model, reduce_cost, …",
	Long:    "Print how to go about a task: review_model, migrate_from_sql, explain_throttling, reduce_cost; the limits of DynamoDB (limits); or a section of the modeling prompt.",
	Toolset: "overview", Effect: op.Read, Idempotent: true, Text: true,
}, guide)

func guide(_ context.Context, _ *op.Env, in *GuideInput) (*op.Text, error) {
	text, err := prompts.Guide(in.Topic)
	if err != nil {
		return nil, op.Invalid(err.Error(), "")
	}
	return &op.Text{Text: text}, nil
}
