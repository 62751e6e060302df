package attr

import (
	"strings"
)

// A SortCondition narrows a query to part of a partition.
type SortCondition struct {
	Op   string // "=", "<", "<=", ">", ">=", "between" or "begins_with"
	A, B Value  // B with between only
}

// ParseSortCondition reads a sort-key condition: VALUE, VALUE*, =V, <V, <=V, >V, >=V, V1..V2, V1.. or ..V2. Quotes around a value are optional, and required where it
// holds a space, a quote, * or two dots. The API has no "unequal" for keys, and <>V is refused.
func ParseSortCondition(text string, part KeyPart) (SortCondition, error) {
	sc := sortScanner{text: text, part: part}
	for _, op := range []string{"<>", "!=", "=="} {
		if strings.HasPrefix(text, op) { // else "<>a" would be all that is less than ">a"
			return SortCondition{}, sc.fail("a sort-key condition has no "+op, "it is a value (equal), VALUE*, >=V and its kin, or V1..V2; "+quoteHint)
		}
	}
	for _, op := range []string{"<=", ">=", "<", ">", "="} {
		if !strings.HasPrefix(text, op) {
			continue
		}
		sc.pos = len(op)
		for sc.pos < len(text) && text[sc.pos] == ' ' {
			sc.pos++
		}
		v, err := sc.value()
		if err != nil {
			return SortCondition{}, err
		}
		return SortCondition{Op: op, A: v}, sc.end()
	}
	if strings.HasPrefix(text, "..") {
		sc.pos = 2
		v, err := sc.value()
		if err != nil {
			return SortCondition{}, err
		}
		return SortCondition{Op: "<=", A: v}, sc.end()
	}
	v, err := sc.value()
	if err != nil {
		return SortCondition{}, err
	}
	rest := text[sc.pos:]
	switch {
	case rest == "":
		return SortCondition{Op: "=", A: v}, nil
	case rest == "..":
		return SortCondition{Op: ">=", A: v}, nil
	case rest == "*":
		if part.Kind == N {
			return SortCondition{}, sc.fail("the sort key "+part.Name+" is a number, and numbers have no beginning", "write a range: 10..20")
		}
		return SortCondition{Op: "begins_with", A: v}, nil
	case strings.HasPrefix(rest, ".."):
		sc.pos += 2
		b, err := sc.value()
		if err != nil {
			return SortCondition{}, err
		}
		return SortCondition{Op: "between", A: v, B: b}, sc.end()
	}
	return SortCondition{}, sc.fail("unexpected text after the value", quoteHint)
}

const quoteHint = `a value that holds a space, a quote, * or .. stands in quotes: '"a b"'`

// Expression writes the condition for the attribute with this name.
func (c SortCondition) Expression(p *Placeholders, name string) string {
	holder := p.Name(name)
	switch c.Op {
	case "between":
		return holder + " BETWEEN " + p.Value(c.A) + " AND " + p.Value(c.B)
	case "begins_with":
		return "begins_with(" + holder + ", " + p.Value(c.A) + ")"
	default:
		return holder + " " + c.Op + " " + p.Value(c.A)
	}
}

type sortScanner struct {
	text string
	pos  int
	part KeyPart
}

func (sc *sortScanner) fail(message, hint string) error {
	return &SyntaxError{Text: sc.text, Offset: sc.pos, Message: message, Hint: hint}
}

func (sc *sortScanner) end() error {
	if sc.pos == len(sc.text) {
		return nil
	}
	return sc.fail("unexpected text after the value", quoteHint)
}

// value reads up to the end, a star or two dots, or a quoted text.
func (sc *sortScanner) value() (Value, error) {
	start := sc.pos
	if start == len(sc.text) {
		return Value{}, sc.fail("a sort-key condition needs a value", "")
	}
	var raw string
	switch c := sc.text[start]; c {
	case '"', '\'':
		s := scanner{src: sc.text, pos: start}
		tok, err := s.nextOperand()
		if err != nil {
			return Value{}, err
		}
		raw, sc.pos = tok.text, tok.end
	default:
		for sc.pos < len(sc.text) && sc.text[sc.pos] != '*' && !strings.HasPrefix(sc.text[sc.pos:], "..") {
			if strings.IndexByte(" \"'", sc.text[sc.pos]) >= 0 {
				return Value{}, sc.fail("an unquoted value ends here", quoteHint)
			}
			sc.pos++
		}
		raw = sc.text[start:sc.pos]
	}
	v, err := ParseKeyText(raw, sc.part)
	if err != nil {
		sc.pos = start
		return Value{}, sc.fail(err.Error(), "")
	}
	return v, nil
}
