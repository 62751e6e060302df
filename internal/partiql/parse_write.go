package partiql

// insertion reads INSERT INTO table VALUE {…}.
func (p *parser) insertion() (Statement, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect("INTO"); err != nil {
		return nil, err
	}
	into, err := p.source(false)
	if err != nil {
		return nil, err
	}
	if into.Index != "" {
		p.refuse("FROM clause may only contain a single table name in data manipulation statements")
	}
	if value, err := p.accept("VALUE"); err != nil {
		return nil, err
	} else if !value {
		return nil, p.insertionOfMany()
	}
	s := &Insert{Into: into}
	if s.Value, err = p.expression(); err != nil {
		return nil, err
	}
	if returning, _, err := p.returning(); err != nil {
		return nil, err
	} else if returning {
		p.refuse("RETURNING is not supported in INSERT")
	}
	s.params = p.params
	return s, nil
}

// insertionOfMany reads the forms of INSERT that take several items, and reports that the service takes one.
func (p *parser) insertionOfMany() error {
	if values, err := p.accept("VALUES"); err != nil {
		return err
	} else if values && !p.tok.is(symbol, "(") {
		return syntaxError("Expected ( after VALUES")
	}
	if _, err := p.expressions(); err != nil {
		return err
	}
	p.refuse("Unsupported operation: InsertOp")
	if p.tok.kind != endOfStatement {
		return syntaxError("Unexpected token after expression")
	}
	return p.refused
}

// update reads UPDATE table SET … REMOVE … [WHERE …] [RETURNING …], and the older FROM table WHERE … SET ….
func (p *parser) update() (Statement, error) {
	from := p.tok.isKeyword("FROM")
	if err := p.advance(); err != nil {
		return nil, err
	}
	// The table is a simple path and no expression: UPDATE a-b SET … is refused for the minus.
	path, err := p.simplePath()
	if err != nil {
		return nil, err
	}
	s := &Update{Table: p.single(path)}
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

// single makes the source of a write of a path.
func (p *parser) single(path *Path) Source {
	s := Source{Table: path.Parts[0].Name, Pos: path.Pos}
	switch last := path.Parts[len(path.Parts)-1]; {
	case len(path.Parts) > 2 || last.IsIndex:
		p.refuse("Unexpected from source")
	case len(path.Parts) == 2:
		s.Index = last.Name
		p.refuse("This operation is not supported on an index")
	}
	return s
}

// actions reads SET and REMOVE clauses. SET takes several assignments, REMOVE one path.
func (p *parser) actions() ([]Action, error) {
	var actions []Action
	for p.tok.isKeyword("SET", "REMOVE") {
		set := p.tok.isKeyword("SET")
		if err := p.advance(); err != nil {
			return nil, err
		}
		if !set {
			path, err := p.simplePath()
			if err != nil {
				return nil, err
			}
			actions = append(actions, Action{Target: path})
			continue
		}
		for {
			assigned, err := p.assignment()
			if err != nil {
				return nil, err
			}
			actions = append(actions, assigned)
			if more, err := p.acceptSymbol(","); err != nil {
				return nil, err
			} else if !more {
				break
			}
		}
	}
	if len(actions) == 0 {
		return nil, syntaxError("Expected data manipulation")
	}
	return actions, nil
}

func (p *parser) assignment() (Action, error) {
	path, err := p.simplePath()
	if err != nil {
		return Action{}, err
	}
	if err := p.expectSymbol("="); err != nil {
		return Action{}, err
	}
	value, err := p.expression()
	return Action{Target: path, Value: value}, err
}

// deletion reads DELETE FROM table [WHERE …] [RETURNING …].
func (p *parser) deletion() (Statement, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	path, err := p.simplePath()
	if err != nil {
		return nil, err
	}
	s := &Delete{From: p.single(path)}
	if s.Where, err = p.where(); err != nil {
		return nil, err
	}
	if _, s.Returning, err = p.returning(); err != nil {
		return nil, err
	}
	if s.Returning > AllOld {
		p.refuse("Invalid returning clause: RETURNING %s. Only RETURNING ALL OLD * is allowed in DELETE statements.", s.Returning)
	}
	s.params = p.params
	return s, nil
}

// existence reads EXISTS(SELECT …).
func (p *parser) existence() (Statement, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expectSymbol("("); err != nil {
		return nil, err
	}
	if !p.tok.isKeyword("SELECT") {
		return nil, syntaxError("Expected SELECT")
	}
	s, err := p.selection()
	if err != nil {
		return nil, err
	}
	return &Exists{Select: s}, p.expectSymbol(")")
}

// returning reads RETURNING (ALL | MODIFIED) (OLD | NEW) *.
func (p *parser) returning() (there bool, r Returning, err error) {
	if there, err = p.accept("RETURNING"); !there || err != nil {
		return there, r, err
	}
	if !p.tok.isKeyword("ALL", "MODIFIED") {
		return there, r, syntaxError("Expected ALL or MODIFIED in RETURNING clause")
	}
	modified := p.tok.text == "MODIFIED"
	if err = p.advance(); err != nil {
		return there, r, err
	}
	if !p.tok.isKeyword("OLD", "NEW") {
		return there, r, syntaxError("Expected OLD or NEW in RETURNING clause")
	}
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
	if err = p.advance(); err != nil {
		return there, r, err
	}
	if star, err := p.acceptSymbol("*"); star || err != nil {
		return there, r, err
	}
	p.refuse("Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause")
	_, err = p.expression()
	return there, r, err
}
