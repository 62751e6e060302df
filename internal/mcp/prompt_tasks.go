package mcp

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/ddb-cli/ddb/prompts"
)

// taskPrompts are the prompts for pieces of work. Clients without prompts have the same texts by the tool dynamodb_guide.
func taskPrompts() []server.ServerPrompt {
	list := make([]server.ServerPrompt, len(prompts.Tasks))
	for i, task := range prompts.Tasks {
		options := []mcp.PromptOption{mcp.WithPromptDescription(task.Title)}
		for _, a := range task.Arguments {
			options = append(options, mcp.WithArgument(a.Name, mcp.ArgumentDescription(a.Description)))
		}
		list[i] = server.ServerPrompt{
			Prompt: mcp.NewPrompt(task.Name, options...),
			Handler: func(_ context.Context, request mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
				return mcp.NewGetPromptResult(task.Title, []mcp.PromptMessage{
					mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(string(escapeHidden([]byte(task.Fill(request.Params.Arguments)))))),
				}), nil
			},
		}
	}
	return list
}
