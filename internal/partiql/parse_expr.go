package partiql

import "slices"

// expression reads a whole expression. From loosest to tightest: OR, AND, equality with IS and IN, order with BETWEEN and
// LIKE, + and - and ||, * and / and %, signs and NOT. NOT reaches as far as an equality.
func (p *parser) expression() (Expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	return p.leftAssociative("OR", p.conjunction)
}

func (p *parser) conjunction() (Expr, error) { return p.leftAssociative("AND", p.equality) }

// leftAssociative reads x OP x OP … for a keyword operator.
func (p *parser) leftAssociative(op string, operand func() (Expr, error)) (Expr, error) {
	x, err := operand()
	for err == nil && p.tok.isKeyword(op) {
		b := &Binary{Op: op, L: x, Pos: p.tok.pos}
		b.R, err = p.right(operand)
		x = b
	}
	return x, err
}

// right passes over an operator and reads what stands on its right.
func (p *parser) right(operand func() (Expr, error)) (Expr, error) {
	if p.peek().kind == endOfStatement {
		return nil, syntaxError("Missing right-hand side expression of infix operator")
	}
	p.advance()
	return operand()
}

// equality reads x = y, x <> y, x IS [NOT] type, x [NOT] IN set.
func (p *parser) equality() (Expr, error) {
	x, err := p.ordering()
	for err == nil {
		switch pos := p.tok.pos; {
		case p.tok.is(symbol, "="), p.tok.is(symbol, "<>"):
			b := &Binary{Op: p.tok.text, L: x, Pos: pos}
			b.R, err = p.right(p.ordering)
			x = b
		case p.tok.isKeyword("IS"):
			x, err = p.is(x)
		case p.tok.isKeyword("IN"):
			x, err = p.in(&In{X: x, Pos: pos})
		case p.tok.isKeyword("NOT") && p.peek().isKeyword("IN"):
			p.advance()
			x, err = p.in(&In{X: x, Not: true, Pos: pos})
		default:
			return x, nil
		}
	}
	return nil, err
}

// in reads the set of an IN that is begun.
func (p *parser) in(e *In) (Expr, error) {
	var err error
	if !p.peek().is(symbol, "(") {
		e.Set, err = p.right(p.ordering)
		return e, err
	}
	p.advance()
	e.Set, err = p.elements(")")
	return e, err
}

// ordering reads x < y and its like, x [NOT] BETWEEN …, x [NOT] LIKE ….
func (p *parser) ordering() (Expr, error) {
	x, err := p.sum()
	for err == nil {
		pos, not := p.tok.pos, false
		if p.tok.isKeyword("NOT") && p.peek().isKeyword("BETWEEN", "LIKE") {
			p.advance()
			not = true
		}
		switch {
		case p.tok.is(symbol, "<"), p.tok.is(symbol, "<="), p.tok.is(symbol, ">"), p.tok.is(symbol, ">="):
			b := &Binary{Op: p.tok.text, L: x, Pos: pos}
			b.R, err = p.right(p.sum)
			x = b
		case p.tok.isKeyword("BETWEEN"):
			x, err = p.between(x, not, pos)
		case p.tok.isKeyword("LIKE"):
			x, err = p.like(x, not, pos)
		default:
			return x, nil
		}
	}
	return nil, err
}

func (p *parser) between(x Expr, not bool, pos Pos) (Expr, error) {
	e := &Between{X: x, Not: not, Pos: pos}
	var err error
	if e.Low, err = p.right(p.sum); err != nil {
		return nil, err
	}
	if !p.tok.isKeyword("AND") {
		return nil, syntaxError("Expected AND keyword")
	}
	if p.peek().kind == endOfStatement {
		return nil, syntaxError("Expected expression after AND")
	}
	e.High, err = p.right(p.sum)
	return e, err
}

func (p *parser) like(x Expr, not bool, pos Pos) (Expr, error) {
	like := &Binary{Op: "LIKE", L: x, Pos: pos}
	var err error
	if like.R, err = p.right(p.sum); err != nil {
		return nil, err
	}
	if p.tok.isKeyword("ESCAPE") {
		if p.peek().kind == endOfStatement {
			return nil, syntaxError("Expected expression after ESCAPE")
		}
		p.refuse("Unsupported operator in Condition Expression. Operator: like")
		if _, err = p.right(p.sum); err != nil {
			return nil, err
		}
	}
	if not {
		return &Unary{Op: "NOT", X: like, Pos: pos}, nil
	}
	return like, nil
}

func (p *parser) is(x Expr) (Expr, error) {
	e := &Is{X: x, Pos: p.tok.pos}
	p.advance()
	e.Not = p.accept("NOT")
	if p.tok.kind != keyword || !dataTypes[p.tok.text] {
		return nil, syntaxError("Expected type name")
	}
	e.Type = p.tok.text
	p.advance()
	for first, second := range map[string]string{"DOUBLE": "PRECISION", "CHARACTER": "VARYING"} {
		if e.Type == first && p.accept(second) {
			e.Type += " " + second
		}
	}
	if e.Type == "DOUBLE" {
		return nil, syntaxError("Expected type name")
	}
	if p.tok.is(symbol, "(") { // the length of a CHAR, the precision of a DECIMAL
		p.advance()
		if _, err := p.elements(")"); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func (p *parser) sum() (Expr, error) {
	return p.arithmetic(p.product, "+", "-", "||")
}

func (p *parser) product() (Expr, error) {
	return p.arithmetic(p.sign, "*", "/", "%")
}

func (p *parser) arithmetic(operand func() (Expr, error), operators ...string) (Expr, error) {
	x, err := operand()
	for err == nil && p.tok.kind == symbol && slices.Contains(operators, p.tok.text) {
		b := &Binary{Op: p.tok.text, L: x, Pos: p.tok.pos}
		b.R, err = p.right(operand)
		x = b
	}
	return x, err
}
