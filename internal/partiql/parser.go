package partiql

// MaxLength is the longest statement the service takes, in characters. Source: API reference, ExecuteStatement.
const MaxLength = 8192

// maxDepth bounds the nesting of an expression, so that no statement exhausts the stack.
const maxDepth = 300

// Parse reads one statement, with or without a semicolon behind it. Its error is an *Error.
func Parse(statement string) (Statement, error) {
	p := &parser{scan: scanner{src: statement, line: 1, col: 1}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	s, err := p.statement()
	if err != nil {
		return nil, err
	}
	if p.tok.is(symbol, ";") {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if p.tok.kind != endOfStatement {
		return nil, syntaxError("Unexpected token after expression")
	}
	if p.refused != nil {
		return nil, p.refused
	}
	return s, nil
}

// parser is a recursive descent over the tokens, one ahead.
type parser struct {
	scan   scanner
	tok    token
	params int
	depth  int
	// refused is the first thing in a readable statement that the service does not do. It waits until the rest has been
	// read, because a statement that cannot be read at all is reported as that first.
	refused error
}

func (p *parser) advance() (err error) {
	p.tok, err = p.scan.next()
	return err
}

func (p *parser) refuse(format string, args ...any) {
	if p.refused == nil {
		p.refused = refusal(format, args...)
	}
}

// accept passes over a keyword if it is there.
func (p *parser) accept(word string) (bool, error) {
	if !p.tok.isKeyword(word) {
		return false, nil
	}
	return true, p.advance()
}

// expect passes over a keyword or reports that it isn't there.
func (p *parser) expect(word string) error {
	if !p.tok.isKeyword(word) {
		return syntaxError("Expected %s", word)
	}
	return p.advance()
}

// acceptSymbol passes over a symbol if it is there.
func (p *parser) acceptSymbol(sym string) (bool, error) {
	if !p.tok.is(symbol, sym) {
		return false, nil
	}
	return true, p.advance()
}

func (p *parser) expectSymbol(sym string) error {
	if !p.tok.is(symbol, sym) {
		return syntaxError("Expected %s", sym)
	}
	return p.advance()
}

func (p *parser) statement() (Statement, error) {
	switch {
	case p.tok.isKeyword("SELECT"):
		s, err := p.selection()
		return s, err
	case p.tok.isKeyword("INSERT"):
		return p.insertion()
	case p.tok.isKeyword("UPDATE", "FROM"):
		return p.update()
	case p.tok.isKeyword("DELETE"):
		return p.deletion()
	case p.tok.isKeyword("EXISTS"):
		return p.existence()
	case p.tok.isKeyword("CREATE"):
		return nil, refusal("Unsupported operation: CreateTable")
	case p.tok.isKeyword("DROP"):
		return nil, refusal("Unsupported operation: DropTable")
	}
	return nil, syntaxError("Expected data manipulation")
}

// selection reads SELECT projection FROM source [WHERE …] [ORDER BY …].
func (p *parser) selection() (*Select, error) {
	first := p.params
	if err := p.advance(); err != nil {
		return nil, err
	}
	s := &Select{}
	if err := p.projection(s); err != nil {
		return nil, err
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	var err error
	if s.From, err = p.source(true); err != nil {
		return nil, err
	}
	if s.Where, err = p.where(); err != nil {
		return nil, err
	}
	if err := p.unsupportedClauses(); err != nil {
		return nil, err
	}
	if s.Order, err = p.order(); err != nil {
		return nil, err
	}
	if p.tok.isKeyword("LIMIT") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		limit, err := p.expression()
		if err != nil {
			return nil, err
		}
		p.refuse("Unsupported clause: LIMIT at %s", limit.Position())
	}
	s.params = p.params - first
	return s, nil
}

// unsupportedClauses reads GROUP BY and HAVING, which the service knows and refuses.
func (p *parser) unsupportedClauses() error {
	for p.tok.isKeyword("GROUP", "HAVING") {
		clause := p.tok.text
		if err := p.advance(); err != nil {
			return err
		}
		if clause == "GROUP" {
			clause = "GROUP BY"
			if err := p.expect("BY"); err != nil {
				return err
			}
		}
		p.refuse("Unsupported clause: %s", clause)
		if _, err := p.expressions(); err != nil {
			return err
		}
	}
	return nil
}

// projection reads what stands between SELECT and FROM.
func (p *parser) projection(s *Select) error {
	switch {
	case p.tok.isKeyword("DISTINCT"):
		p.refuse("Unsupported token in expression: DISTINCT")
		if err := p.advance(); err != nil {
			return err
		}
	case p.tok.isKeyword("ALL"):
		if err := p.advance(); err != nil {
			return err
		}
	}
	if p.tok.isKeyword("VALUE", "PIVOT") {
		p.refuse("Select projection doesn't support value or pivot keywords")
		if err := p.advance(); err != nil {
			return err
		}
	}
	if star, err := p.acceptSymbol("*"); star || err != nil {
		return err
	}
	for {
		x, err := p.expression()
		if err != nil {
			return err
		}
		if path, ok := x.(*Path); ok {
			s.Paths = append(s.Paths, path)
		} else {
			p.refuse("Unexpected path component at %s", x.Position())
		}
		if err := p.alias(); err != nil {
			return err
		}
		if more, err := p.acceptSymbol(","); !more || err != nil {
			return err
		}
	}
}

// alias reads a name given to a source or a projection, which the service refuses.
func (p *parser) alias() error {
	as, err := p.accept("AS")
	if err != nil {
		return err
	}
	if p.tok.kind == name || p.tok.kind == quotedName {
		p.refuse("Aliasing is not supported")
		return p.advance()
	}
	if as {
		return syntaxError("Expected identifier for alias")
	}
	return nil
}

// source reads a table or a table with an index: t, "t"."i".
func (p *parser) source(reading bool) (Source, error) {
	pos := p.tok.pos
	x, err := p.expression()
	if err != nil {
		return Source{}, err
	}
	path, ok := x.(*Path)
	if !ok || len(path.Parts) > 2 || path.Parts[len(path.Parts)-1].IsIndex {
		p.refuse("Unexpected from source")
		return Source{}, nil
	}
	s := Source{Table: path.Parts[0].Name, Pos: pos}
	if len(path.Parts) == 2 {
		s.Index = path.Parts[1].Name
	}
	if !reading {
		return s, nil
	}
	if err := p.alias(); err != nil {
		return Source{}, err
	}
	for p.tok.is(symbol, ",") {
		p.refuse("Only select from a single table or index is supported.")
		if err := p.advance(); err != nil {
			return Source{}, err
		}
		if _, err := p.expression(); err != nil {
			return Source{}, err
		}
	}
	return s, nil
}

// where reads a WHERE clause, if there is one.
func (p *parser) where() (Expr, error) {
	if there, err := p.accept("WHERE"); !there || err != nil {
		return nil, err
	}
	return p.expression()
}

func (p *parser) order() ([]Order, error) {
	if there, err := p.accept("ORDER"); !there || err != nil {
		return nil, err
	}
	if err := p.expect("BY"); err != nil {
		return nil, err
	}
	var order []Order
	for {
		x, err := p.expression()
		if err != nil {
			return nil, err
		}
		path, ok := x.(*Path)
		if !ok {
			p.refuse("Unsupported expression in ORDER BY clause at %s", x.Position())
			path = &Path{Parts: []Part{{Name: x.Token()}}, Pos: x.Position()}
		}
		o := Order{By: path, Desc: p.tok.isKeyword("DESC")}
		if p.tok.isKeyword("ASC", "DESC") {
			if err := p.advance(); err != nil {
				return nil, err
			}
		}
		order = append(order, o)
		if more, err := p.acceptSymbol(","); !more || err != nil {
			return order, err
		}
	}
}
