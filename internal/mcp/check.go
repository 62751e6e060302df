package mcp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/account"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/prompts"
)

// check finds what is wrong with a request before mcp-go looks at it, which calls most of that an internal error, or lets it pass. nil is for what it
// may have; the server has its tools by then.
func (s *Server) check(env envelope) *fault {
	switch mcp.MCPMethod(env.Method) {
	case mcp.MethodToolsCall:
		return s.checkCall(env.Params)
	case mcp.MethodPromptsGet:
		return s.checkPrompt(env.Params)
	case mcp.MethodResourcesRead:
		return s.checkResource(env)
	case mcp.MethodCompletionComplete:
		return checkCompletion(env.Params)
	case mcp.MethodToolsList, mcp.MethodPromptsList, mcp.MethodResourcesList, mcp.MethodResourcesTemplatesList:
		return checkCursor(env.Params)
	}
	return nil
}

// checkCursor refuses any: lists are given whole, so no cursor was ever given out.
func checkCursor(params json.RawMessage) *fault {
	var in struct {
		Cursor json.RawMessage `json:"cursor"`
	}
	if len(params) == 0 || json.Unmarshal(params, &in) != nil {
		return nil
	}
	if cursor := string(in.Cursor); cursor != "" && cursor != "null" && cursor != `""` {
		return badParams("the cursor is not one of this server, which gives its lists whole; leave it out")
	}
	return nil
}

func (s *Server) checkCall(params json.RawMessage) *fault {
	var in struct {
		Name *string `json:"name"`
	}
	if len(params) == 0 || json.Unmarshal(params, &in) != nil || in.Name == nil {
		return badParams(`tools/call needs params with the name of a tool: {"name": "list_tables", "arguments": {}}`)
	}
	if s.server.GetTool(*in.Name) != nil {
		return nil
	}
	return &fault{mcp.INVALID_PARAMS, s.noTool(*in.Name)}
}

// noTool says that a tool is not listed, and which may have been meant, how else it is reached, or why it is not there.
func (s *Server) noTool(name string) string {
	message := "tool " + shown(name) + " not found"
	for _, o := range s.operations {
		if s.discover && o.Spec().Tool == name {
			return fmt.Sprintf("%s in tools/list; call it by %s", message, callToolTool)
		}
	}
	if why := s.withheld(name); why != "" {
		return message + ": " + why
	}
	near := nearest.Name(name, s.toolNames())
	switch {
	case near != "":
		return fmt.Sprintf("%s; did you mean %q?", message, near)
	case s.discover:
		return fmt.Sprintf("%s; find tools with %s", message, searchToolsTool)
	}
	return message
}

// toolNames are the names of the tools the server reaches.
func (s *Server) toolNames() []string {
	names := make([]string, len(s.operations))
	for i, o := range s.operations {
		names[i] = o.Spec().Tool
	}
	return names
}

// withheld says why a tool that there is cannot be had here; "" where there is none of the name.
func (s *Server) withheld(name string) string {
	for _, o := range s.all {
		if o.Spec().Tool == name {
			return s.why(o)
		}
	}
	return ""
}

func (s *Server) promptNames() []string {
	if !offersModeling(s.operations) {
		return nil
	}
	names := []string{modelingTool}
	for _, t := range prompts.Tasks {
		names = append(names, t.Name)
	}
	return names
}

// promptArguments are the names of a prompt's arguments; ok is false where there is no such prompt.
func (s *Server) promptArguments(name string) (names []string, ok bool) {
	if !offersModeling(s.operations) {
		return nil, false
	}
	if name == modelingTool {
		return []string{sectionArgument}, true
	}
	for _, t := range prompts.Tasks {
		if t.Name == name {
			for _, a := range t.Arguments {
				names = append(names, a.Name)
			}
			return names, true
		}
	}
	return nil, false
}

func (s *Server) noPrompt(name string) *fault {
	names := s.promptNames()
	if len(names) == 0 {
		return badParams("the prompt " + shown(name) + " is not there: prompts come with the tool " + modelingTool + ", which this server does not offer")
	}
	return badParams("the prompt " + shown(name) + " is not there; there are " + listed(names))
}

func (s *Server) checkPrompt(params json.RawMessage) *fault {
	var in struct {
		Name      *string                    `json:"name"`
		Arguments map[string]json.RawMessage `json:"arguments"`
	}
	if len(params) == 0 || json.Unmarshal(params, &in) != nil || in.Name == nil {
		return badParams("prompts/get needs the name of a prompt, and arguments, where there are any, as an object of strings")
	}
	known, ok := s.promptArguments(*in.Name)
	if !ok {
		return s.noPrompt(*in.Name)
	}
	for name, value := range in.Arguments {
		var text string
		if json.Unmarshal(value, &text) != nil {
			return badParams("the argument " + shown(name) + " of a prompt is a string")
		}
		if !slices.Contains(known, name) {
			return badParams("the prompt " + *in.Name + " has no argument " + shown(name) + "; it has " + listed(known))
		}
		if *in.Name == modelingTool && text != "" {
			if _, err := prompts.SectionByName(text); err != nil {
				return badParams("there is no section " + shown(text) + "; there are " + listed(sectionNames()))
			}
		}
	}
	return nil
}

func sectionNames() []string {
	var names []string
	for _, section := range prompts.Sections() {
		names = append(names, section.Name)
	}
	return names
}

// resourceOf gives the tool that shows what a URI leads to.
func resourceOf(uri string) (tool op.Spec, ok bool) {
	switch {
	case uri == tablesURI:
		return table.List.Spec(), true
	case uri == limitsURI:
		return account.Limits.Spec(), true
	case strings.HasPrefix(uri, tableURI) && len(uri) > len(tableURI):
		return table.Describe.Spec(), true
	}
	return op.Spec{}, false
}

func (s *Server) checkResource(env envelope) *fault {
	var in struct {
		URI *string `json:"uri"`
	}
	if len(env.Params) == 0 || json.Unmarshal(env.Params, &in) != nil || in.URI == nil {
		return badParams("resources/read needs the uri of a resource")
	}
	spec, ok := resourceOf(*in.URI)
	switch {
	case !ok:
		return noResource(env.metaVersion(), "Resource not found: "+shown(*in.URI)+"; there are "+tablesURI+", "+tableURI+"{name} and "+limitsURI)
	case !s.offers(spec.Tool):
		return noResource(env.metaVersion(), "Resource not found: "+shown(*in.URI)+" shows what the tool "+spec.Tool+" shows, which this server does not offer")
	}
	return nil
}

// checkCompletion lets a prompt pass that is not there: it has no values. The specification recommends an error, and the protocol's conformance
// tests ask any server for values of a prompt of their own and fail it for one.
func checkCompletion(params json.RawMessage) *fault {
	var in struct {
		Ref struct {
			Type string `json:"type"`
		} `json:"ref"`
		Argument *struct {
			Name  *string `json:"name"`
			Value *string `json:"value"`
		} `json:"argument"`
	}
	if len(params) == 0 || json.Unmarshal(params, &in) != nil || in.Argument == nil || in.Argument.Name == nil || in.Argument.Value == nil {
		return badParams(`completion/complete needs a ref and an argument with name and value: {"ref": {"type": "ref/prompt", "name": "…"}, "argument": {"name": "table", "value": "o"}}`)
	}
	switch in.Ref.Type {
	case "ref/prompt", "ref/resource":
	default:
		return badParams("the type of ref is ref/prompt or ref/resource, not " + shown(in.Ref.Type))
	}
	return nil
}
