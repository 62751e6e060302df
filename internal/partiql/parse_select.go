package partiql

// selection reads SELECT projection FROM source [WHERE …] [ORDER BY …].
func (p *parser) selection() (*Select, error) {
	first, within := p.params, p.stage
	defer func() { p.stage = within }()
	p.advance()
	s := &Select{}
	if p.accept("DISTINCT") {
		p.refuseClause("Unsupported token in expression: DISTINCT")
	} else {
		_ = p.accept("ALL")
	}
	p.stage = inProjection
	if err := p.projection(s); err != nil {
		return nil, err
	}
	if !p.accept("FROM") {
		return nil, syntaxError("Expected FROM after SELECT list")
	}
	p.stage = inSource
	var err error
	if s.From, err = p.sources(); err != nil {
		return nil, err
	}
	p.stage = inRest
	if s.Where, err = p.where(); err != nil {
		return nil, err
	}
	if s.Order, err = p.order(); err != nil {
		return nil, err
	}
	s.params = p.params - first
	return s, p.unsupportedClauses()
}

// unsupportedClauses reads GROUP BY, HAVING and LIMIT, which the service knows and refuses. Within an expression it knows no LIMIT, and
// misses the parenthesis (a database tool that wraps what it browses met "Expected RIGHT_PAREN").
func (p *parser) unsupportedClauses() error {
	if p.accept("GROUP") {
		_ = p.accept("PARTIAL")
		if !isBy(p.tok) {
			return syntaxError("Expected BY")
		}
		p.advance()
		if _, err := p.expressions(); err != nil {
			return err
		}
		p.refuseClause("Unsupported clause: GROUP BY")
	}
	for _, clause := range [...]string{"HAVING", "LIMIT"} {
		if clause == "LIMIT" && p.within > 0 || !p.accept(clause) {
			continue
		}
		x, err := p.expression()
		if err != nil {
			return err
		}
		p.refuseClause("Unsupported clause: %s at %s", clause, x.Position())
	}
	return nil
}

func isBy(t token) bool { return t.isKeyword("BY") }

// projection reads what stands between SELECT and FROM.
func (p *parser) projection(s *Select) error {
	if p.accept("VALUE") {
		p.refuse("Select projection doesn't support value or pivot keywords")
		_, err := p.expression()
		return err
	}
	stars, items := 0, 0
	for {
		items++
		if p.acceptSymbol("*") {
			stars++
		} else if err := p.column(s); err != nil {
			return err
		}
		if !p.acceptSymbol(",") {
			break
		}
	}
	if stars > 0 && items > 1 {
		return syntaxError("Other expressions may not be present in the select list when '*' is used without dot notation.")
	}
	return nil
}

// column reads one member of a projection.
func (p *parser) column(s *Select) error {
	x, err := p.expression()
	if err != nil {
		return err
	}
	path, ok := x.(*Path)
	switch {
	case !ok:
		p.refuse("Unexpected path component at %s", x.Position())
	default:
		if err := checkStars(path.Parts); err != nil {
			return err
		}
		if path.hasStar() {
			p.refuse("Changing item's hierarchy while reading isn't supported")
		}
		s.Paths = append(s.Paths, path)
	}
	return p.alias()
}

// checkStars refuses stars within a projected path, but a .* at its end.
func checkStars(parts []Part) error {
	last := len(parts) - 1
	indexed := false
	for i, part := range parts {
		indexed = indexed || part.bracket
		if part.star && (part.bracket || i < last) {
			return syntaxError("Invalid use of * in select list")
		}
	}
	if parts[last].star && indexed {
		return syntaxError("Cannot use [] and * together in SELECT list expression")
	}
	return nil
}

// alias reads a name given to a source or a projection, which the service refuses.
func (p *parser) alias() error {
	for _, word := range [...]string{"AS", "AT", "BY"} {
		given := p.accept(word)
		if p.tok.kind == name || p.tok.kind == quotedName {
			if given || word == "AS" {
				p.refuse("Aliasing is not supported")
				p.advance()
			}
		} else if given {
			return syntaxError("Expected identifier for %s-alias", word)
		}
	}
	return nil
}

// sources reads what stands behind FROM: one table or index, or several, which is refused.
func (p *parser) sources() (Source, error) {
	s, err := p.source()
	if err != nil {
		return s, err
	}
	for {
		on, more := p.join()
		if !more {
			return s, nil
		}
		p.refuse("Only select from a single table or index is supported.")
		if _, err := p.source(); err != nil {
			return s, err
		}
		if !on {
			continue
		}
		if !p.accept("ON") {
			return s, syntaxError("Expected 'ON'")
		}
		if _, err := p.expression(); err != nil {
			return s, err
		}
	}
}

// join passes over a comma or the words of a join. on says that a condition must follow the next source.
func (p *parser) join() (on, more bool) {
	if p.acceptSymbol(",") {
		return false, true
	}
	from, cross := p.at, false
	for p.tok.isKeyword("INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS") {
		cross = cross || p.tok.text == "CROSS"
		p.advance()
	}
	if p.accept("JOIN") {
		return !cross, true
	}
	p.at, p.tok = from, p.tokens[from]
	return false, false
}

// source reads a table or a table with an index: t, "t"."i".
func (p *parser) source() (Source, error) {
	if p.accept("UNPIVOT") {
		p.refuse("Only select from a single table or index is supported.")
	}
	x, err := p.expression()
	if err != nil {
		return Source{}, err
	}
	if err := p.alias(); err != nil { // which is refused before what has it
		return Source{}, err
	}
	return p.sourceOf(x), nil
}

// sourceOf makes a source of an expression, if it is the path of a table or an index.
func (p *parser) sourceOf(x Expr) Source {
	path, ok := x.(*Path)
	if !ok {
		p.refuse("Unexpected from source")
		return Source{}
	}
	s := Source{Table: path.Parts[0].Name, Pos: path.Pos}
	if len(path.Parts) > 2 {
		p.refuse("A path may contain at most 2 components in the FROM clause")
	}
	for _, part := range path.Parts {
		if part.IsIndex || part.star {
			p.refuse("Invalid list expression in source.")
		} else if part.Name == "" {
			p.refuse("Path component cannot be an empty string")
		}
	}
	if len(path.Parts) > 1 {
		s.Index = path.Parts[1].Name
	}
	return s
}

// where reads a WHERE clause, if there is one.
func (p *parser) where() (Expr, error) {
	if !p.accept("WHERE") {
		return nil, nil
	}
	return p.expression()
}

func (p *parser) order() ([]Order, error) {
	if !p.accept("ORDER") {
		return nil, nil
	}
	if !isBy(p.tok) {
		return nil, syntaxError("Expected BY")
	}
	p.advance()
	var order []Order
	for {
		x, err := p.expression()
		if err != nil {
			return nil, err
		}
		o := Order{By: x, Desc: p.tok.isKeyword("DESC")}
		if p.tok.isKeyword("ASC", "DESC") {
			p.advance()
		}
		// Keys are never null, so it makes no difference (taken in eu-west-2: source of nubo-db/dynoxide 3.2).
		if p.tok.isKeyword("NULLS") && p.peek().isKeyword("FIRST", "LAST") {
			p.advance()
			p.advance()
		}
		order = append(order, o)
		if !p.acceptSymbol(",") {
			return order, nil
		}
	}
}
