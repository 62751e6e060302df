package partiql

import (
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
)

// expression reads a whole expression. From loosest to tightest: OR, AND, NOT, comparisons, ||, + and -, * / and %,
// signs.
func (p *parser) expression() (Expr, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, syntaxError("The expression is nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	return p.leftAssociative("OR", p.conjunction)
}

func (p *parser) conjunction() (Expr, error) { return p.leftAssociative("AND", p.negation) }

// leftAssociative reads x OP x OP … for a keyword operator.
func (p *parser) leftAssociative(op string, operand func() (Expr, error)) (Expr, error) {
	x, err := operand()
	for err == nil && p.tok.isKeyword(op) {
		b := &Binary{Op: op, L: x, Pos: p.tok.pos}
		if err = p.advance(); err != nil {
			break
		}
		b.R, err = operand()
		x = b
	}
	return x, err
}

func (p *parser) negation() (Expr, error) {
	if !p.tok.isKeyword("NOT") {
		return p.comparison()
	}
	if p.depth++; p.depth > maxDepth {
		return nil, syntaxError("The expression is nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	not := &Unary{Op: "NOT", Pos: p.tok.pos}
	if err := p.advance(); err != nil {
		return nil, err
	}
	var err error
	not.X, err = p.negation()
	return not, err
}

// comparison reads x = y and its like, x IS …, x [NOT] IN …, x [NOT] BETWEEN …, x [NOT] LIKE ….
func (p *parser) comparison() (Expr, error) {
	x, err := p.sum()
	for err == nil {
		pos := p.tok.pos
		switch {
		case p.tok.kind == symbol && isComparison(p.tok.text):
			b := &Binary{Op: p.tok.text, L: x, Pos: pos}
			if err = p.advance(); err == nil {
				b.R, err = p.sum()
			}
			x = b
		case p.tok.isKeyword("IS"):
			x, err = p.is(x)
		case p.tok.isKeyword("IN", "BETWEEN", "LIKE"):
			x, err = p.membership(x, false)
		case p.tok.isKeyword("NOT"):
			if err = p.advance(); err != nil {
				break
			}
			if !p.tok.isKeyword("IN", "BETWEEN", "LIKE") {
				return nil, syntaxError("Unexpected keyword NOT at %s", pos)
			}
			x, err = p.membership(x, true)
		default:
			return x, nil
		}
	}
	return nil, err
}

func isComparison(op string) bool {
	switch op {
	case "=", "<>", "<", "<=", ">", ">=":
		return true
	}
	return false
}

func (p *parser) is(x Expr) (Expr, error) {
	e := &Is{X: x, Pos: p.tok.pos}
	err := p.advance()
	if err != nil {
		return nil, err
	}
	if e.Not, err = p.accept("NOT"); err != nil {
		return nil, err
	}
	if p.tok.kind != keyword || !dataTypes[p.tok.text] {
		return nil, syntaxError("Expected a type after IS")
	}
	e.Type = p.tok.text
	return e, p.advance()
}

func (p *parser) membership(x Expr, not bool) (Expr, error) {
	op, pos := p.tok.text, p.tok.pos
	err := p.advance()
	if err != nil {
		return nil, err
	}
	switch op {
	case "IN":
		e := &In{X: x, Not: not, Pos: pos}
		if p.tok.is(symbol, "(") {
			e.Set, err = p.sequence("(", ")")
		} else {
			e.Set, err = p.sum()
		}
		return e, err
	case "BETWEEN":
		e := &Between{X: x, Not: not, Pos: pos}
		if e.Low, err = p.sum(); err != nil {
			return nil, err
		}
		if err = p.expect("AND"); err != nil {
			return nil, err
		}
		e.High, err = p.sum()
		return e, err
	}
	like := &Binary{Op: "LIKE", L: x, Pos: pos}
	if like.R, err = p.sum(); err != nil {
		return nil, err
	}
	if not {
		return &Unary{Op: "NOT", X: like, Pos: pos}, nil
	}
	return like, nil
}

// arithmetic operators by how tightly they bind, loosest first.
var arithmetic = [...][]string{{"||"}, {"+", "-"}, {"*", "/", "%"}}

func (p *parser) sum() (Expr, error) { return p.binary(0) }

func (p *parser) binary(level int) (Expr, error) {
	if level == len(arithmetic) {
		return p.sign()
	}
	x, err := p.binary(level + 1)
	for err == nil && p.tok.kind == symbol && contains(arithmetic[level], p.tok.text) {
		b := &Binary{Op: p.tok.text, L: x, Pos: p.tok.pos}
		if err = p.advance(); err != nil {
			break
		}
		b.R, err = p.binary(level + 1)
		x = b
	}
	return x, err
}

func contains(list []string, s string) bool {
	return slices.Contains(list, s)
}

// sign reads a sign before an operand; before a number it becomes part of the number.
func (p *parser) sign() (Expr, error) {
	if !p.tok.is(symbol, "-") && !p.tok.is(symbol, "+") {
		return p.operand()
	}
	if p.depth++; p.depth > maxDepth {
		return nil, syntaxError("The expression is nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	op, pos := p.tok.text, p.tok.pos
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.sign()
	if err != nil {
		return nil, err
	}
	lit, ok := x.(*Literal)
	if !ok || lit.Value.Kind != attr.N {
		return &Unary{Op: op, X: x, Pos: pos}, nil
	}
	if op == "+" || lit.Value.Str == "0" {
		return lit, nil
	}
	if lit.Value.Str[0] == '-' {
		lit.Value.Str = lit.Value.Str[1:]
	} else {
		lit.Value.Str = "-" + lit.Value.Str
	}
	return lit, nil
}

// operand reads a literal, a path, a call, a collection or an expression in parentheses.
func (p *parser) operand() (Expr, error) {
	t := p.tok
	switch t.kind {
	case text:
		return &Literal{Value: attr.Value{Kind: attr.S, Str: t.text}, Pos: t.pos}, p.advance()
	case number:
		return p.numeral()
	case parameter:
		p.params++
		return &Parameter{Index: p.params - 1, Pos: t.pos}, p.advance()
	case ion:
		p.refuse("Ion Literals are not supported: SYMBOL under key root at %s", t.pos)
		return &Missing{Pos: t.pos}, p.advance()
	case name, quotedName:
		return p.pathOrCall()
	case keyword:
		return p.keywordOperand()
	case symbol:
		switch t.text {
		case "{":
			return p.tuple()
		case "[":
			return p.list("[", "]")
		case "<<":
			return p.bag()
		case "(":
			return p.parenthesized()
		case "@":
			if err := p.advance(); err != nil {
				return nil, err
			}
			return p.simplePathExpr()
		}
	}
	if t.kind == endOfStatement {
		return nil, syntaxError("Unexpected end of statement")
	}
	return nil, syntaxError("Unexpected term")
}

// keywordOperand reads what a keyword can begin: a literal or a function whose name is a keyword.
func (p *parser) keywordOperand() (Expr, error) {
	t := p.tok
	switch t.text {
	case "TRUE", "FALSE":
		return &Literal{Value: attr.Value{Kind: attr.BOOL, Bool: t.text == "TRUE"}, Pos: t.pos}, p.advance()
	case "NULL":
		return &Literal{Value: attr.Value{Kind: attr.NULL, Bool: true}, Pos: t.pos}, p.advance()
	case "MISSING":
		return &Missing{Pos: t.pos}, p.advance()
	case "SELECT", "CASE":
		return nil, refusal("Unsupported token in expression: %s at %s", t.text, t.pos)
	case "CAST":
		return nil, refusal("Unsupported token in expression: cast at %s", t.pos)
	}
	if !callable[t.text] {
		return nil, syntaxError("Unexpected keyword")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if !p.tok.is(symbol, "(") {
		return nil, syntaxError("Unexpected keyword")
	}
	return p.call(t)
}

// numeral reads a number as DynamoDB stores it: up to 38 digits, in normal form.
func (p *parser) numeral() (Expr, error) {
	t := p.tok
	normal, err := attr.NormalizeNumber(t.text)
	if err != nil {
		p.refuse("%s", err.Error())
		normal = "0"
	}
	return &Literal{Value: attr.Value{Kind: attr.N, Str: normal}, Pos: t.pos}, p.advance()
}

func (p *parser) parenthesized() (Expr, error) {
	pos := p.tok.pos
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.expression()
	if err != nil {
		return nil, err
	}
	if !p.tok.is(symbol, ",") {
		return x, p.expectSymbol(")")
	}
	l := &List{Elems: []Expr{x}, Pos: pos}
	if err := p.advance(); err != nil {
		return nil, err
	}
	rest, err := p.expressions()
	l.Elems = append(l.Elems, rest...)
	if err != nil {
		return nil, err
	}
	return l, p.expectSymbol(")")
}

// expressions reads one expression or several with commas between.
func (p *parser) expressions() ([]Expr, error) {
	var list []Expr
	for {
		x, err := p.expression()
		if err != nil {
			return nil, err
		}
		list = append(list, x)
		if more, err := p.acceptSymbol(","); !more || err != nil {
			return list, err
		}
	}
}

// sequence reads the bracketed members of a list.
func (p *parser) sequence(open, closing string) (*List, error) {
	l := &List{Pos: p.tok.pos}
	if err := p.expectSymbol(open); err != nil {
		return nil, err
	}
	if empty, err := p.acceptSymbol(closing); empty || err != nil {
		return l, err
	}
	var err error
	if l.Elems, err = p.expressions(); err != nil {
		return nil, err
	}
	return l, p.expectSymbol(closing)
}

func (p *parser) list(open, closing string) (Expr, error) {
	l, err := p.sequence(open, closing)
	return l, err
}

func (p *parser) bag() (Expr, error) {
	l, err := p.sequence("<<", ">>")
	if err != nil {
		return nil, err
	}
	return &Bag{Elems: l.Elems, Pos: l.Pos}, nil
}

func (p *parser) tuple() (Expr, error) {
	t := &Tuple{Pos: p.tok.pos}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if empty, err := p.acceptSymbol("}"); empty || err != nil {
		return t, err
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
		if more, err := p.acceptSymbol(","); err != nil {
			return nil, err
		} else if !more {
			return t, p.expectSymbol("}")
		}
	}
}

// pathOrCall reads a name and what follows it: arguments in parentheses, or further parts of a path.
func (p *parser) pathOrCall() (Expr, error) {
	t := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.is(symbol, "(") {
		return p.call(t)
	}
	return p.path(t)
}

func (p *parser) call(t token) (Expr, error) {
	c := &Call{Name: t.text, Pos: t.pos}
	if t.kind == keyword {
		c.Name = t.raw
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if star, err := p.acceptSymbol("*"); err != nil {
		return nil, err
	} else if star {
		c.Star = true
		return c, p.expectSymbol(")")
	}
	if empty, err := p.acceptSymbol(")"); empty || err != nil {
		return c, err
	}
	var err error
	if c.Args, err = p.expressions(); err != nil {
		return nil, err
	}
	return c, p.expectSymbol(")")
}

// simplePath reads a path where nothing else may stand: the target of a SET, the table of an UPDATE.
func (p *parser) simplePath() (*Path, error) {
	if p.tok.kind != name && p.tok.kind != quotedName {
		return nil, syntaxError("Expected identifier for simple path")
	}
	t := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	return p.path(t)
}

func (p *parser) simplePathExpr() (Expr, error) {
	path, err := p.simplePath()
	return path, err
}

// path reads the parts behind the first: .name, ."name", [0], ['name'].
func (p *parser) path(first token) (*Path, error) {
	path := &Path{Parts: []Part{{Name: first.text, Pos: first.pos}}, Pos: first.pos}
	if first.text == "" {
		p.refuse("Path component cannot be an empty string")
	}
	for {
		if dot, err := p.acceptSymbol("."); err != nil {
			return nil, err
		} else if dot {
			if err := p.dotted(path); err != nil {
				return nil, err
			}
			continue
		}
		if open, err := p.acceptSymbol("["); err != nil {
			return nil, err
		} else if !open {
			return path, nil
		}
		if err := p.subscript(path); err != nil {
			return nil, err
		}
	}
}

func (p *parser) dotted(path *Path) error {
	switch t := p.tok; {
	case t.kind == name, t.kind == quotedName:
		path.Parts = append(path.Parts, Part{Name: t.text, Pos: t.pos})
	case t.is(symbol, "*"):
		p.refuse("Changing item's hierarchy while reading isn't supported")
	default:
		return syntaxError("Invalid path dot component")
	}
	return p.advance()
}

func (p *parser) subscript(path *Path) error {
	if p.tok.is(symbol, "*") {
		return syntaxError("Invalid path component")
	}
	x, err := p.expression()
	if err != nil {
		return err
	}
	part := Part{Pos: x.Position()}
	switch lit, _ := x.(*Literal); {
	case lit != nil && lit.Value.Kind == attr.S:
		part.Name = lit.Value.Str
	case lit != nil && lit.Value.Kind == attr.N:
		index, err := strconv.Atoi(lit.Value.Str)
		if err != nil {
			p.refuse("Unexpected path component at %s", part.Pos)
		} else if index < 0 {
			p.refuse("List index is not within the allowable range; index: [%d] at %s", index, part.Pos)
		}
		part.Index, part.IsIndex = index, true
	default:
		p.refuse("Unexpected path component at %s", part.Pos)
	}
	path.Parts = append(path.Parts, part)
	return p.expectSymbol("]")
}
