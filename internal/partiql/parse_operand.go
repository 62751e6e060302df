package partiql

import (
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// sign reads NOT or a sign before an operand; a sign before a number becomes part of the number.
func (p *parser) sign() (Expr, error) {
	t := p.tok
	not := t.isKeyword("NOT")
	if !not && !t.is(symbol, "-") && !t.is(symbol, "+") {
		return p.operand()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	p.advance()
	if not {
		x, err := p.equality()
		return &Unary{Op: "NOT", X: x, Pos: t.pos}, err
	}
	x, err := p.sign()
	if err != nil {
		return nil, err
	}
	lit, ok := x.(*Literal)
	if !ok || lit.Value.Kind != attr.N {
		return &Unary{Op: t.text, X: x, Pos: t.pos}, nil
	}
	if t.text == "+" || lit.Value.Str == "0" {
		return lit, nil
	}
	if lit.Value.Str[0] == '-' {
		lit.Value.Str = lit.Value.Str[1:]
	} else {
		lit.Value.Str = "-" + lit.Value.Str
	}
	return lit, nil
}

// operand reads a term and the path that leads on from it.
func (p *parser) operand() (Expr, error) {
	t := p.tok
	if t.is(symbol, "@") {
		p.advance()
		if t = p.tok; t.kind != name && t.kind != quotedName {
			return nil, syntaxError("Identifier must follow @-operator")
		}
	}
	if (t.kind == name || t.kind == quotedName) && !p.peek().is(symbol, "(") {
		return p.path(full)
	}
	x, err := p.term()
	if err != nil || !p.tok.is(symbol, ".") && !p.tok.is(symbol, "[") {
		return x, err
	}
	// Only an attribute has parts.
	p.refuse("Unexpected path component at %s", x.Position())
	return x, p.steps(&Path{Parts: []Part{{Name: "_"}}, Pos: x.Position()}, full)
}

// term reads a literal, a call, a collection or an expression in parentheses.
func (p *parser) term() (Expr, error) {
	t := p.tok
	switch t.kind {
	case text:
		p.advance()
		return &Literal{Value: attr.Value{Kind: attr.S, Str: t.text}, Pos: t.pos}, nil
	case number:
		return p.numeral(), nil
	case parameter:
		p.params++
		p.advance()
		return &Parameter{Index: p.params - 1, Pos: t.pos}, nil
	case ion:
		p.refuse("Ion Literals are not supported: %s under key root at %s", ionKind(t.text), t.pos)
		p.advance()
		return &Missing{Pos: t.pos}, nil
	case name, quotedName:
		p.advance()
		return p.call(t)
	case keyword:
		return p.keywordTerm()
	case symbol:
		switch t.text {
		case "{":
			return p.tuple()
		case "[":
			return p.elements("]")
		case "<<":
			l, err := p.elements(">>")
			if err != nil {
				return nil, err
			}
			return &Bag{Elems: l.Elems, Pos: l.Pos}, nil
		case "(":
			return p.parenthesized()
		case "=", "<>", "<", "<=", ">", ">=", "||", "/", "%":
			return nil, syntaxError("Unexpected operator")
		}
	}
	return nil, syntaxError("Unexpected term")
}

// keywordTerm reads what a keyword can begin: a literal or a function whose name is a keyword.
func (p *parser) keywordTerm() (Expr, error) {
	t := p.tok
	switch t.text {
	case "TRUE", "FALSE":
		p.advance()
		return &Literal{Value: attr.Value{Kind: attr.BOOL, Bool: t.text == "TRUE"}, Pos: t.pos}, nil
	case "NULL":
		p.advance()
		return &Literal{Value: attr.Value{Kind: attr.NULL, Bool: true}, Pos: t.pos}, nil
	case "MISSING":
		p.advance()
		return &Missing{Pos: t.pos}, nil
	case "SELECT":
		return p.selectWithin()
	case "CASE":
		return nil, refusal("Unsupported token in expression: %s at %s", t.text, t.pos)
	case "CAST":
		if !p.peek().is(symbol, "(") {
			return nil, syntaxError("Missing left parenthesis after CAST")
		}
		return nil, refusal("Unsupported token in expression: cast at %s", p.peek().pos)
	case "VALUES":
		return p.rows()
	case "FROM":
		return nil, p.fromWithin()
	case "AND", "OR", "IN", "IS", "BETWEEN", "LIKE", "UNION", "EXCEPT", "INTERSECT":
		return nil, syntaxError("Unexpected operator")
	case "DATE", "TIME":
		if p.peek().kind == text {
			return p.dateLiteral(t)
		}
	case "DATE_ADD", "DATE_DIFF", "EXTRACT":
		if p.peek().is(symbol, "(") {
			p.advance()
			return p.dateCall(t)
		}
	}
	if !callable[t.text] || !p.peek().is(symbol, "(") {
		return nil, syntaxError("Unexpected keyword")
	}
	p.advance()
	return p.call(t)
}

// fromWithin reads FROM where an operand should stand. It begins a change of data, which has no place there; mostly there is
// none.
func (p *parser) fromWithin() error {
	p.advance()
	if _, err := p.sources(); err != nil {
		return err
	}
	if _, err := p.where(); err != nil {
		return err
	}
	if _, err := p.actions(); err != nil {
		return err
	}
	return refusal("Unexpected from source")
}

// numeral reads a number as DynamoDB stores it: up to 38 digits, in normal form.
func (p *parser) numeral() Expr {
	t := p.tok
	normal, err := attr.NormalizeNumber(t.text)
	if err != nil {
		message := err.Error()
		if strings.Contains(message, "38 significant digits") {
			message = "DynamoDB only supports precision up to 38 digits"
		}
		p.refuse("%s", message)
		normal = "0"
	}
	p.advance()
	return &Literal{Value: attr.Value{Kind: attr.N, Str: normal}, Pos: t.pos}
}

// call reads the arguments of a function; its name is passed.
func (p *parser) call(t token) (Expr, error) {
	c := &Call{Name: t.text, Pos: t.pos}
	if t.kind == keyword {
		c.Name = t.raw
	}
	p.advance()
	lower := strings.ToLower(c.Name)
	if p.tok.is(symbol, "*") {
		if lower != "count" {
			return nil, syntaxError("%s(*) is not allowed", lower)
		}
		p.advance()
		c.Star = true
		return c, p.expectSymbol(")")
	}
	aggregate := t.kind == keyword && aggregates[t.text]
	if !p.acceptSymbol(")") {
		if aggregate && p.tok.isKeyword("DISTINCT", "ALL") {
			p.advance()
		}
		var err error
		if c.Args, err = p.expressions(); err != nil {
			return nil, err
		}
		if err := p.expectSymbol(")"); err != nil {
			return nil, err
		}
	}
	if aggregate && len(c.Args) != 1 {
		return nil, syntaxError("Aggregate functions are always unary")
	}
	return c, nil
}

// ionKind is what the service calls the type of an Ion literal.
func ionKind(literal string) string {
	s := strings.TrimSpace(literal)
	digits := strings.TrimLeft(s, "+-0123456789")
	switch {
	case s == "":
		return "SYMBOL"
	case s == "true", s == "false":
		return "BOOL"
	case strings.HasPrefix(s, "null"):
		return "NULL"
	case strings.HasPrefix(s, "{{"):
		return "BLOB"
	case strings.IndexByte(`"[({`, s[0]) >= 0:
		return map[byte]string{'"': "STRING", '[': "LIST", '(': "SEXP", '{': "STRUCT"}[s[0]]
	case digits == s:
		return "SYMBOL"
	case digits == "":
		return "INT"
	case strings.Contains(s, "T"):
		return "TIMESTAMP"
	case strings.ContainsAny(digits, "eE"):
		return "FLOAT"
	}
	return "DECIMAL"
}

// selectWithin reads a SELECT within an expression, which the service can read and does not carry out: where it stands for a source or a column, that is
// what is refused.
func (p *parser) selectWithin() (Expr, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	pos, refused, worst := p.tok.pos, p.refused, p.worst
	p.within++
	_, err := p.selection()
	p.within--
	if err != nil {
		return nil, err
	}
	p.refused, p.worst = refused, worst
	if p.stage != inSource && p.stage != inProjection {
		p.refuse("Unsupported token in expression: SELECT at %s", pos)
	}
	return &Missing{Pos: pos}, nil
}
