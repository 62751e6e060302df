package op

import (
	"fmt"
	"strings"
)

// Effect is what an operation can do to data or to the account.
type Effect int

// The effects, least first: the worst of several is the greatest.
const (
	// Read changes nothing, but it may cost.
	Read Effect = iota
	// Write adds or changes; what it changes can be changed back.
	Write
	// Destroy removes what cannot be had back by calling again.
	Destroy
)

// String gives "read", "write" or "destroy".
func (e Effect) String() string {
	switch e {
	case Read:
		return "read"
	case Write:
		return "write"
	case Destroy:
		return "destroy"
	}
	return fmt.Sprintf("Effect(%d)", int(e))
}

// Spec says what an operation is, in words that every front end shows.
type Spec struct {
	// Tool is the MCP name, "get_item"; Title the name a person reads, "Get item".
	Tool, Title string
	// Use is the CLI path and its arguments: "item get <table> <key>…".
	Use string
	// Short is one line without full stop; Long, when not empty, the whole.
	Short, Long string
	// API is the action's name, "GetItem"; empty for an operation of ddb's own.
	API string
	// Toolset groups tools that are enabled together: "item".
	Toolset string
	// Actions are the IAM actions needed: "dynamodb:GetItem".
	Actions []string
	// Effect is the worst the operation can do. It drives read-only mode, MCP hints and questions.
	Effect Effect
	// Idempotent says that a second equal call changes nothing more.
	Idempotent bool
	// Nulls lists top-level members of the result that are written as null when absent.
	Nulls []string
	// Contract marks the tools of the drop-in contract (and whoami): the default set over MCP.
	Contract bool
	// AnyRegion says that a call that names no region is made whatever regions are allowed: it tells of the caller and touches
	// nothing that a region holds.
	AnyRegion bool
	// Text says that the result is text to be shown as it stands: Out is *Text.
	Text bool
	// Waits says that it only waits for something: nothing is lost when it is cut off.
	Waits bool
}

// Path is the CLI path without arguments: "item get". It is Use up to the first word that begins with < or [.
func (s Spec) Path() string {
	var words []string
	for w := range strings.FieldsSeq(s.Use) {
		if strings.ContainsAny(w, "<[") {
			break
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// Text is the result of an operation that answers with text rather than data.
type Text struct {
	Text string `json:"text"`
}
