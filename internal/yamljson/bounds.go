package yamljson

import (
	"fmt"

	"github.com/goccy/go-yaml/token"
)

// What the parser is spared: it calls itself for each level, for each further member of a map in block style, which it copies each time, and
// for each document. Beyond these a text of a few megabytes would keep it for hours, or end the process for want of stack.
const (
	maxMembers   = 10_000
	maxDocuments = 20
)

// bounds follows the tokens of a text and refuses what is nested too deeply, or has too many members or documents.
type bounds struct {
	blocks    []block
	flow      int // brackets and braces open
	documents int
}

// A block is a list or a map in block style: what begins in its column.
type block struct {
	column, members int
	list            bool
}

func bounded(tokens token.Tokens) error {
	var b bounds
	for _, t := range tokens {
		if err := b.take(t); err != nil {
			return err
		}
	}
	return nil
}

func (b *bounds) take(t *token.Token) error {
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		b.flow++
	case token.SequenceEndType, token.MappingEndType:
		b.flow = max(b.flow-1, 0)
	case token.DocumentHeaderType, token.DocumentEndType:
		b.blocks = b.blocks[:0]
		b.documents++
	case token.SequenceEntryType:
		b.enter(block{column: t.Position.Column, list: true})
	case token.MappingKeyType:
		b.enter(block{column: t.Position.Column})
	case token.MappingValueType:
		if b.flow == 0 {
			b.enter(block{column: keyOf(t).Position.Column})
		}
	default:
		return nil
	}
	switch n := len(b.blocks); {
	case b.flow+n > maxDepth:
		return &Error{t.Position.Line, "nested too deeply"}
	case b.documents > maxDocuments:
		return &Error{t.Position.Line, "a second document; only one can stand here"}
	case n > 0 && !b.blocks[n-1].list && b.blocks[n-1].members > maxMembers:
		return &Error{t.Position.Line, fmt.Sprintf("a map of more than %d members; write it as JSON", maxMembers)}
	}
	return nil
}

// enter counts an entry of a list or map, which its column tells from others, and leaves what is farther to the right.
func (b *bounds) enter(at block) {
	n := len(b.blocks)
	for n > 0 && (b.blocks[n-1].column > at.column || b.blocks[n-1].column == at.column && b.blocks[n-1].list && !at.list) {
		n--
	}
	b.blocks = b.blocks[:n]
	if n == 0 || b.blocks[n-1].column != at.column || b.blocks[n-1].list != at.list {
		b.blocks = append(b.blocks, at)
		n++
	}
	b.blocks[n-1].members++
}

// keyOf is what a member begins with, on the line of its colon: the key, or the anchor and the tag before it.
func keyOf(colon *token.Token) *token.Token {
	at := colon
	for p := at.Prev; p != nil && p.Position.Line == colon.Position.Line; p = p.Prev {
		named := p.Prev != nil && p.Prev.Type == token.AnchorType
		if at != colon && p.Type != token.TagType && p.Type != token.AnchorType && !named {
			break
		}
		at = p
	}
	return at
}
