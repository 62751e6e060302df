package mcp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
)

func readResource(t *testing.T, c *client.Client, uri string) (string, error) {
	t.Helper()
	request := mcp.ReadResourceRequest{}
	request.Params.URI = uri
	result, err := c.ReadResource(t.Context(), request)
	if err != nil {
		return "", err
	}
	text, ok := result.Contents[0].(mcp.TextResourceContents)
	if !ok || text.URI != uri {
		t.Fatalf("%s gives %+v", uri, result.Contents)
	}
	return text.Text, nil
}

func completions(t *testing.T, c *client.Client, ref any, name, typed string, given map[string]string) []string {
	t.Helper()
	request := mcp.CompleteRequest{}
	request.Params.Ref, request.Params.Argument = ref, mcp.CompleteArgument{Name: name, Value: typed}
	request.Params.Context = mcp.CompleteContext{Arguments: given}
	result, err := c.Complete(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return result.Completion.Values
}

// TestResourcesAndCompletions reads each resource and completes each kind of argument, for one who may see all and for one
// with an allow-list, who learns nothing of the other table.
func TestResourcesAndCompletions(t *testing.T) {
	f := serveOverHTTP(t, "", func(_ *Options, h *HTTPOptions) {
		h.Grants = []Grant{
			{Name: "all", Digest: digestOf("all-token")},
			{Name: "shop", Digest: digestOf("shop-token"), Gate: op.Gate{Tables: []string{"shop"}}},
			{Name: "items", Digest: digestOf("items-token"), Tools: []string{"get_item"}},
		}
	})
	all, some, items := f.connect(t, "all-token"), f.connect(t, "shop-token"), f.connect(t, "items-token")
	library(t, all, 1)
	if result := callTool(t.Context(), t, all, "create_table", shop); result.IsError {
		t.Fatal(textOf(t, result))
	}
	for _, k := range []struct {
		c          *client.Client
		uri        string
		has, hides string
	}{
		{all, tablesURI, `"books"`, "nothing else"},
		{some, tablesURI, `"shop"`, "books"},
		{all, tableURI + "books", `"ByAuthor"`, "nothing else"},
		{all, tableURI + "books", `"PointInTimeRecoveryStatus"`, "nothing else"},
		{all, tableURI + "books", `"StorageMonth"`, "nothing else"},
		{all, limitsURI, "400 KB", "nothing else"},
		{all, limitsURI, "Read units of a table", "nothing else"},
	} {
		text, err := readResource(t, k.c, k.uri)
		if err != nil || !strings.Contains(text, k.has) || strings.Contains(text, k.hides) {
			t.Errorf("%s: %v, %s", k.uri, err, text)
		}
	}
	if text, err := readResource(t, some, tableURI+"books"); err == nil || !strings.Contains(err.Error(), op.CodeTableNotAllowed) {
		t.Errorf("a table outside the allow-list: %v, %s", err, text)
	}
	for _, uri := range []string{tablesURI, tableURI + "books", limitsURI} {
		if text, err := readResource(t, items, uri); err == nil {
			t.Errorf("%s without its tool: %s", uri, text)
		}
	}
	templates, err := all.ListResourceTemplates(t.Context(), mcp.ListResourceTemplatesRequest{})
	if err != nil || len(templates.ResourceTemplates) != 1 {
		t.Errorf("templates %+v, %v", templates, err)
	}
	prompt := mcp.PromptReference{Type: "ref/prompt", Name: "explain_throttling"}
	template := mcp.ResourceReference{Type: "ref/resource", URI: tableURI + "{name}"}
	for _, k := range []struct {
		c           *client.Client
		ref         any
		name, typed string
		table       string
		want        []string
	}{
		{all, prompt, "table", "", "", []string{"books", "shop"}},
		{all, prompt, "table", "BO", "", []string{"books"}},
		{some, prompt, "table", "", "", []string{"shop"}},
		{all, template, "name", "s", "", []string{"shop"}},
		{some, template, "name", "b", "", []string{}},
		{all, prompt, "index", "", "books", []string{"ByAuthor"}},
		{some, prompt, "index", "", "books", []string{}},
		{all, mcp.PromptReference{Type: "ref/prompt", Name: "reduce_cost"}, "attribute", "a", "books", []string{"author"}},
		{all, prompt, "index", "", "", []string{}},
		{all, prompt, "attribute", "", "books", []string{}},
		{items, prompt, "table", "", "", []string{}},
		{all, mcp.PromptReference{Type: "ref/prompt", Name: "nobody"}, "table", "", "", []string{}},
		{all, template, "table", "", "", []string{}},
		{all, mcp.ResourceReference{Type: "ref/resource", URI: "ddb://other/{name}"}, "name", "", "", []string{}},
		{all, mcp.PromptReference{Type: "ref/prompt", Name: modelingTool}, "section", "in", "", []string{"indexes"}},
	} {
		if got := completions(t, k.c, k.ref, k.name, k.typed, map[string]string{"table": k.table}); !slices.Equal(got, k.want) {
			t.Errorf("%s %q of %q: %v; want %v", k.name, k.typed, k.table, got, k.want)
		}
	}
}

func TestCompletionsAreBounded(t *testing.T) {
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprintf("dev-%d", i), fmt.Sprintf("dev-%d", i), "prod")
	}
	if got := complete(names, "dev"); len(got.Values) != maxComplete || got.Total != 300 || !got.HasMore {
		t.Errorf("%d of %d, more %v", len(got.Values), got.Total, got.HasMore)
	}
}

func TestTaskPrompts(t *testing.T) {
	c := localClient(t, nil)
	request := mcp.GetPromptRequest{}
	request.Params.Name, request.Params.Arguments = "reduce_cost", map[string]string{"table": "Orders"}
	got, err := c.GetPrompt(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if text, ok := got.Messages[0].Content.(mcp.TextContent); !ok || !strings.Contains(text.Text, "Table: Orders.") || strings.Contains(text.Text, "{{") {
		t.Errorf("%+v", got.Messages[0])
	}
}
