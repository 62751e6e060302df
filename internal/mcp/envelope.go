package mcp

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/mark3labs/mcp-go/mcp"
)

// envelope is the part of a JSON-RPC message the transport looks at.
type envelope struct {
	JSONRPC string          `json:"jsonrpc"`
	Method  string          `json:"method"`
	ID      json.RawMessage `json:"id"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   json.RawMessage `json:"error"`
}

// parseEnvelope reads a message's envelope. A problem comes with the JSON-RPC
// error code for it, and with the id where that could be read.
func parseEnvelope(line []byte) (env envelope, code int, problem string) {
	err := json.Unmarshal(line, &env)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return envelope{}, mcp.PARSE_ERROR, "Parse error: the message is not valid JSON: " + err.Error()
	case line[0] == '[':
		return envelope{}, mcp.INVALID_REQUEST, "Invalid request: batches are not supported; send one message at a time"
	case line[0] != '{':
		return envelope{}, mcp.INVALID_REQUEST, "Invalid request: a message is a JSON object"
	case env.ID != nil && !validID(env.ID):
		env.ID = nil
		return env, mcp.INVALID_REQUEST, "Invalid request: id must be a string or a number"
	case err != nil:
		return env, mcp.INVALID_REQUEST, "Invalid request: method must be a string"
	case env.Method == "" && env.Result == nil && env.Error == nil:
		return env, mcp.INVALID_REQUEST, "Invalid request: method is missing"
	}
	return env, 0, ""
}

// cancelled is the id a notifications/cancelled names, or nil.
func (e envelope) cancelled() json.RawMessage {
	var params struct {
		RequestID json.RawMessage `json:"requestId"`
	}
	if json.Unmarshal(e.Params, &params) != nil {
		return nil
	}
	return params.RequestID
}

// validID reports whether raw is an id the protocol allows: a string or a
// number, not null.
func validID(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || !json.Valid(raw) {
		return false
	}
	return raw[0] == '"' || raw[0] == '-' || (raw[0] >= '0' && raw[0] <= '9')
}

// withID puts the id into an answer as the client sent it. mcp-go reads numbers
// as floating point and would round a large one.
func withID(message mcp.JSONRPCMessage, id json.RawMessage) mcp.JSONRPCMessage {
	switch m := message.(type) {
	case mcp.JSONRPCResponse:
		m.ID = mcp.NewRequestId(id)
		return m
	case mcp.JSONRPCError:
		m.ID = mcp.NewRequestId(id)
		return m
	}
	return message
}

func rpcError(id json.RawMessage, code int, message string) mcp.JSONRPCError {
	var value any
	if id != nil {
		value = id
	}
	return mcp.JSONRPCError{
		JSONRPC: mcp.JSONRPC_VERSION,
		ID:      mcp.NewRequestId(value),
		Error:   mcp.NewJSONRPCErrorDetails(code, message, nil),
	}
}

// metaVersion is the protocol version a request carries with it, as those of 2026 do.
func (e envelope) metaVersion() string {
	var params struct {
		Meta *mcp.Meta `json:"_meta"`
	}
	if json.Unmarshal(e.Params, &params) != nil {
		return ""
	}
	return params.Meta.ProtocolVersion()
}

// exactToken is the progress token as it was sent, where mcp-go would give back a rounded one.
func (e envelope) exactToken() json.RawMessage {
	if !bytes.Contains(e.Params, []byte("progressToken")) {
		return nil
	}
	var params struct {
		Meta struct {
			Token json.RawMessage `json:"progressToken"`
		} `json:"_meta"`
	}
	if json.Unmarshal(e.Params, &params) != nil || !validID(params.Meta.Token) || !roundedID(params.Meta.Token) {
		return nil
	}
	return params.Meta.Token
}
