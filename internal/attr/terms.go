package attr

import (
	"slices"
	"strings"
)

// A Term is one of the conditions that "and" joins at the top of a condition.
type Term struct {
	Text   string // as it was written
	Offset int    // of Text, in bytes from the start of the condition
	// Names are the top-level attributes the term speaks of.
	Names []string
	// Name, Op and Values are set where the term compares one top-level attribute with values: Op is "=", "<", "<=", ">", ">=", "between", "begins_with" or "in".
	Name   string
	Op     string
	Values []Value
}

// Terms takes a condition apart, for those who look for keys in it. A condition that is no conjunction is one term. Its errors are those of Condition.
func Terms(text string) ([]Term, error) {
	var scratch Placeholders
	if _, err := scratch.Condition(text); err != nil {
		return nil, err
	}
	scratch = Placeholders{}
	sp, err := scratch.parser(text)
	if err != nil {
		return nil, err
	}
	var terms []Term
	for {
		start := sp.tok.offset
		sp.holders = new(Placeholders)
		var b strings.Builder
		if err := sp.not(&b); err != nil {
			return nil, err
		}
		t := simple(strings.TrimSpace(text[start:sp.tok.offset]))
		t.Offset = start
		for _, name := range sp.holders.Names {
			t.Names = append(t.Names, name)
		}
		slices.Sort(t.Names)
		terms = append(terms, t)
		switch {
		case sp.tok.is("or"):
			whole := Term{Text: strings.TrimSpace(text)}
			_, _ = scratch.Condition(text)
			for _, name := range scratch.Names {
				whole.Names = append(whole.Names, name)
			}
			slices.Sort(whole.Names)
			return []Term{whole}, nil
		case !sp.tok.is("and"):
			return terms, nil
		}
		if err := sp.toOperand(); err != nil {
			return nil, err
		}
	}
}

// flipped are the comparisons read from right to left: 5 < n is n > 5.
var flipped = map[string]string{"=": "=", "==": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// simple reads a term's simple form, if it has one. The term is known to be well-formed.
func simple(text string) Term {
	t := Term{Text: text}
	sp, err := new(Placeholders).parser(text)
	if err != nil {
		return t
	}
	first := sp.tok
	if v, ok := sp.literalToken(); ok { // 5 < n
		op, known := flipped[sp.symbol()]
		if name, ok := sp.nameToken(); known && ok && sp.tok.kind == tokEnd {
			t.Name, t.Op, t.Values = name, op, []Value{v}
		}
		return t
	}
	name, ok := sp.nameToken()
	if !ok {
		return t
	}
	if first.is("begins_with") && sp.tok.is("(") {
		if name, v, ok := sp.beginning(); ok {
			t.Name, t.Op, t.Values = name, "begins_with", []Value{v}
		}
		return t
	}
	switch {
	case sp.tok.is("between"):
		_ = sp.toOperand()
		a, ok := sp.literalToken()
		if !ok || !sp.tok.is("and") {
			return t
		}
		_ = sp.toOperand()
		if b, ok := sp.literalToken(); ok && sp.tok.kind == tokEnd {
			t.Name, t.Op, t.Values = name, "between", []Value{a, b}
		}
	default:
		op := sp.symbol()
		if op == "==" {
			op = "="
		}
		if _, known := flipped[op]; !known {
			return t
		}
		if v, ok := sp.literalToken(); ok && sp.tok.kind == tokEnd {
			t.Name, t.Op, t.Values = name, op, []Value{v}
		}
	}
	return t
}

// symbol takes a comparison's sign, with what stands behind it read as a value.
func (sp *shorthandParser) symbol() string {
	if sp.tok.kind != tokSymbol {
		return ""
	}
	op := sp.tok.text
	_ = sp.toOperand()
	return op
}

func (sp *shorthandParser) beginning() (name string, v Value, ok bool) {
	_ = sp.toOperator()
	if name, ok = sp.nameToken(); !ok || !sp.tok.is(",") {
		return "", v, false
	}
	_ = sp.toOperand()
	if v, ok = sp.literalToken(); !ok || !sp.tok.is(")") {
		return "", v, false
	}
	_ = sp.toOperator()
	return name, v, sp.tok.kind == tokEnd
}

// nameToken takes the name of a top-level attribute.
func (sp *shorthandParser) nameToken() (string, bool) {
	tok := sp.tok
	if tok.kind != tokName || tok.is("not") || tok.is("true") || tok.is("false") || tok.is("null") {
		return "", false
	}
	_ = sp.toOperator()
	if sp.tok.is(".") || sp.tok.is("[") {
		return "", false
	}
	return tok.text, true
}

// literalToken takes a value that is written out.
func (sp *shorthandParser) literalToken() (v Value, ok bool) {
	switch sp.tok.kind {
	case tokText:
		v = Value{Kind: S, Str: sp.tok.text}
	case tokNumber:
		v = Value{Kind: N, Str: sp.tok.text}
	case tokLiteral:
		parsed, err := ParsePlainValue([]byte(sp.tok.text))
		if err != nil {
			return v, false
		}
		v = parsed
	default:
		return v, false
	}
	_ = sp.toOperator()
	return v, true
}
