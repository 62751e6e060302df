package mcp

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// mcp-go reads a number that is a request's id as floating point, and answers a rounded one where it has more than 53 bits. On standard
// input and output the answer is given the id as it came; over HTTP mcp-go writes the answer itself, so such an id travels through it as text.

// idPrefix marks an id that travels as text.
const idPrefix = "number:"

// roundedID says whether floating point does not hold an id: digits are lost, or it is written another way.
func roundedID(raw json.RawMessage) bool {
	if len(raw) == 0 || raw[0] == '"' {
		return false
	}
	number, err := strconv.ParseFloat(string(raw), 64)
	return err != nil || strconv.FormatFloat(number, 'f', -1, 64) != string(raw) || number >= 1<<53 || number <= -1<<53
}

// asText is an id as the text it travels as.
func asText(raw json.RawMessage) json.RawMessage {
	return strconv.AppendQuote(nil, idPrefix+string(raw))
}

// keepID gives the message for mcp-go, and the writer for its answer, so that the id comes back as it was sent. A cancellation names the
// request by the text it travels as.
func keepID(w http.ResponseWriter, env envelope, body []byte) (http.ResponseWriter, []byte) {
	if env.Method == "notifications/cancelled" {
		if id := env.cancelled(); roundedID(id) {
			var params map[string]json.RawMessage
			if json.Unmarshal(env.Params, &params) != nil {
				return w, body
			}
			params["requestId"] = asText(id)
			return w, rewritten(env, nil, params)
		}
		return w, body
	}
	if env.Method == "" || !roundedID(env.ID) {
		return w, body
	}
	text := asText(env.ID)
	var params any
	if env.Params != nil {
		params = env.Params
	}
	return &idWriter{w, append([]byte(`"id":`), text...), append([]byte(`"id":`), env.ID...)}, rewritten(env, text, params)
}

// rewritten writes a request or notification anew.
func rewritten(env envelope, id json.RawMessage, params any) []byte {
	text, err := json.Marshal(struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id,omitempty"`
		Method  string          `json:"method"`
		Params  any             `json:"params,omitempty"`
	}{env.JSONRPC, id, env.Method, params})
	if err != nil { // what was read as JSON can be written
		return nil
	}
	return text
}

// idWriter puts the id back into the answer, of which mcp-go writes a message whole.
type idWriter struct {
	http.ResponseWriter
	travels, sent []byte
}

// Unwrap is for http.ResponseController.
func (w *idWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *idWriter) Write(p []byte) (int, error) {
	if !bytes.Contains(p, w.travels) {
		return w.ResponseWriter.Write(p)
	}
	if _, err := w.ResponseWriter.Write(bytes.Replace(p, w.travels, w.sent, 1)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush sends what was written.
func (w *idWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
