package assistant

import (
	"bytes"
	"cmp"
	"slices"
)

// field is a member of an entry, in the order in which it is written: a string, a list of strings or a map of strings.
type field struct {
	name  string
	value any
}

// document is a client's file, read.
type document interface {
	// servers are the entries by name, as plain values; nil for none.
	servers() map[string]any
	// tree is the whole of the file as plain values, for comparing.
	tree() map[string]any
	// put sets fields of an entry, making it and all above it where they are missing; remove takes the entry out. Both give
	// the new text.
	put(name string, fields []field) ([]byte, error)
	remove(name string) ([]byte, error)
}

// splice is a piece of text to be replaced.
type splice struct {
	start, end int
	text       string
}

// apply replaces pieces that do not overlap. Those of one place stand in the order given.
func apply(text []byte, edits []splice) []byte {
	slices.SortStableFunc(edits, func(a, b splice) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(text[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(text[at:])
	return out.Bytes()
}

// newline is the end of line a text uses.
func newline(text []byte) string {
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// lineStart is the offset at which the line of at begins; lineEnd that behind its end.
func lineStart(text []byte, at int) int { return bytes.LastIndexByte(text[:at], '\n') + 1 }

func lineEnd(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

// indentOf is the white space before at, where nothing else stands there on its line; ok says whether that is so.
func indentOf(text []byte, at int) (indent string, ok bool) {
	before := text[lineStart(text, at):at]
	return string(before), len(bytes.TrimLeft(before, " \t")) == 0
}
