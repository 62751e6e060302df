package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/wire"
)

// The parameters that tools which give items have beyond the operation's own: how the items are written, and how many are
// wanted, over as many pages as that takes.
const (
	formatParameter   = "format"
	maxItemsParameter = "max_items"
)

// The values of format.
const (
	formatTyped = "typed" // DynamoDB JSON, as 1.0.3 did
	formatPlain = "plain" // plain JSON in one line: less than half the size
)

// DefaultResultBytes is the most bytes a result's text takes unless told otherwise: within the 25,000 tokens common clients
// accept, at the 2.5 bytes a token of dense JSON has at worst.
const DefaultResultBytes = 60_000

// codeTooLarge says that a result was read and is too large to be of use.
const codeTooLarge = "ResultTooLarge"

// shaping is what a call wants of the form of its result.
type shaping struct {
	plain    bool
	maxItems int // 0: one page
}

func givesItems(spec op.Spec) bool {
	switch spec.API {
	case "GetItem", "BatchGetItem", "TransactGetItems", "ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction":
		return true
	}
	return givesPages(spec)
}

func givesPages(spec op.Spec) bool { return spec.API == "Query" || spec.API == "Scan" }

// withShaping adds the parameters of shaping to a tool's schema.
func withShaping(spec op.Spec, s *jsonschema.Schema) *jsonschema.Schema {
	if !givesItems(spec) {
		return s
	}
	s = wider(s, formatParameter, "string")
	if givesPages(spec) {
		s = wider(s, maxItemsParameter, "integer")
	}
	return s
}

// withOurs adds to the names that are valid arguments those the operation does not know.
func (s *Server) withOurs(spec op.Spec, err error) error {
	shape, ok := errors.AsType[*wire.Error](err)
	if !ok || shape.Path != "" || len(shape.Valid) == 0 {
		return err
	}
	more := *shape
	more.Valid = slices.Clone(shape.Valid)
	if givesItems(spec) {
		more.Valid = append(more.Valid, formatParameter)
	}
	if givesPages(spec) {
		more.Valid = append(more.Valid, maxItemsParameter)
	}
	if spec.Effect == op.Destroy && s.confirm.mode == ConfirmAlways {
		more.Valid = append(more.Valid, tokenParameter)
	}
	slices.Sort(more.Valid)
	return &op.Error{Code: op.CodeInvalidArgument, Message: more.Error(), Cause: err}
}

// wider gives a copy of a schema with one more optional parameter.
func wider(s *jsonschema.Schema, name, kind string) *jsonschema.Schema {
	more := *s
	more.Properties = maps.Clone(s.Properties)
	if more.Properties == nil {
		more.Properties = map[string]*jsonschema.Schema{}
	}
	more.Properties[name] = &jsonschema.Schema{Type: kind}
	more.PropertyOrder = append(slices.Clone(s.PropertyOrder), name)
	return &more
}

// takeShaping takes the parameters of shaping out of the arguments, which the operation does not know.
func (s *Server) takeShaping(spec op.Spec, arguments json.RawMessage) (shaping, json.RawMessage, error) {
	want := shaping{plain: s.plain}
	if !givesItems(spec) || !bytes.Contains(arguments, []byte(formatParameter)) && !bytes.Contains(arguments, []byte(maxItemsParameter)) {
		return want, arguments, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(arguments, &members); err != nil {
		return want, arguments, nil //nolint:nilerr // Decode says what is wrong, and knows the valid names
	}
	if raw, ok := members[formatParameter]; ok {
		delete(members, formatParameter)
		switch text := strings.Trim(string(raw), `"`); text {
		case formatTyped:
			want.plain = false
		case formatPlain:
			want.plain = true
		case "null", "":
		default:
			return want, nil, op.Invalid(fmt.Sprintf("%s: %s is not known", formatParameter, raw), "it is typed (DynamoDB JSON) or plain")
		}
	}
	if raw, ok := members[maxItemsParameter]; ok && givesPages(spec) {
		delete(members, maxItemsParameter)
		if text := strings.Trim(string(raw), `"`); text != "null" && text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return want, nil, op.Invalid(fmt.Sprintf("%s: %s is not a number of items", maxItemsParameter, raw), "it is 1 or more")
			}
			want.maxItems = n
		}
	}
	rest, err := json.Marshal(members)
	return want, rest, err
}

// read invokes an operation, and goes on over its pages until there are as many items as are wanted.
func (s *Server) read(ctx context.Context, env *op.Env, o op.Operation, in any, want shaping, tell func(done, most int)) (any, error) {
	stream, ok := o.(op.Streaming)
	if !ok || want.maxItems == 0 {
		return o.Invoke(ctx, env, in)
	}
	query.AtMost(in, want.maxItems)
	items := []query.Item{}
	out, err := stream.Stream(ctx, env, in, func(row any) error {
		if item, ok := row.(query.Item); ok {
			items = append(items, item)
		}
		tell(min(len(items), want.maxItems), want.maxItems)
		if len(items) >= want.maxItems {
			return op.ErrLastPage // within a page the service gives no key, so the page is cut below
		}
		return nil
	})
	if known, ok := errors.AsType[*op.Error](err); ok && known.Code == op.CodeScanBudget && len(items) > 0 {
		env.Warn(known.Message + "; " + known.Hint) // what was read is given, with the key behind it
	} else if err != nil {
		return out, err
	}
	page, ok := query.PageOf(out)
	switch {
	case !ok:
	case len(items) == 0 && *page.Count == 0: // an empty page, as the service writes it
		*page.Items = items
	case len(items) > 0: // a count has no items
		*page.Items, *page.Count = items, int32(len(items))
		if err := query.Cut(ctx, env, in, out, want.maxItems); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fit writes a result within the server's limit. What the caller can go on from is cut; what a write gives back is
// left out, since the write is done; anything else is an error that says how to ask for less.
func (s *Server) fit(ctx context.Context, env *op.Env, o op.Operation, in, out any, want shaping, warnings []string, r *record) (*mcp.CallToolResult, error) {
	spec := o.Spec()
	notes, warning := "", warningsMember(warnings)
	c := cutting{s: s, env: env, o: o, in: in, out: out, r: r}
	for {
		result, size, err := written(c.out, spec.Nulls, want.plain, notes+warning)
		if err != nil || s.maxBytes == 0 || size <= s.maxBytes {
			return result, err
		}
		notes, err = c.shorten(ctx, size)
		switch {
		case errors.Is(err, errUncut) && o.EffectOf(in) == op.Read:
			return nil, s.tooLarge(spec, c.out, size)
		case errors.Is(err, errUncut):
			return s.withoutData(spec, size), nil
		case err != nil:
			return nil, err
		}
	}
}

// usualResult is the room a result is given to begin with, in bytes.
const usualResult = 2 << 10

// written is a result and the size of its text. Plain results are one line; typed ones are indented as 1.0.3 did. notes are
// further members.
func written(out any, nulls []string, plain bool, notes string) (*mcp.CallToolResult, int, error) {
	if plain {
		out = plainOf(out)
	}
	data, err := wire.Append(make([]byte, 0, usualResult), out, nulls...)
	if err != nil {
		return nil, 0, fmt.Errorf("write the result: %w", err)
	}
	if notes != "" && len(data) > 2 {
		data = append(append(data[:len(data)-1], notes...), '}')
	}
	data = escapeHidden(data) // some clients show a model the structured content
	text := data
	if !plain {
		text = appendIndented(make([]byte, 0, 2*len(data)), data)
	}
	return &mcp.CallToolResult{
		Content:              []mcp.Content{mcp.NewTextContent(string(text))},
		RawStructuredContent: data,
	}, len(text), nil
}

func (s *Server) tooLarge(spec op.Spec, out any, size int) error {
	hint := map[string]string{
		"GetItem": "ask for fewer attributes with projection_expression", "Query": "ask for fewer attributes with projection_expression",
		"Scan": "ask for fewer attributes with projection_expression", "BatchGetItem": "ask for fewer attributes with ProjectionExpression: a single item does not fit",
		"TransactGetItems": "ask for fewer items at once, or fewer attributes with ProjectionExpression", "ExecuteStatement": "select fewer attributes: a single item does not fit",
		"BatchExecuteStatement": "select fewer attributes: the answer of the first statement does not fit", "ExecuteTransaction": "ask for fewer items at once, or select fewer attributes",
		"SearchVectors": "ask for fewer attributes with projection_expression",
	}[spec.API]
	if hint == "" {
		hint = "it cannot be asked for in parts; whoever started the server can give it a larger --max-result-bytes"
	}
	if largest := largestOf(out); largest != "" {
		hint += "; the largest here: " + largest
	}
	return &op.Error{
		Code:    codeTooLarge,
		Message: fmt.Sprintf("the result takes %d bytes, and this server gives at most %d (--max-result-bytes)", size, s.maxBytes),
		Hint:    hint,
	}
}

// withoutData is the result of a write whose answer is too large to be shown.
func (s *Server) withoutData(spec op.Spec, size int) *mcp.CallToolResult {
	data := fmt.Appendf(nil, `{"truncated":true,"hint":"%s is done; its answer takes %d bytes, more than the %d this server gives (--max-result-bytes)"}`, spec.Tool, size, s.maxBytes)
	return &mcp.CallToolResult{Content: []mcp.Content{mcp.NewTextContent(string(data))}, RawStructuredContent: data}
}
