package expression

// Translated makes a Context for expressions that were written from another language, whose text has a limit of its own: maxTextSize does not
// apply to them.
func Translated(c *Context) *Context {
	c.translated = true
	return c
}

// fits refuses a text that is too long.
func (c *Context) fits(text string) *Error {
	if len(text) > maxTextSize && !c.translated {
		return errSize()
	}
	return nil
}

// translatedUpdates keeps the parsed updates of translated texts, which may say more than a request's.
var translatedUpdates cache[*UpdateNode]

// updateNode gives the parsed text of an update.
func (c *Context) updateNode(text string) (*UpdateNode, *Error) {
	if c.translated {
		return translatedUpdates.get(text, parseTranslatedUpdate)
	}
	return updates.get(text, parseUpdate)
}

// parseTranslatedUpdate parses an update whose sums have any number of operands and may be operands themselves, and whose list_append takes the value of
// another one. Only the text of a request is held to one operator.
func parseTranslatedUpdate(text string) (*UpdateNode, *Error) {
	p, err := newParser(text)
	if err != nil {
		return nil, err
	}
	p.update, p.nests = true, true
	u := &UpdateNode{}
	p.sections(u)
	if err := p.finish(); err != nil {
		return nil, err
	}
	return u, nil
}

// nestedSum reads operands with + and - between them, from the left; in parentheses a sum is an operand.
func (p *parser) nestedSum() (Operand, bool) {
	left, ok := p.nestedOperand()
	for ok && (p.peek() == plus || p.peek() == minus) {
		op := OpPlus + Op(p.peek()-plus)
		p.i++
		var right Operand
		right, ok = p.nestedOperand()
		left = &Arithmetic{op, left, right}
	}
	return left, ok
}

func (p *parser) nestedOperand() (Operand, bool) {
	if p.peek() != leftParen {
		return p.atom()
	}
	open := p.i
	p.i++
	sum, ok := p.nestedSum()
	return sum, ok && p.closeParen(open)
}
