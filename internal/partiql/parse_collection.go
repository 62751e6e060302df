package partiql

// rows reads VALUES (…), (…).
func (p *parser) rows() (Expr, error) {
	b := &Bag{Pos: p.tok.pos}
	p.advance()
	for {
		if !p.tok.is(symbol, "(") {
			return nil, syntaxError("Expected LEFT_PAREN for row value constructor")
		}
		row, err := p.elements(")")
		if err != nil {
			return nil, err
		}
		b.Elems = append(b.Elems, row)
		if !p.acceptSymbol(",") {
			return b, nil
		}
	}
}

// parenthesized reads an expression in parentheses, or (a, b, …), which is a list.
func (p *parser) parenthesized() (Expr, error) {
	pos := p.tok.pos
	p.advance()
	elems, err := p.expressions()
	if err != nil {
		return nil, err
	}
	if err := p.expectSymbol(")"); err != nil || len(elems) > 1 {
		return &List{Elems: elems, Pos: pos}, err
	}
	return elems[0], nil
}

// expressions reads one or more expressions with commas between them.
func (p *parser) expressions() ([]Expr, error) {
	var list []Expr
	for {
		x, err := p.expression()
		if err != nil {
			return nil, err
		}
		list = append(list, x)
		if !p.acceptSymbol(",") {
			return list, nil
		}
	}
}

// elements reads the members of a collection, which begins at the present token. Only parentheses may not be empty.
func (p *parser) elements(closing string) (*List, error) {
	l := &List{Pos: p.tok.pos}
	p.advance()
	if closing != ")" && p.acceptSymbol(closing) {
		return l, nil
	}
	var err error
	if l.Elems, err = p.expressions(); err != nil {
		return nil, err
	}
	return l, p.expectSymbol(closing)
}

func (p *parser) tuple() (Expr, error) {
	t := &Tuple{Pos: p.tok.pos}
	p.advance()
	if p.acceptSymbol("}") {
		return t, nil
	}
	for {
		key, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.expectSymbol(":"); err != nil {
			return nil, err
		}
		value, err := p.expression()
		if err != nil {
			return nil, err
		}
		t.Fields = append(t.Fields, Field{Name: key, Value: value})
		if !p.acceptSymbol(",") {
			return t, p.expectSymbol("}")
		}
	}
}
