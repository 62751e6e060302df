package expression

// ParseCondition parses the text of a condition, a filter or a key condition. Names and values are not looked at. The error is of type *Error, its text
// without "Invalid ConditionExpression: ".
func ParseCondition(text string) (Cond, error) {
	c, err := parseCondition(text)
	if err != nil {
		return nil, err
	}
	return c, nil
}

func parseCondition(text string) (Cond, *Error) {
	p, err := newParser(text)
	if err != nil {
		return nil, err
	}
	x, _ := p.or(bare)
	if err := p.finish(); err != nil {
		return nil, err
	}
	if err := checkCondition(x.cond); err != nil {
		return nil, err
	}
	return x.cond, nil
}

// either is what a pair of parentheses may hold: a condition, an operand, or a call of a function, which may be both.
type either struct {
	cond    Cond
	operand Operand
}

// A place is where a condition stands.
type place int

const (
	bare     place = iota // a condition must stand here
	enclosed              // directly behind a parenthesis: an operand alone is taken too if the closing one follows it
)

// or reads conditions joined by OR, the loosest operator.
func (p *parser) or(at place) (either, bool) {
	x, ok := p.and(at)
	for ok && x.cond != nil && p.peek() == keyOr {
		p.i++
		var y either
		if y, ok = p.and(bare); ok {
			x = either{cond: &Or{x.cond, y.cond}}
		}
	}
	return x, ok
}

func (p *parser) and(at place) (either, bool) {
	x, ok := p.not(at)
	for ok && x.cond != nil && p.peek() == keyAnd {
		p.i++
		var y either
		if y, ok = p.not(bare); ok {
			x = either{cond: &And{x.cond, y.cond}}
		}
	}
	return x, ok
}

func (p *parser) not(at place) (either, bool) {
	if p.peek() != keyNot {
		return p.predicate(at)
	}
	p.i++
	x, ok := p.not(bare)
	if !ok {
		return either{}, false
	}
	return either{cond: &Not{x.cond}}, true
}

// predicate reads one comparison, function or parenthesised condition.
func (p *parser) predicate(at place) (either, bool) {
	x, ok := p.primary()
	if !ok {
		return either{}, false
	}
	if x.operand != nil {
		switch k := p.peek(); k {
		case opEq, opNe, opLt, opLe, opGt, opGe:
			p.i++
			right, ok := p.operand()
			return either{cond: &Comparison{OpEq + Op(k-opEq), x.operand, right}}, ok
		case keyBetween:
			return p.between(x.operand)
		case keyIn:
			return p.in(x.operand)
		}
	}
	if x.cond != nil || (at == enclosed && p.peek() == rightParen) {
		return x, true
	}
	return either{}, p.unexpected()
}

// primary reads what a predicate begins with.
func (p *parser) primary() (either, bool) {
	if p.peek() == leftParen {
		open := p.i
		p.i++
		x, ok := p.or(enclosed)
		return x, ok && p.closeParen(open)
	}
	o, ok := p.atom()
	f, _ := o.(*Function)
	if f != nil {
		return either{cond: f, operand: f}, ok
	}
	return either{operand: o}, ok
}

func (p *parser) between(operand Operand) (either, bool) {
	p.i++
	low, ok := p.operand()
	if !ok || !p.take(keyAnd) {
		return either{}, false
	}
	high, ok := p.operand()
	return either{cond: &Between{operand, low, high}}, ok
}

func (p *parser) in(operand Operand) (either, bool) {
	p.i++
	if !p.take(leftParen) {
		return either{}, false
	}
	in := &In{Operand: operand}
	for {
		o, ok := p.operand()
		if !ok {
			return either{}, false
		}
		in.List = append(in.List, o)
		if p.peek() != comma {
			break
		}
		p.i++
	}
	return either{cond: in}, p.take(rightParen)
}

// checkCondition finds functions that stand where they may not.
func checkCondition(c Cond) *Error {
	switch c := c.(type) {
	case *And:
		if err := checkCondition(c.Left); err != nil {
			return err
		}
		return checkCondition(c.Right)
	case *Or:
		if err := checkCondition(c.Left); err != nil {
			return err
		}
		return checkCondition(c.Right)
	case *Not:
		return checkCondition(c.Cond)
	case *Comparison:
		return checkOperands(c.Left, c.Right)
	case *Between:
		return checkOperands(c.Operand, c.Low, c.High)
	case *In:
		if err := checkOperands(c.Operand); err != nil {
			return err
		}
		return checkOperands(c.List...)
	case *Function:
		if c.Name == "size" {
			return errMisused(c.Name)
		}
		return checkOperands(c.Args...)
	}
	return nil
}

// checkOperands: size is the only function that is an operand of a condition.
func checkOperands(operands ...Operand) *Error {
	for _, o := range operands {
		f, ok := o.(*Function)
		if !ok {
			continue
		}
		if f.Name != "size" {
			return errMisused(f.Name)
		}
		if err := checkOperands(f.Args...); err != nil {
			return err
		}
	}
	return nil
}
