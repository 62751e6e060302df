package partiql

// insertion reads INSERT INTO table VALUE {…}.
func (p *parser) insertion() (Statement, error) {
	at := p.tok.pos
	if !p.peek().isKeyword("INTO") {
		return nil, syntaxError("Unexpected keyword")
	}
	p.advance()
	p.advance()
	p.stage = inSource
	path, err := p.simplePath()
	if err != nil {
		return nil, err
	}
	s := &Insert{Into: Source{Table: path.Parts[0].Name, Pos: path.Pos}}
	if len(path.Parts) > 1 {
		p.refuse("FROM clause may only contain a single table name in data manipulation statements at %s", path.Pos)
	}
	p.stage = inRest
	if !p.accept("VALUE") {
		if _, err := p.expression(); err != nil {
			return nil, err
		}
		p.refuse("Unsupported operation: InsertOp")
		return s, nil
	}
	if s.Value, err = p.expression(); err != nil {
		return nil, err
	}
	if err := p.unsupportedInInsert(at); err != nil {
		return nil, err
	}
	s.params = p.params
	return s, nil
}

// unsupportedInInsert reads what may follow the value and is refused. at is where the statement begins.
func (p *parser) unsupportedInInsert(at Pos) error {
	if p.accept("AT") {
		p.refuseClause("AT is not supported in insert statements. at %s", at)
		if _, err := p.expression(); err != nil {
			return err
		}
	}
	if p.tok.isKeyword("ON") && p.peek().isKeyword("CONFLICT") {
		p.advance()
		p.advance()
		if !p.accept("WHERE") {
			return syntaxError("invalid ON CONFLICT syntax")
		}
		if _, err := p.expression(); err != nil {
			return err
		}
		if !p.accept("DO") || p.tok.text != "NOTHING" && p.tok.kind != name {
			return syntaxError("invalid ON CONFLICT syntax")
		}
		p.advance()
		p.refuseClause("Unsupported clause: ON CONFLICT")
	}
	returning, _, err := p.returning()
	if returning {
		p.refuseClause("RETURNING is not supported in INSERT")
	}
	return err
}

// update reads UPDATE table SET … REMOVE … [WHERE …] [RETURNING …], and the older FROM table WHERE … SET ….
func (p *parser) update() (Statement, error) {
	from := p.tok.isKeyword("FROM")
	p.advance()
	s := &Update{}
	var err error
	p.stage = inSource
	if from {
		s.Table, err = p.sources()
		p.unlessIndex(s.Table)
	} else {
		s.Table, err = p.target()
	}
	if err != nil {
		return nil, err
	}
	p.stage = inRest
	if from {
		if s.Where, err = p.where(); err != nil {
			return nil, err
		}
	}
	if s.Actions, err = p.actions(); err != nil {
		return nil, err
	}
	if !from {
		if s.Where, err = p.where(); err != nil {
			return nil, err
		}
	}
	if _, s.Returning, err = p.returning(); err != nil {
		return nil, err
	}
	s.params = p.params
	return s, nil
}

// target reads the table of a write. It is a simple path and no expression: UPDATE a-b SET … is refused for the minus.
func (p *parser) target() (Source, error) {
	path, err := p.simplePath()
	if err != nil {
		return Source{}, err
	}
	s := p.sourceOf(path)
	p.unlessIndex(s)
	return s, p.alias()
}

func (p *parser) unlessIndex(s Source) {
	if s.Index != "" {
		p.refuse("This operation is not supported on an index")
	}
}

// actions reads SET and REMOVE clauses. SET takes several assignments, REMOVE one path.
func (p *parser) actions() ([]Action, error) {
	var actions []Action
	for {
		switch {
		case p.accept("REMOVE"):
			path, err := p.simplePath()
			if err != nil {
				return nil, err
			}
			actions = append(actions, Action{Target: path})
		case p.accept("SET"):
			assigned, err := p.assignments()
			if err != nil {
				return nil, err
			}
			actions = append(actions, assigned...)
		case len(actions) == 0:
			return nil, syntaxError("Expected data manipulation")
		default:
			return actions, nil
		}
	}
}

func (p *parser) assignments() ([]Action, error) {
	var list []Action
	for {
		path, err := p.simplePath()
		if err != nil {
			return nil, err
		}
		if !p.acceptSymbol("=") {
			return nil, syntaxError("Expected '='")
		}
		value, err := p.expression()
		if err != nil {
			return nil, err
		}
		list = append(list, Action{Target: path, Value: value})
		if !p.acceptSymbol(",") {
			return list, nil
		}
	}
}

// deletion reads DELETE FROM table [WHERE …] [RETURNING …].
func (p *parser) deletion() (Statement, error) {
	p.advance()
	if !p.accept("FROM") {
		return nil, syntaxError("Expected FROM after DELETE")
	}
	p.stage = inSource
	from, err := p.target()
	if err != nil {
		return nil, err
	}
	p.stage = inRest
	s := &Delete{From: from}
	if s.Where, err = p.where(); err != nil {
		return nil, err
	}
	if _, s.Returning, err = p.returning(); err != nil {
		return nil, err
	}
	s.params = p.params
	return s, nil
}

// existence reads EXISTS(SELECT …).
func (p *parser) existence() (Statement, error) {
	p.advance()
	if !p.peek().isKeyword("SELECT") {
		x, err := p.call(token{kind: name, text: "EXISTS"})
		if err == nil {
			p.refuseOperation(x)
		}
		return nil, err
	}
	p.advance()
	s, err := p.selection()
	if err != nil {
		return nil, err
	}
	return &Exists{Select: s}, p.expectSymbol(")")
}

// returning reads RETURNING (ALL | MODIFIED) (OLD | NEW) *. The service reads several of them, and columns in place of the
// star, and refuses both.
func (p *parser) returning() (there bool, r Returning, err error) {
	if !p.accept("RETURNING") {
		return false, r, nil
	}
	for i := 0; ; i++ {
		if i > 0 {
			p.refuseClause("Invalid syntax with multiple returning elements in RETURNING clause")
		}
		if r, err = p.returned(); err != nil || !p.acceptSymbol(",") {
			return true, r, err
		}
	}
}

func (p *parser) returned() (r Returning, err error) {
	if !p.tok.isKeyword("ALL", "MODIFIED") || !p.peek().isKeyword("OLD", "NEW") {
		return r, syntaxError("Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.")
	}
	modified := p.tok.text == "MODIFIED"
	p.advance()
	switch old := p.tok.text == "OLD"; {
	case modified && old:
		r = ModifiedOld
	case modified:
		r = ModifiedNew
	case old:
		r = AllOld
	default:
		r = AllNew
	}
	p.advance()
	if p.acceptSymbol("*") {
		return r, nil
	}
	x, err := p.expression()
	if err != nil {
		return r, err
	}
	switch x := x.(type) {
	case *Path:
		if len(x.Parts) > 2 {
			return r, syntaxError("More than two paths in RETURNING columns.")
		}
	case *Literal, *Missing:
	default:
		return r, syntaxError("Unsupported syntax in RETURNING columns.")
	}
	p.refuseClause("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause")
	return r, nil
}
