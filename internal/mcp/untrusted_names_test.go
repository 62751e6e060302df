package mcp

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
)

// unseen checks that a text holds no character that hides.
func unseen(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if hidden(r) {
			t.Errorf("%s: %U is not escaped in %.300q", what, r, text)
			return
		}
	}
}

// Resources, completions, prompts and their errors hide nothing of what others wrote or asked: names of attributes, URIs,
// arguments. Each that asks the service has its line in the audit log.
func TestNamesThatInject(t *testing.T) {
	sink := &auditSink{}
	c := localClient(t, func(o *Options) { o.Audit, o.Toolsets = sink, []string{toolsetAll} })
	projection, err := json.Marshal(map[string]any{"NonKeyAttributes": hostile, "ProjectionType": "INCLUDE"})
	if err != nil {
		t.Fatal(err)
	}
	created := callTool(t.Context(), t, c, "create_table", `{"table_name":"shop","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"}],
		"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"global_secondary_indexes":[{"IndexName":"byS","KeySchema":[{"AttributeName":"s","KeyType":"HASH"}],"Projection":`+string(projection)+`}]}`)
	if created.IsError {
		t.Fatal(textOf(t, created))
	}
	text, err := readResource(t, c, "ddb://table/shop")
	if err != nil || !json.Valid([]byte(text)) {
		t.Fatalf("%v: %.300s", err, text)
	}
	unseen(t, "the table's resource", text)
	sink.lines(t)
	given := map[string]string{"table": "shop"}
	ref := mcp.PromptReference{Type: "ref/prompt", Name: "reduce_cost"}
	got := completions(t, c, ref, "attribute", "", given)
	if len(got) < 3 || got[0] != "pk" {
		t.Errorf("completions %q", got)
	}
	unseen(t, "completions", strings.Join(got, "\n"))
	if lines := sink.lines(t); len(lines) != 1 || lines[0].Tool != "completion" || len(lines[0].Tables) != 1 || lines[0].Outcome != "ok" {
		t.Errorf("the log of a completion: %+v", lines)
	}
	completions(t, c, ref, "table", "", nil)
	completions(t, c, ref, "attribute", "", map[string]string{"table": "missing"})
	if lines := sink.lines(t); len(lines) != 2 || lines[1].Outcome != "ResourceNotFoundException" {
		t.Errorf("the log of completions: %+v", lines)
	}
	for _, text := range hostile {
		if _, err := readResource(t, c, "ddb://table/"+url.PathEscape(text)); err != nil {
			unseen(t, "a resource that is not there", err.Error())
		}
		if got := completions(t, c, ref, "attribute", text, map[string]string{"table": text}); len(got) != 0 {
			t.Errorf("completions of a table that cannot be: %q", got)
		}
		request := mcp.GetPromptRequest{}
		request.Params.Name, request.Params.Arguments = "reduce_cost", map[string]string{"table": text, "section": text}
		if result, err := c.GetPrompt(t.Context(), request); err != nil {
			unseen(t, "a prompt's error", err.Error())
		} else if block, ok := result.Messages[0].Content.(mcp.TextContent); ok {
			unseen(t, "a prompt", block.Text)
		}
	}
	for _, line := range sink.lines(t) {
		if line.Tool != "completion" && line.Tool != "resource" {
			t.Errorf("the log: %+v", line)
		}
	}
}

// The log holds no credential that a call carries in its arguments, nor an error's.
func TestTheLogHoldsNoSecret(t *testing.T) {
	sink := &auditSink{}
	f := serveOverHTTP(t, "", func(o *Options, h *HTTPOptions) {
		o.Audit, o.Toolsets = sink, []string{toolsetAll}
		h.Grants = []Grant{{Name: "team", Digest: digestOf("bearer-SECRETSECRETSECRET"), Gate: op.Gate{}}}
	})
	c := f.connect(t, "bearer-SECRETSECRETSECRET")
	for _, arguments := range []string{`{"table_name":"https://user:SECRET@host/x?X-Amz-Security-Token=SECRET"}`, `{"table_name":"arn:aws:dynamodb:us-west-2:1:table/SECRET?"}`, `{"table_name":"shop","aws_session_token":"SECRET"}`} {
		callTool(t.Context(), t, c, "describe_table", arguments)
	}
	_, _ = readResource(t, c, "ddb://table/x?X-Amz-Security-Token=SECRET")
	sink.mu.Lock()
	defer sink.mu.Unlock()
	if text := sink.text.String(); strings.Count(text, "\n") < 3 || strings.Contains(text, "bearer-") {
		t.Errorf("the log: %s", text)
	} else if strings.Contains(text, "SECRET") {
		t.Errorf("a secret in the log: %s", text)
	}
}
