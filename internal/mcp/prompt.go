package mcp

import (
	"context"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/prompts"
)

// modelingTool is the tool that gives the data modeling prompt. Clients that
// show prompts to their user offer the same text under the same name.
const modelingTool = "dynamodb_data_modeling"

// sectionArgument is the argument of its prompt.
const sectionArgument = "section"

func offersModeling(offered []op.Operation) bool {
	return slices.ContainsFunc(offered, func(o op.Operation) bool { return o.Spec().Tool == modelingTool })
}

// modelingPrompt is the prompt, whole or one section of it.
func modelingPrompt() server.ServerPrompt {
	return server.ServerPrompt{
		Prompt: mcp.NewPrompt(modelingTool,
			mcp.WithPromptDescription("Work on a DynamoDB data model, from requirements to keys, indexes and cost"),
			mcp.WithArgument(sectionArgument, mcp.ArgumentDescription("only this part: "+listed(sectionNames()))),
		),
		Handler: func(_ context.Context, request mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
			title, text := "DynamoDB data modeling", prompts.Modeling()
			if name := request.Params.Arguments[sectionArgument]; name != "" {
				section, err := prompts.SectionByName(name)
				if err != nil {
					return nil, err
				}
				title, text = section.Title, section.Text
			}
			return mcp.NewGetPromptResult(title, []mcp.PromptMessage{
				mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(text)),
			}), nil
		},
	}
}
