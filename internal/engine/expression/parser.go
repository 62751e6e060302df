package expression

import "strconv"

// parser reads tokens by recursive descent. A syntax error ends it at once. What is wrong beyond syntax is noted and reported when the whole text
// has been read, the earliest first, because the service reports in that order.
type parser struct {
	text   string
	tokens []token
	i      int
	err    *Error // syntax

	note   *Error // the earliest finding beyond syntax
	noteAt int    // its place in the text

	update      bool // the text is an update expression, else a condition
	nests       bool // the text is a translated update expression
	open, close int  // the pair of parentheses that was closed last, as indexes of tokens
}

func newParser(text string) (*parser, *Error) {
	if text == "" {
		return nil, fail(msgEmpty)
	}
	return &parser{text: text, tokens: scan(text), open: -1, close: -1}, nil
}

// finish returns the error to report.
func (p *parser) finish() *Error {
	if p.err == nil && p.peek() != eof {
		p.unexpected()
	}
	if p.err != nil {
		return p.err
	}
	return p.note
}

func (p *parser) peek() kind { return p.tokens[p.i].kind }

// word is the text of a token.
func (p *parser) word(i int) string { return p.text[p.tokens[i].start:p.tokens[i].end] }

// take takes a token of kind k, or fails.
func (p *parser) take(k kind) bool {
	if p.peek() != k {
		return p.unexpected()
	}
	p.i++
	return true
}

// unexpected is the syntax error at the present token: the token, and the text from the one before to the one behind it.
func (p *parser) unexpected() bool {
	if p.err != nil {
		return false
	}
	t := p.tokens[p.i]
	from, to := t.start, t.end
	if p.i > 0 {
		from = p.tokens[p.i-1].start
	} else if t.kind == eof {
		from = 0
	}
	if t.kind != eof {
		to = p.tokens[p.i+1].end
	}
	name := p.text[t.start:t.end]
	if t.kind == eof {
		name = "<EOF>"
	}
	p.err = errSyntax(name, p.text[from:to])
	return false
}

// remark notes a finding at a token, if none was noted before it in the text.
func (p *parser) remark(at int, err *Error) {
	if p.note == nil || at < p.noteAt {
		p.note, p.noteAt = err, at
	}
}

// closeParen takes the closing parenthesis for the opening one at token open, and notes a pair that stands directly within another.
func (p *parser) closeParen(open int) bool {
	closing := p.i
	if !p.take(rightParen) {
		return false
	}
	if p.open == open+1 && p.close == closing-1 {
		p.remark(open, fail(msgParentheses))
	}
	p.open, p.close = open, closing
	return true
}

// operand reads a path, a value, a function or one of them in parentheses.
func (p *parser) operand() (Operand, bool) {
	if p.peek() != leftParen {
		return p.atom()
	}
	open := p.i
	p.i++
	o, ok := p.operand()
	return o, ok && p.closeParen(open)
}

func (p *parser) atom() (Operand, bool) {
	switch p.peek() {
	case valueRef:
		p.i++
		return ValueRef(p.word(p.i - 1)), true
	case ident:
		if p.tokens[p.i+1].kind == leftParen {
			return p.function()
		}
		return p.path()
	case nameRef:
		return p.path()
	default:
		return nil, p.unexpected()
	}
}

// Where a function may stand.
const (
	inConditions = 1 + iota
	inUpdates
)

// functions are the functions there are; their names are written in lower case.
var functions = map[string]int{
	"attribute_exists": inConditions, "attribute_not_exists": inConditions, "attribute_type": inConditions, "begins_with": inConditions,
	"contains": inConditions, "size": inConditions, "if_not_exists": inUpdates, "list_append": inUpdates,
}

func (p *parser) function() (Operand, bool) {
	f := &Function{Name: p.word(p.i)}
	switch use := functions[f.Name]; {
	case use == 0:
		p.remark(p.i, errUnknownFunction(f.Name))
	case p.update && use != inUpdates:
		p.remark(p.i, errNotAllowed("an update", f.Name))
	case !p.update && use != inConditions:
		p.remark(p.i, errNotAllowed("a condition", f.Name))
	}
	p.i += 2
	for {
		arg, ok := p.operand()
		if !ok {
			return nil, false
		}
		f.Args = append(f.Args, arg)
		if p.peek() != comma {
			break
		}
		p.i++
	}
	return f, p.take(rightParen)
}

// path reads a document path, which begins with a name.
func (p *parser) path() (Path, bool) {
	if k := p.peek(); k != ident && k != nameRef {
		return nil, p.unexpected()
	}
	path := make(Path, 1, 2)
	path[0].Name = p.name()
	for {
		switch p.peek() {
		case dot:
			p.i++
			// A value's name is taken for a name here and found undefined later, as the service does.
			if k := p.peek(); k != ident && k != nameRef && k != valueRef {
				return nil, p.unexpected()
			}
			path = append(path, Step{Name: p.name()})
		case leftBracket:
			p.i++
			at := p.i
			if !p.take(number) {
				return nil, false
			}
			index, err := strconv.ParseInt(p.word(at), 10, 64)
			if err != nil || index > maxListIndex {
				p.remark(at, errIndex(p.word(at)))
			}
			if !p.take(rightBracket) {
				return nil, false
			}
			path = append(path, Step{Index: int(index)})
		default:
			return path, true
		}
	}
}

func (p *parser) name() string {
	word := p.word(p.i)
	if p.peek() == ident && isReserved(word) {
		p.remark(p.i, errReserved(word))
	}
	p.i++
	return word
}
