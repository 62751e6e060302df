package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/account"
	"github.com/ddb-cli/ddb/internal/ops/overview"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/prompts"
)

// The resources. What one shows, a tool shows too: a server that was started without the tool has no such resource.
const (
	tablesURI = "ddb://tables"
	tableURI  = "ddb://table/"
	// tableTemplate is the template of a table's URI.
	tableTemplate = tableURI + "{name}"
	limitsURI     = "ddb://limits"
	jsonType      = "application/json"
	maxListed     = 2500 // tables in ddb://tables: the usual quota of a Region
	maxComplete   = 100  // values of a completion, as the protocol says
)

// offers says whether a tool is among those offered.
func (s *Server) offers(tool string) bool {
	for _, o := range s.operations {
		if o.Spec().Tool == tool {
			return true
		}
	}
	return false
}

func (s *Server) addResources() {
	if s.offers(table.List.Spec().Tool) {
		s.server.AddResource(mcp.NewResource(tablesURI, "tables", mcp.WithResourceDescription("Names of the tables"), mcp.WithMIMEType(jsonType)), s.resource(s.readTables))
	}
	if s.offers(table.Describe.Spec().Tool) {
		s.server.AddResourceTemplate(mcp.NewResourceTemplate(tableTemplate, "table",
			mcp.WithTemplateDescription("Keys, indexes, size, cost, TTL and PITR of a table"), mcp.WithTemplateMIMEType(jsonType)),
			server.ResourceTemplateHandlerFunc(s.resource(s.readTable)))
	}
	if s.offers(account.Limits.Spec().Tool) {
		s.server.AddResource(mcp.NewResource(limitsURI, "limits", mcp.WithResourceDescription("Limits of DynamoDB and quotas of the account"), mcp.WithMIMEType("text/markdown")), s.resource(s.readLimits))
	}
}

// resource accounts for a reading as for a call, and gives its text with nothing hidden in it.
func (s *Server) resource(read func(ctx context.Context, uri string, r *record) (text []byte, kind string, err error)) server.ResourceHandlerFunc {
	return func(ctx context.Context, request mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		uri := request.Params.URI
		r := &record{caller: callerOf(ctx), tool: "resource", effect: op.Read}
		var text []byte
		var kind string
		err := s.observed(ctx, r, func() (err error) {
			defer s.recovered(uri, &err)
			text, kind, err = read(ctx, uri, r)
			if err == nil && s.maxBytes > 0 && len(text) > s.maxBytes {
				err = &op.Error{Code: codeTooLarge, Message: fmt.Sprintf("the resource takes %d bytes, and this server gives at most %d (--max-result-bytes)", len(text), s.maxBytes)}
			}
			return err
		})
		if err != nil {
			s.logger.WarnContext(ctx, "resource not read", "tables", namesOnly(r.tables), "token", r.caller.token, "code", r.code, "request_id", r.requestID)
			message := codeOf(err) + ": " + err.Error()
			if withoutResource(codeOf(err)) {
				workOf(ctx).fail(noResource(server.RequestProtocolVersion(ctx), "Resource not found: "+shown(uri)+": "+message))
			}
			return nil, errors.New(string(escapeHidden([]byte(message))))
		}
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: uri, MIMEType: kind, Text: string(escapeHidden(text))}}, nil
	}
}

// withoutResource says of an error's code that there is no such table, or none that this client may see.
func withoutResource(code string) bool {
	switch code {
	case "ResourceNotFoundException", op.CodeTableNotAllowed, op.CodeRegionNotAllowed, op.CodeInvalidArgument, "ValidationException":
		return true
	}
	return false
}

func (s *Server) readTables(ctx context.Context, _ string, _ *record) ([]byte, string, error) {
	names, more, err := s.tableNames(ctx, maxListed)
	if err != nil {
		return nil, "", err
	}
	for {
		text, err := json.MarshalIndent(map[string]any{"tables": names, "more": more}, "", "  ")
		if err != nil || s.maxBytes == 0 || len(text) <= s.maxBytes || len(names) == 0 {
			return text, jsonType, err
		}
		names, more = names[:min(len(names)*s.maxBytes/len(text), len(names)-1)], true
	}
}

func (s *Server) readTable(ctx context.Context, uri string, r *record) ([]byte, string, error) {
	in := &overview.TableInput{TableName: strings.TrimPrefix(uri, tableURI)}
	r.tables = overview.Table.TablesOf(in)
	out, err := overview.Table.Call(ctx, s.env, in)
	if err != nil {
		return nil, "", err
	}
	// What the server's tools do not show, its resources do not show either.
	if !s.offers("describe_time_to_live") {
		out.TimeToLive = nil
	}
	if !s.offers("describe_continuous_backups") {
		out.ContinuousBackups = nil
	}
	c, notes := cutting{s: s, out: out}, ""
	for {
		result, size, err := written(c.out, nil, false, notes)
		if err != nil {
			return nil, "", err
		}
		if s.maxBytes > 0 && size > s.maxBytes {
			if notes, err = c.parts(size); err == nil {
				continue
			} // what does not fit then is refused by who asked
		}
		data := result.RawStructuredContent
		return appendIndented(make([]byte, 0, 2*len(data)), data), jsonType, nil
	}
}

func (s *Server) readLimits(ctx context.Context, _ string, _ *record) ([]byte, string, error) {
	text := prompts.LimitsText() + "\n## Quotas of this account\n\n"
	out, err := account.Limits.Call(ctx, s.env, &account.LimitsInput{})
	if err != nil {
		return []byte(text + "They could not be read: " + err.Error() + "\n"), "text/markdown", nil //nolint:nilerr // the rest is of use
	}
	for _, q := range []struct {
		name  string
		value *int64
	}{
		{"Read units of the account", out.AccountMaxReadCapacityUnits},
		{"Write units of the account", out.AccountMaxWriteCapacityUnits},
		{"Read units of a table", out.TableMaxReadCapacityUnits},
		{"Write units of a table", out.TableMaxWriteCapacityUnits},
	} {
		if q.value != nil {
			text += fmt.Sprintf("- %s: %d\n", q.name, *q.value)
		}
	}
	return []byte(text), "text/markdown", nil
}

// tableNames lists tables that may be touched, at most so many; more says that there are others.
func (s *Server) tableNames(ctx context.Context, most int) (names []string, more bool, err error) {
	names = []string{}
	_, err = table.List.Stream(ctx, s.env, &table.ListInput{}, func(row any) error {
		if len(names) == most {
			more = true
			return op.ErrStop
		}
		names = append(names, fmt.Sprint(row))
		return nil
	})
	return names, more, err
}
