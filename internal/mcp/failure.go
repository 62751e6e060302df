package mcp

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

// failure is an error as a model reads it. Hint and request id are null when
// there is none, so that a client finds the same keys each time.
type failure struct {
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	Hint      *string         `json:"hint"`
	Retryable bool            `json:"retryable"`
	RequestID *string         `json:"request_id"`
	Item      json.RawMessage `json:"item,omitempty"`    // as it was when its condition failed
	Reasons   []failureReason `json:"reasons,omitempty"` // of a cancelled transaction, one for each action
	Truncated bool            `json:"truncated,omitempty"`
	LeftOut   []string        `json:"left_out,omitempty"` // attributes that did not fit
}

type failureReason struct {
	Code    string          `json:"code"`
	Message string          `json:"message,omitempty"`
	Item    json.RawMessage `json:"item,omitempty"`
}

// errorResult shows an error as one block of text, within the limit of all results. It has no structured
// content: some clients check that against the output schema even when isError
// is set.
func (s *Server) errorResult(err error) *mcp.CallToolResult {
	f := describeError(err)
	text := f.text()
	if s.maxBytes > 0 && len(text) > s.maxBytes {
		fitFailure(err, &f, func() int { return len(f.text()) }, s.maxBytes)
		text = f.text()
	}
	result := mcp.NewToolResultText(string(text))
	result.IsError = true
	return result
}

func (f *failure) text() []byte {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	// Encoding strings and JSON that wire wrote cannot fail; a buffer takes all.
	_ = enc.Encode(map[string]*failure{"error": f})
	return escapeHidden(bytes.TrimSpace(text.Bytes()))
}

func describeError(err error) failure {
	known := asOpError(err)
	f := failure{
		Code: known.Code, Message: op.ForTools(known.Error()), Hint: op.Optional(op.ForTools(known.Hint)),
		Retryable: known.Retryable, RequestID: op.Optional(known.RequestID),
		Item: itemJSON(known.Item),
	}
	for _, r := range known.Reasons {
		f.Reasons = append(f.Reasons, failureReason{Code: r.Code, Message: r.Message, Item: itemJSON(r.Item)})
	}
	return f
}

func asOpError(err error) *op.Error {
	if known, ok := errors.AsType[*op.Error](err); ok {
		return known
	}
	return &op.Error{Code: op.CodeInternal, Message: err.Error(), Cause: err}
}

func codeOf(err error) string { return asOpError(err).Code }

func itemJSON(item map[string]types.AttributeValue) json.RawMessage {
	if item == nil {
		return nil
	}
	return wire.AppendItem(nil, item)
}
