package attr

import (
	"errors"
	"strings"
)

// UpdateClauses are the parts of an update as written at the terminal; each string may hold several, separated by commas.
type UpdateClauses struct {
	Set    []string // status = "paid", total = total + 1, lines = list_append(lines, ["x"]), n = if_not_exists(n, 0) + 1
	Add    []string // version = 1, tags = {"SS": ["a"]}; a list of texts or numbers is read as a set
	Remove []string // note, lines[0]
	Delete []string // tags = ["a"]: members to take out of a set
}

// Empty tells that there is no clause, so that nothing would be changed.
func (u UpdateClauses) Empty() bool {
	return len(u.Set)+len(u.Add)+len(u.Remove)+len(u.Delete) == 0
}

// Update translates the clauses into one update expression, in the order SET, REMOVE, ADD, DELETE. The error names the clause it is in.
func (p *Placeholders) Update(u UpdateClauses) (string, error) {
	var clauses []string
	for _, c := range []struct {
		word  string
		texts []string
		parse func(*shorthandParser) (string, error)
	}{
		{"SET", u.Set, (*shorthandParser).assignments},
		{"REMOVE", u.Remove, (*shorthandParser).paths},
		{"ADD", u.Add, (*shorthandParser).members},
		{"DELETE", u.Delete, (*shorthandParser).members},
	} {
		var parts []string
		for _, text := range c.texts {
			sp, err := p.parser(text)
			if err != nil {
				return "", inClause(c.word, err)
			}
			part, err := c.parse(sp)
			if err != nil {
				return "", inClause(c.word, err)
			}
			parts = append(parts, part)
		}
		if len(parts) > 0 {
			clauses = append(clauses, c.word+" "+strings.Join(parts, ", "))
		}
	}
	return strings.Join(clauses, " "), nil
}

// inClause notes in an error where in the update it is: each clause is a text of its own.
func inClause(word string, err error) error {
	if syntax, ok := errors.AsType[*SyntaxError](err); ok {
		syntax.Clause = strings.ToLower(word)
	}
	return err
}

// assignments reads: path = value, path = value.
func (sp *shorthandParser) assignments() (string, error) {
	return sp.pairs(" = ", func() (string, error) { return sp.sum() })
}

// members reads the pairs of ADD and DELETE, whose values are numbers and sets.
func (sp *shorthandParser) members() (string, error) {
	return sp.pairs(" ", func() (string, error) {
		if sp.tok.kind == tokLiteral {
			v, err := ParsePlainValue([]byte(sp.tok.text))
			if err != nil {
				return "", sp.fail(sp.tok.offset, "malformed value: "+err.Error(), "")
			}
			set, ok := listAsSet(v)
			if !ok {
				return "", sp.fail(sp.tok.offset, "neither a number nor a set", `write a set as ["a", "b"] or {"SS": ["a", "b"]}`)
			}
			text, _, err := sp.literalValue(set)
			return text, err
		}
		text, truth, err := sp.operand()
		if err == nil && truth {
			err = sp.fail(sp.tok.offset, "a condition where a number or a set was expected", "")
		}
		return text, err
	})
}

// listAsSet reads a list of texts or of numbers as the set it must mean where only a set can stand.
func listAsSet(v Value) (Value, bool) {
	switch v.Kind {
	case SS, NS, BS:
		return v, true
	case L:
		if len(v.List) == 0 {
			return Value{}, false
		}
		kind := v.List[0].Kind
		for _, m := range v.List {
			if m.Kind != kind {
				return Value{}, false
			}
		}
		switch kind {
		case S:
			return Value{Kind: SS, List: v.List}, true
		case N:
			return Value{Kind: NS, List: v.List}, true
		case B:
			return Value{Kind: BS, List: v.List}, true
		}
	}
	return Value{}, false
}

func (sp *shorthandParser) pairs(joint string, value func() (string, error)) (string, error) {
	var parts []string
	for {
		first, path, err := sp.wholePath()
		if err != nil {
			return "", err
		}
		if !sp.tok.is("=") {
			hint := `write: ` + first.text + `="text" or ` + first.text + `=5`
			if sp.tok.is("+") || sp.tok.is("-") || sp.tok.is("+=") || sp.tok.is("-=") {
				hint = "write: " + first.text + " = " + first.text + " " + sp.tok.text[:1] + " 1; --add " + first.text + "=1 begins with 0 where there is none"
			}
			return "", sp.expected(`"="`, hint)
		}
		if err := sp.toOperand(); err != nil {
			return "", err
		}
		val, err := value()
		if err != nil {
			return "", err
		}
		parts = append(parts, path+joint+val)
		if sp.tok.kind == tokEnd {
			return strings.Join(parts, ", "), nil
		}
		if !sp.tok.is(",") {
			return "", sp.expected(`"," or the end`, "a text with spaces stands in quotes")
		}
		if err := sp.toOperator(); err != nil {
			return "", err
		}
	}
}

// sum reads operand [+|- operand].
func (sp *shorthandParser) sum() (string, error) {
	left, err := sp.setOperand()
	if err != nil {
		return "", err
	}
	if !sp.tok.is("+") && !sp.tok.is("-") {
		return left, nil
	}
	op := sp.tok.text
	if err := sp.toOperand(); err != nil {
		return "", err
	}
	right, err := sp.setOperand()
	return left + " " + op + " " + right, err
}

// setOperand reads a value, a path, or if_not_exists and list_append.
func (sp *shorthandParser) setOperand() (string, error) {
	if sp.tok.kind == tokName && !sp.tok.quoted {
		for _, function := range []string{"if_not_exists", "list_append"} {
			if strings.EqualFold(sp.tok.text, function) {
				return sp.setCall(function)
			}
		}
	}
	text, truth, err := sp.operand()
	if err == nil && truth {
		err = sp.fail(sp.tok.offset, "a condition where a value was expected", "")
	}
	return text, err
}

func (sp *shorthandParser) setCall(function string) (string, error) {
	name := sp.tok
	if err := sp.toOperator(); err != nil {
		return "", err
	}
	if !sp.tok.is("(") {
		return sp.path(name)
	}
	if sp.depth++; sp.depth > shorthandDepth {
		return "", sp.fail(sp.tok.offset, "an update nested too deeply", "")
	}
	defer func() { sp.depth-- }()
	var args [2]string
	for i := range args {
		if i == 1 && !sp.tok.is(",") {
			return "", sp.expected(`"," and a second argument of `+function, "")
		}
		if err := sp.toOperand(); err != nil {
			return "", err
		}
		arg, err := sp.setOperand()
		if err != nil {
			return "", err
		}
		args[i] = arg
	}
	if !sp.tok.is(")") {
		return "", sp.expected(`")"`, "")
	}
	return function + "(" + args[0] + ", " + args[1] + ")", sp.toOperator()
}
