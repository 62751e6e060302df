package jsonscan

import "fmt"

// Kind is what the next value of a text is.
type Kind uint8

// The kinds of JSON values. EOF is the end of the text, Invalid a byte that starts no value, or any position after an error.
const (
	Invalid Kind = iota
	EOF
	Object
	Array
	String
	Number
	True
	False
	Null
)

var kindNames = [...]string{"invalid", "end of text", "object", "array", "string", "number", "true", "false", "null"}

// String names the kind for an error message.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

// SyntaxError says where a text stops being JSON.
type SyntaxError struct {
	Offset int    // of the offending byte
	Reason string // what was found, and what was expected
}

// Error gives reason and offset.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("invalid JSON at offset %d: %s", e.Offset, e.Reason)
}
