package mcp

import (
	"encoding/json"
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

// keepID gives the message for mcp-go, and what in its answer stands for the id as it was sent; nil for an id that mcp-go gives back as it is. A
// cancellation names the request by the text it travels as.
func keepID(env envelope, body []byte) (message, travels []byte) {
	if env.Method == "notifications/cancelled" {
		if id := env.cancelled(); roundedID(id) {
			var params map[string]json.RawMessage
			if json.Unmarshal(env.Params, &params) != nil {
				return body, nil
			}
			params["requestId"] = asText(id)
			return rewritten(env, nil, params), nil
		}
		return body, nil
	}
	if env.Method == "" || !roundedID(env.ID) {
		return body, nil
	}
	text := asText(env.ID)
	var params any
	if env.Params != nil {
		params = env.Params
	}
	return rewritten(env, text, params), append([]byte(`"id":`), text...)
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
