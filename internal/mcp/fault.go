package mcp

import (
	"encoding/json"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
)

// codeEnded answers a request that the server itself ended. Clients have this code for a connection that was closed.
const codeEnded = -32000

// fault is an error of the protocol: the request cannot be answered as it stands.
type fault struct {
	code    int
	message string
}

func (f *fault) answer(id json.RawMessage) mcp.JSONRPCError {
	return rpcError(id, f.code, f.message)
}

func badParams(message string) *fault {
	return &fault{mcp.INVALID_PARAMS, "Invalid params: " + message}
}

// noResource is the answer to a URI that leads to nothing, or to nothing for this client. Newer revisions have no code of its own for it.
func noResource(version, message string) *fault {
	code := mcp.RESOURCE_NOT_FOUND
	if mcp.IsModernProtocol(version) {
		code = mcp.INVALID_PARAMS
	}
	return &fault{code, message}
}

// told is an error of mcp-go as it goes out: with the code its handler asked for, and nothing in it that is not seen. mcp-go quotes what it
// was sent.
func (w *work) told(code int, message string) (int, string) {
	if f := w.failed(); f != nil {
		code, message = f.code, f.message
	}
	return code, string(escapeHidden([]byte(message)))
}

// shown is a value of a client in quotation marks, as it may stand in a message.
func shown(text string) string {
	if cut := []rune(text); len(cut) > maxName {
		text = string(cut[:maxName]) + "…"
	}
	quoted, err := json.Marshal(text)
	if err != nil { // a string can be written
		return `""`
	}
	return string(escapeHidden(quoted))
}

func listed(names []string) string { return strings.Join(names, ", ") }
