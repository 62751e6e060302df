package expression

import "strings"

// kind is the kind of a token.
type kind uint8

const (
	eof      kind = iota
	bad           // a character that begins no token
	ident         // a name as it stands
	nameRef       // #name
	valueRef      // :value
	number        // digits, in a list index
	keyAnd
	keyOr
	keyNot
	keyBetween
	keyIn
	keySet
	keyRemove
	keyAdd
	keyDelete
	opEq
	opNe
	opLt
	opLe
	opGt
	opGe
	plus
	minus
	leftParen
	rightParen
	leftBracket
	rightBracket
	comma
	dot
)

// token is a piece of the text, text[start:end].
type token struct {
	kind       kind
	start, end int
}

// keywords are the words of the grammar, in any case. They are no names anywhere, not even behind a dot.
var keywords = [...]struct {
	word string
	kind kind
}{
	{"AND", keyAnd},
	{"OR", keyOr},
	{"NOT", keyNot},
	{"BETWEEN", keyBetween},
	{"IN", keyIn},
	{"SET", keySet},
	{"REMOVE", keyRemove},
	{"ADD", keyAdd},
	{"DELETE", keyDelete},
}

func keyword(word string) kind {
	if len(word) < 2 || len(word) > len("BETWEEN") {
		return ident
	}
	for _, k := range keywords {
		if len(k.word) == len(word) && strings.EqualFold(k.word, word) {
			return k.kind
		}
	}
	return ident
}

// isSection tells whether a token begins a section of an update expression.
func (k kind) isSection() bool { return k >= keySet && k <= keyDelete }
