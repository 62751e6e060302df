package attr

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Placeholders turns the terminal's expression language, written with names and literals, into the service's, written with #names and :values. One
// Placeholders serves all expressions of a request, so that an attribute used twice is named once. The language:
//
//	condition = total > 100 and (status = "open" or not exists(closed))
//	paths     = address.city, lines[0].sku, `any name: at all`
//	values    = 12.5, -3, "text", 'text', true, null, ["a", 1], {"a": 1}, {"SS": ["a"]}
//	compare   = == <> != < <= > >=, x between 1 and 5, x in (1, 2, 3)
//	functions = exists missing type begins_with contains size, and the service's own names for them
//
// Every attribute name is replaced, so reserved words need no care. #name and :value pass through, for those who bring their own.
type Placeholders struct {
	Names  map[string]string // #placeholder → attribute name
	Values Item              // :placeholder → value
	// Bare are the words that stand where a value is usual and are read as attributes: open in status = open. A name in backquotes is none.
	Bare  []bareWord
	count int
}

// A bareWord is a word compared with, and the comparison it stands in.
type bareWord struct{ Name, Term string }

// Name gives the placeholder for one attribute name, the same one each time.
func (p *Placeholders) Name(name string) string {
	if p.Names == nil {
		p.Names = make(map[string]string)
	}
	base, odd := "#"+name, !plainWord(name)
	if odd {
		base = "#n"
	}
	for n := 1; ; n++ {
		key := base
		if n > 1 || odd {
			key = base + strconv.Itoa(n)
		}
		have, ok := p.Names[key]
		if ok && have != name {
			continue
		}
		p.Names[key] = name
		return key
	}
}

// Value gives a placeholder for a value that stands for no other: :v1, :v2 and so on, passing over those the caller named.
func (p *Placeholders) Value(v Value) string {
	for {
		p.count++
		key := ":v" + strconv.Itoa(p.count)
		if _, taken := p.Values.Get(key); taken {
			continue
		}
		p.Values.Set(key, v)
		return key
	}
}

// Path gives the placeholder form of a document path held as a list of attribute names (no indexes).
func (p *Placeholders) Path(names ...string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = p.Name(n)
	}
	return strings.Join(parts, ".")
}

func plainWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 200
}

// SyntaxError is a mistake in text a person wrote, with its place.
type SyntaxError struct {
	Text    string // the whole text
	Offset  int    // bytes from its start
	Message string // what happened and what was expected
	Hint    string // what to do; may be empty
	Clause  string // set, add, remove or delete: the part of an update it stands in; empty elsewhere
}

// Error gives the message, and below it the text with a caret at the mistake.
func (e *SyntaxError) Error() string {
	if strings.ContainsAny(e.Text, "\n\r\t") {
		return fmt.Sprintf("%s (at byte %d)", e.Message, e.Offset)
	}
	text, offset := e.Text, min(max(e.Offset, 0), len(e.Text))
	if offset > 60 {
		cut := offset - 50
		for cut < offset && !utf8.RuneStart(text[cut]) {
			cut++
		}
		text, offset = "…"+text[cut:], offset-cut+len("…")
	}
	shown := text
	if len(shown) > offset+40 {
		end := offset + 40
		for end > offset && !utf8.RuneStart(shown[end]) {
			end--
		}
		shown = shown[:end] + "…"
	}
	return fmt.Sprintf("%s\n  %s\n  %s^", e.Message, shown, strings.Repeat(" ", utf8.RuneCountInString(text[:offset])))
}
