package mcp

import (
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/prompts"
)

func TestModelingPrompt(t *testing.T) {
	c := localClient(t, nil)
	list, err := c.ListPrompts(t.Context(), mcp.ListPromptsRequest{})
	if err != nil || len(list.Prompts) != 5 || list.Prompts[0].Name != modelingTool {
		t.Fatalf("prompts %+v, error %v", list, err)
	}
	section := prompts.Sections()[2]
	cases := []struct{ name, section, want, problem string }{
		{name: "whole", want: prompts.Modeling()},
		{name: "a section", section: section.Name, want: section.Text},
		{name: "an unknown section", section: "nonsense", problem: section.Name},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			request := mcp.GetPromptRequest{}
			request.Params.Name = modelingTool
			if k.section != "" {
				request.Params.Arguments = map[string]string{"section": k.section}
			}
			result, err := c.GetPrompt(t.Context(), request)
			if k.problem != "" {
				if err == nil || !strings.Contains(err.Error(), k.problem) {
					t.Errorf("error %v, want one that lists %q", err, k.problem)
				}
				return
			}
			if err != nil || len(result.Messages) != 1 {
				t.Fatalf("%+v, %v", result, err)
			}
			if got := mcp.GetTextFromContent(result.Messages[0].Content); got != k.want {
				t.Errorf("%d bytes of text, want %d", len(got), len(k.want))
			}
		})
	}
}

func TestNoModelingPromptWithoutItsTool(t *testing.T) {
	c := localClient(t, func(o *Options) { o.Exclude = []string{modelingTool} })
	if c.GetServerCapabilities().Prompts != nil {
		t.Error("prompts are offered though the tool is excluded")
	}
}
