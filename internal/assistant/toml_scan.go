package assistant

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// statement is a header of a table or a key with its value.
type statement struct {
	header     bool
	key        []string // as written: of a header its whole path, of a value the part behind its header's
	path       []string // from the top of the file
	start, end int      // whole lines
	valueStart int
	valueEnd   int
}

func openTOML(text []byte, path []string) (*tomlDocument, error) {
	d := &tomlDocument{text: text, path: path}
	if err := toml.Unmarshal(bytes.TrimPrefix(text, bom), &d.values); err != nil {
		if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := bad.Position()
			return nil, &faultError{offsetOf(text, line, column), bad.Error()}
		}
		return nil, err
	}
	d.scan()
	return d, nil
}

func offsetOf(text []byte, line, column int) int {
	at := 0
	for range line - 1 {
		at = lineEnd(text, at)
	}
	return min(at+column-1, len(text))
}

// scan splits the text into statements.
func (d *tomlDocument) scan() {
	var table []string
	at := 0
	if bytes.HasPrefix(d.text, bom) {
		at = len(bom)
	}
	for at < len(d.text) {
		start := at
		at = d.blanks(at)
		if at >= len(d.text) || d.text[at] == '\n' || d.text[at] == '\r' || d.text[at] == '#' {
			at = lineEnd(d.text, at)
			continue
		}
		s := statement{start: start}
		if d.text[at] == '[' {
			s.header = true
			at++
			if at < len(d.text) && d.text[at] == '[' {
				at++
			}
			s.key, at = d.tomlKey(at)
			s.path, table = s.key, s.key
		} else {
			s.key, at = d.tomlKey(at)
			s.path = append(slices.Clone(table), s.key...)
			s.valueStart = d.blanks(at + 1) // behind the sign of equality
			s.valueEnd = d.skipValue(s.valueStart)
			at = s.valueEnd
		}
		at = lineEnd(d.text, at)
		s.end = at
		d.statements = append(d.statements, s)
	}
}

func (d *tomlDocument) blanks(at int) int {
	for at < len(d.text) && (d.text[at] == ' ' || d.text[at] == '\t') {
		at++
	}
	return at
}

// tomlKey reads a key with dots, up to what ends it.
func (d *tomlDocument) tomlKey(at int) ([]string, int) {
	var key []string
	for {
		at = d.blanks(at)
		start := at
		if at < len(d.text) && (d.text[at] == '"' || d.text[at] == '\'') {
			at = d.skipString(at)
			var one struct{ K string }
			if toml.Unmarshal(append([]byte("K = "), d.text[start:at]...), &one) == nil {
				key = append(key, one.K)
			}
		} else {
			for at < len(d.text) && !strings.ContainsRune(" \t.=]\r\n", rune(d.text[at])) {
				at++
			}
			key = append(key, string(d.text[start:at]))
		}
		at = d.blanks(at)
		if at >= len(d.text) || d.text[at] != '.' {
			return key, at
		}
		at++
	}
}

func (d *tomlDocument) skipString(at int) int {
	mark := d.text[at : at+1]
	if triple := bytes.Repeat(mark, 3); bytes.HasPrefix(d.text[at:], triple) {
		for at += 3; at < len(d.text) && !bytes.HasPrefix(d.text[at:], triple); at++ {
			if d.text[at] == '\\' && mark[0] == '"' {
				at++
			}
		}
		at += 3
		for at < len(d.text) && d.text[at] == mark[0] { // one or two more belong to the text
			at++
		}
		return min(at, len(d.text))
	}
	for at++; at < len(d.text) && d.text[at] != mark[0]; at++ {
		if d.text[at] == '\\' && mark[0] == '"' {
			at++
		}
	}
	return min(at+1, len(d.text))
}

// skipValue is the end of a value that is known to be good.
func (d *tomlDocument) skipValue(at int) int {
	for depth := 0; at < len(d.text); {
		switch c := d.text[at]; {
		case c == '"' || c == '\'':
			at = d.skipString(at)
			if depth == 0 {
				return at
			}
		case c == '[' || c == '{':
			depth++
			at++
		case c == ']' || c == '}':
			at++
			if depth--; depth == 0 {
				return at
			}
		case c == '#' && depth > 0:
			at = lineEnd(d.text, at)
		case depth == 0 && (c == '\n' || c == '\r' || c == '#'):
			return len(bytes.TrimRight(d.text[:at], " \t"))
		default:
			at++
		}
	}
	return len(d.text)
}
