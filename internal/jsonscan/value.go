package jsonscan

import (
	"encoding/json"
	"strings"
)

// IsValue tells whether text is a JSON value from its first byte to its last, without space around it. A cell of CSV that is one stands for
// that value, and any other for itself.
func IsValue(text string) bool {
	if text == "" || strings.IndexByte(" \t\r\n", text[len(text)-1]) >= 0 {
		return false
	}
	switch c := text[0]; {
	case c == '"', c == '{', c == '[', c == '-', c >= '0' && c <= '9', c == 't', c == 'f', c == 'n':
		return json.Valid([]byte(text))
	}
	return false
}
