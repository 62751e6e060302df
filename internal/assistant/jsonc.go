package assistant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// node is a value of a JSON text and where it stands. Comments and commas before a closing bracket are allowed, as
// editors write them.
type node struct {
	start, end int  // end is behind the last byte
	kind       byte // { [ " or the first byte of a literal
	members    []member
	items      []*node
}

type member struct {
	key      string
	keyStart int
	value    *node
	comma    int // offset of the comma behind it, -1 for none
}

// find gives the member of a name; several of one name are an error, since which one counts is the reader's choice.
func (n *node) find(key string) (*member, error) {
	var found *member
	for i := range n.members {
		if n.members[i].key != key {
			continue
		}
		if found != nil {
			return nil, &faultError{at: n.members[i].keyStart, what: fmt.Sprintf("%q is there twice", key)}
		}
		found = &n.members[i]
	}
	return found, nil
}

// faultError is what is wrong with a text, and where.
type faultError struct {
	at   int
	what string
}

func (e *faultError) Error() string { return e.what }

// place gives line and column, from 1; a column is a character.
func place(text []byte, at int) (line, column int) {
	at = min(at, len(text))
	before := text[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte{'\n'}) + 1, utf8.RuneCount(before[start:]) + 1
}

// maxDepth bounds how deep values may be nested, so that a hostile file cannot exhaust the stack.
const maxDepth = 1000

type jsonReader struct {
	text  []byte
	at    int
	depth int
	plain []byte // text with comments and spare commas as blanks, for encoding/json
}

// readJSON gives the tree of a text and the text as strict JSON of the same length.
func readJSON(text []byte) (*node, []byte, error) {
	r := &jsonReader{text: text, plain: bytes.Clone(text)}
	if bytes.HasPrefix(text, bom) {
		r.at = len(bom)
		blank(r.plain[:len(bom)])
	}
	if err := r.space(); err != nil {
		return nil, nil, err
	}
	n, err := r.value()
	if err != nil {
		return nil, nil, err
	}
	if err := r.space(); err != nil {
		return nil, nil, err
	}
	if r.at < len(text) {
		return nil, nil, &faultError{r.at, "there is more behind the end of the value"}
	}
	return n, r.plain, nil
}

var bom = []byte("\xef\xbb\xbf")

func blank(text []byte) {
	for i, c := range text {
		if c != '\n' {
			text[i] = ' '
		}
	}
}

func (r *jsonReader) space() error {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			r.at++
		case bytes.HasPrefix(r.text[r.at:], []byte("//")):
			start := r.at
			if i := bytes.IndexByte(r.text[r.at:], '\n'); i >= 0 {
				r.at += i
			} else {
				r.at = len(r.text)
			}
			blank(r.plain[start:r.at])
		case bytes.HasPrefix(r.text[r.at:], []byte("/*")):
			i := bytes.Index(r.text[r.at+2:], []byte("*/"))
			if i < 0 {
				return &faultError{r.at, "the comment does not end"}
			}
			blank(r.plain[r.at : r.at+i+4])
			r.at += i + 4
		default:
			return nil
		}
	}
	return nil
}

func (r *jsonReader) value() (*node, error) {
	if r.at >= len(r.text) {
		return nil, &faultError{r.at, "the text ends where a value is expected"}
	}
	if r.depth++; r.depth > maxDepth {
		return nil, &faultError{r.at, "values are nested too deep"}
	}
	defer func() { r.depth-- }()
	n := &node{start: r.at, kind: r.text[r.at]}
	var err error
	switch n.kind {
	case '{':
		err = r.object(n)
	case '[':
		err = r.array(n)
	case '"':
		_, err = r.str()
	default:
		err = r.literal()
	}
	n.end = r.at
	return n, err
}

func (r *jsonReader) object(n *node) error {
	for r.at++; ; {
		if err := r.space(); err != nil {
			return err
		}
		if r.next('}') {
			r.spareComma(n.members)
			return nil
		}
		if len(n.members) > 0 && n.members[len(n.members)-1].comma < 0 {
			return r.expected("a comma or }")
		}
		if r.at >= len(r.text) || r.text[r.at] != '"' {
			return r.expected("a name in quotation marks")
		}
		m := member{keyStart: r.at, comma: -1}
		var err error
		if m.key, err = r.str(); err != nil {
			return err
		}
		if err := r.space(); err != nil {
			return err
		}
		if !r.next(':') {
			return r.expected("a colon")
		}
		if err := r.space(); err != nil {
			return err
		}
		if m.value, err = r.value(); err != nil {
			return err
		}
		if err := r.space(); err != nil {
			return err
		}
		if r.next(',') {
			m.comma = r.at - 1
		}
		n.members = append(n.members, m)
	}
}

func (r *jsonReader) array(n *node) error {
	comma := -1
	for r.at++; ; {
		if err := r.space(); err != nil {
			return err
		}
		if r.next(']') {
			if comma >= 0 {
				r.plain[comma] = ' '
			}
			return nil
		}
		if len(n.items) > 0 && comma < 0 {
			return r.expected("a comma or ]")
		}
		item, err := r.value()
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
		if err := r.space(); err != nil {
			return err
		}
		if comma = -1; r.next(',') {
			comma = r.at - 1
		}
	}
}

// spareComma blanks the comma before a closing bracket, which strict JSON does not know.
func (r *jsonReader) spareComma(members []member) {
	if len(members) > 0 && members[len(members)-1].comma >= 0 {
		r.plain[members[len(members)-1].comma] = ' '
	}
}

func (r *jsonReader) next(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *jsonReader) expected(what string) error {
	if r.at >= len(r.text) {
		return &faultError{r.at, "the text ends where " + what + " is expected"}
	}
	c, _ := utf8.DecodeRune(r.text[r.at:])
	return &faultError{r.at, fmt.Sprintf("%s is expected, and %q is there", what, c)}
}

// str reads a string; encoding/json judges its escapes.
func (r *jsonReader) str() (string, error) {
	start := r.at
	for r.at++; r.at < len(r.text); r.at++ {
		switch r.text[r.at] {
		case '\\':
			r.at++
		case '\n':
			return "", &faultError{start, "the string does not end on its line"}
		case '"':
			r.at++
			var s string
			if err := json.Unmarshal(r.text[start:r.at], &s); err != nil {
				return "", &faultError{start, "the string cannot be read: " + err.Error()}
			}
			return s, nil
		}
	}
	r.at = len(r.text)
	return "", &faultError{start, "the string does not end"}
}

func (r *jsonReader) literal() error {
	start := r.at
	for r.at < len(r.text) && !strings.ContainsRune(" \t\r\n,]}:/\"[{", rune(r.text[r.at])) {
		r.at++
	}
	if !json.Valid(r.text[start:r.at]) {
		r.at = start
		return r.expected("a value")
	}
	return nil
}
