package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"

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

// inFlight keeps the requests under way, so that they can be cancelled by id
// and waited for.
type inFlight struct {
	mu      sync.Mutex
	cancels map[string]context.CancelFunc
	closed  bool // somebody waits for the last one: no more begin
	wg      sync.WaitGroup
}

// begin registers a request. forget, to be called before its answer goes out,
// frees the id: who has read the answer may use it again at once. done must be
// called when the answer is out. The context is nil when a request with the same
// id is under way, and after idle.
func (f *inFlight) begin(parent context.Context, id json.RawMessage) (ctx context.Context, forget, done func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := string(id)
	if _, taken := f.cancels[key]; taken || f.closed {
		return nil, nil, nil
	}
	ctx, cancel := context.WithCancel(parent)
	f.cancels[key] = cancel
	f.wg.Add(1)
	forget = func() {
		f.mu.Lock()
		delete(f.cancels, key)
		f.mu.Unlock()
	}
	done = func() {
		cancel()
		f.wg.Done()
	}
	return ctx, forget, done
}

// cancel cancels the request with this id, if it is still under way.
func (f *inFlight) cancel(id json.RawMessage) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if cancel, ok := f.cancels[string(id)]; ok {
		cancel()
	}
}

// idle is closed when no request is under way; none begins any more.
func (f *inFlight) idle() <-chan struct{} {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	done := make(chan struct{})
	go func() {
		f.wg.Wait()
		close(done)
	}()
	return done
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
