package expression

import "slices"

// ParseUpdate parses the text of an update expression; see ParseCondition.
func ParseUpdate(text string) (*UpdateNode, error) {
	u, err := parseUpdate(text)
	if err != nil {
		return nil, err
	}
	return u, nil
}

func parseUpdate(text string) (*UpdateNode, *Error) {
	p, err := newParser(text)
	if err != nil {
		return nil, err
	}
	p.update = true
	u := &UpdateNode{}
	p.sections(u)
	if err := p.finish(); err != nil {
		return nil, err
	}
	for _, c := range u.Set {
		if err := checkSetValue(c.Value); err != nil {
			return nil, err
		}
	}
	for i, k := range u.order {
		if slices.Contains(u.order[:i], k) {
			return nil, errSection(sectionName(k))
		}
	}
	return u, nil
}

func sectionName(k kind) string {
	for _, word := range keywords {
		if word.kind == k {
			return word.word
		}
	}
	return ""
}

func (p *parser) sections(u *UpdateNode) {
	for {
		k := p.peek()
		if !k.isSection() {
			p.unexpected()
			return
		}
		p.i++
		u.order = append(u.order, k)
		for p.clause(k, u) && p.peek() == comma {
			p.i++
		}
		if p.err != nil || p.peek() == eof {
			return
		}
	}
}

// clause reads one clause of a section.
func (p *parser) clause(k kind, u *UpdateNode) bool {
	path, ok := p.path()
	if !ok {
		return false
	}
	switch k {
	case keySet:
		if !p.take(opEq) {
			return false
		}
		value, ok := p.setValue()
		u.Set = append(u.Set, SetClause{path, value})
		return ok
	case keyRemove:
		u.Remove = append(u.Remove, path)
		return true
	}
	at := p.i
	if !p.take(valueRef) {
		return false
	}
	clause := ValueClause{path, ValueRef(p.word(at))}
	if k == keyAdd {
		u.Add = append(u.Add, clause)
	} else {
		u.Delete = append(u.Delete, clause)
	}
	return true
}

// setValue reads an operand, or one sum or difference of two, which may stand in parentheses but is no operand of another.
func (p *parser) setValue() (Operand, bool) {
	if p.nests {
		return p.nestedSum()
	}
	var left Operand
	var ok bool
	if p.peek() == leftParen {
		open := p.i
		p.i++
		left, ok = p.setValue()
		ok = ok && p.closeParen(open)
	} else {
		left, ok = p.atom()
	}
	if !ok {
		return nil, false
	}
	k := p.peek()
	if _, sum := left.(*Arithmetic); sum || (k != plus && k != minus) {
		return left, true
	}
	p.i++
	right, ok := p.operand()
	return &Arithmetic{OpPlus + Op(k-plus), left, right}, ok
}

// checkSetValue finds functions that stand where they may not: list_append is no operand of anything.
func checkSetValue(o Operand) *Error {
	switch o := o.(type) {
	case *Arithmetic:
		if err := checkSetOperand(o.Left); err != nil {
			return err
		}
		return checkSetOperand(o.Right)
	case *Function:
		for _, arg := range o.Args {
			if err := checkSetOperand(arg); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkSetOperand(o Operand) *Error {
	if f, ok := o.(*Function); ok && f.Name == "list_append" {
		return errMisused(f.Name)
	}
	return checkSetValue(o)
}
