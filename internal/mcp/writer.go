package mcp

import (
	"context"
	"encoding/json"
	"io"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// messageWriter writes whole messages, one at a time. After a failure the
// client counts as gone.
type messageWriter struct {
	mu   sync.Mutex
	w    io.Writer
	err  error
	gone context.CancelFunc
	// written is called after the first message, and then dropped.
	written func()
}

// lines are buffers for messages. One that grew large is not kept: the next message is most likely small.
var lineBuffers = sync.Pool{New: func() any { return new([]byte) }}

const keptBuffer = 1 << 18

func (m *messageWriter) write(message mcp.JSONRPCMessage) error {
	buffer, _ := lineBuffers.Get().(*[]byte)
	defer func() {
		if cap(*buffer) <= keptBuffer {
			lineBuffers.Put(buffer)
		}
	}()
	line, ok := appendResult((*buffer)[:0], message)
	if !ok {
		text, err := json.Marshal(message)
		if err != nil {
			return err
		}
		line = text
	}
	line = append(line, '\n')
	*buffer = line
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	if _, err := m.w.Write(line); err != nil {
		m.err = err
		m.gone()
		return err
	}
	if m.written != nil {
		m.written()
		m.written = nil
	}
	return nil
}

// appendResult writes the answer that nearly all are, the result of a tool with one text, without what reflection costs
// there: encoding/json would go over the structured content three times, once to copy and twice to compact what is
// compact already. ok is false for every other message.
func appendResult(dst []byte, message mcp.JSONRPCMessage) (line []byte, ok bool) {
	response, ok := message.(mcp.JSONRPCResponse)
	if !ok {
		return dst, false
	}
	id, isRaw := response.ID.Value().(json.RawMessage)
	result, isTool := response.Result.(*mcp.CallToolResult)
	if !isRaw || !isTool || result.Meta != nil || len(result.InputRequests) > 0 || result.RequestState != "" || len(result.Content) != 1 {
		return dst, false
	}
	text, isText := result.Content[0].(mcp.TextContent)
	if !isText || text.Meta != nil || text.Annotations != nil || text.Type != "text" {
		return dst, false
	}
	if result.StructuredContent != nil && len(result.RawStructuredContent) == 0 {
		return dst, false
	}
	dst = append(dst, `{"jsonrpc":"2.0","id":`...)
	dst = append(dst, id...)
	dst = append(dst, `,"result":{"content":[{"type":"text","text":`...)
	dst = jsonscan.AppendQuoted(dst, text.Text)
	dst = append(dst, `}]`...)
	if result.IsError {
		dst = append(dst, `,"isError":true`...)
	}
	if result.ResultType != "" {
		dst = append(dst, `,"resultType":`...)
		dst = jsonscan.AppendQuoted(dst, string(result.ResultType))
	}
	if len(result.RawStructuredContent) > 0 {
		dst = append(dst, `,"structuredContent":`...)
		dst = append(dst, result.RawStructuredContent...)
	}
	return append(dst, '}', '}'), true
}
