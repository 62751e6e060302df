package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
)

// answerWriter stands between mcp-go, which writes an answer whole, and the client. It puts the id back as it was sent, gives errors the code
// and the form that ours have, and answers a request that the server itself has ended, of which mcp-go says nothing.
type answerWriter struct {
	http.ResponseWriter
	env     envelope
	work    *work
	modern  bool
	travels []byte // how mcp-go writes an id that it was given as text

	mu       sync.Mutex  // the call tells how far it is while mcp-go may write
	header   http.Header // mcp-go's, until the first piece is sent
	status   int         // that was asked for, and is sent with the first piece
	sent     bool
	streams  bool // what was sent begins a stream of events
	answered bool
	over     bool // nothing more may be written
}

// Header is what mcp-go fills in. It is a copy until something is sent, since a stream that has begun already keeps its own.
func (w *answerWriter) Header() http.Header { return w.header }

// Unwrap is for http.ResponseController.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader takes note of the status: an error may get another.
func (w *answerWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 {
		w.status = status
	}
}

func (w *answerWriter) send() {
	if w.sent {
		return
	}
	w.sent = true
	maps.Copy(w.ResponseWriter.Header(), w.header)
	w.streams = w.header.Get("Content-Type") == eventStream
	if w.status != 0 {
		w.ResponseWriter.WriteHeader(w.status)
	}
}

const eventStream = "text/event-stream"

// What goes before a message in a stream of events, and behind it.
var (
	eventField = []byte("event: message\n")
	dataField  = []byte("data: ")
	eventEnd   = []byte("\n\n")
)

// event is a message in a stream of events.
func event(message []byte) []byte {
	return slices.Concat(eventField, dataField, bytes.TrimRight(message, "\n"), eventEnd)
}

// tell writes a notification at once, on the stream of its own request. mcp-go's queue is one for a session, which whichever request of it
// empties first, and what it took last may be lost when the answer goes out.
func (w *answerWriter) tell(message any) {
	text, err := json.Marshal(message)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.over || w.answered || w.sent && !w.streams:
		return
	case !w.sent:
		h := w.ResponseWriter.Header()
		h.Set("Content-Type", eventStream)
		h.Set("Connection", "keep-alive")
		h.Set("Cache-Control", "no-cache")
		w.sent, w.streams, w.status = true, true, http.StatusOK
		w.ResponseWriter.WriteHeader(w.status)
	}
	_, _ = w.ResponseWriter.Write(event(text)) // who went away reads no answer either
	w.flush()
}

func (w *answerWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := p
	if w.travels != nil && bytes.Contains(text, w.travels) {
		text = bytes.Replace(text, w.travels, append([]byte(`"id":`), w.env.ID...), 1)
	}
	streams, head, message := w.streaming(), []byte(nil), text
	if streams && !bytes.HasPrefix(text, []byte("{")) {
		if i := bytes.Index(text, dataField); i >= 0 {
			head, message = text[:i+len(dataField)], text[i+len(dataField):]
		}
	}
	if bytes.Contains(message, []byte(`"error":{`)) {
		if told, ok := w.told(message); ok {
			text, message = told, told
			if head != nil {
				text = slices.Concat(head, told, eventEnd)
			}
		}
	}
	if !streams || isAnswer(message) {
		w.answered = true
	}
	if w.streams && head == nil && w.answered { // mcp-go does not know that its answer ends a stream
		text = event(message)
	}
	w.send()
	if _, err := w.ResponseWriter.Write(text); err != nil {
		return 0, err
	}
	return len(p), nil
}

// streaming says whether what is written now belongs to a stream of events.
func (w *answerWriter) streaming() bool {
	return w.streams || !w.sent && w.header.Get("Content-Type") == eventStream
}

// isAnswer tells an answer from the notifications and requests that go before it in a stream.
func isAnswer(message []byte) bool {
	var env struct {
		Method string          `json:"method"`
		ID     json.RawMessage `json:"id"`
	}
	return json.Unmarshal(message, &env) == nil && env.Method == "" && env.ID != nil
}

// told writes an error anew; ok is false for a result that only looks like one.
func (w *answerWriter) told(message []byte) (text []byte, ok bool) {
	var env struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Result  json.RawMessage `json:"result,omitempty"`
		Error   *struct {
			Code    int             `json:"code"`
			Message string          `json:"message"`
			Data    json.RawMessage `json:"data,omitempty"`
		} `json:"error"`
	}
	if json.Unmarshal(message, &env) != nil || env.Result != nil || env.Error == nil {
		return nil, false
	}
	was := env.Error.Code
	env.Error.Code, env.Error.Message = w.work.told(was, env.Error.Message)
	if w.modern && was != env.Error.Code && env.Error.Code == mcp.INVALID_PARAMS && !w.sent {
		w.status = http.StatusBadRequest // as the revision wants it
	}
	text, err := json.Marshal(env)
	return text, err == nil
}

// Flush sends what was written.
func (w *answerWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status != 0 {
		w.send()
	}
	w.flush()
}

func (w *answerWriter) flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// end sends what is left to be sent when mcp-go is done. Who went away gets nothing.
func (w *answerWriter) end(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	f := w.work.ended(ctx)
	if w.env.ID == nil || w.env.Method == "" || w.answered || f == nil {
		w.send()
		return
	}
	text, err := json.Marshal(f.answer(w.env.ID))
	if err != nil {
		return
	}
	if w.streaming() {
		text = event(text)
	} else {
		w.header.Set("Content-Type", "application/json")
	}
	w.answered = true
	w.send()
	_, _ = w.ResponseWriter.Write(text)
}
