package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

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

	status   int // that was asked for, and is sent with the first piece
	sent     bool
	answered bool
}

// Unwrap is for http.ResponseController.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader takes note of the status: an error may get another.
func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *answerWriter) send() {
	if w.sent {
		return
	}
	w.sent = true
	if w.status != 0 {
		w.ResponseWriter.WriteHeader(w.status)
	}
}

// dataField goes before a message in a stream of events.
var dataField = []byte("data: ")

func (w *answerWriter) streams() bool { return w.Header().Get("Content-Type") == "text/event-stream" }

func (w *answerWriter) Write(p []byte) (int, error) {
	text := p
	if w.travels != nil && bytes.Contains(text, w.travels) {
		text = bytes.Replace(text, w.travels, append([]byte(`"id":`), w.env.ID...), 1)
	}
	head, message := []byte(nil), text
	if w.streams() {
		if i := bytes.Index(text, dataField); i >= 0 {
			head, message = text[:i+len(dataField)], text[i+len(dataField):]
		}
	}
	if bytes.Contains(message, []byte(`"error":{`)) {
		if told, ok := w.told(message); ok {
			text = append(append([]byte(nil), head...), told...)
			if head != nil {
				text = append(text, "\n\n"...)
			}
		}
	}
	if !w.streams() || isAnswer(message) {
		w.answered = true
	}
	w.send()
	if _, err := w.ResponseWriter.Write(text); err != nil {
		return 0, err
	}
	return len(p), nil
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
	if w.status != 0 {
		w.send()
	}
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// end sends what is left to be sent when mcp-go is done. Who went away gets nothing.
func (w *answerWriter) end(ctx context.Context) {
	f := w.work.ended(ctx)
	if w.env.ID == nil || w.env.Method == "" || w.answered || f == nil {
		w.send()
		return
	}
	text, err := json.Marshal(f.answer(w.env.ID))
	if err != nil {
		return
	}
	if w.streams() {
		text = append(append([]byte("event: message\ndata: "), text...), "\n\n"...)
	} else {
		w.Header().Set("Content-Type", "application/json")
	}
	w.answered = true
	w.send()
	_, _ = w.ResponseWriter.Write(text)
}
