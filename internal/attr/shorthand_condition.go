package attr

import "strings"

// shorthandDepth bounds the nesting of a condition. The service stops at 300 operators; this keeps hostile text off the stack.
const shorthandDepth = 200

type shorthandParser struct {
	scanner
	holders *Placeholders
	tok     token
	depth   int
	left    string // of the comparison that is being read
}

func (p *Placeholders) parser(text string) (*shorthandParser, error) {
	sp := &shorthandParser{scanner: scanner{src: text}, holders: p}
	return sp, sp.toOperand()
}

// toOperand goes to the next token, where a value may begin: a minus is a sign there, and a bracket a list.
func (sp *shorthandParser) toOperand() error {
	tok, err := sp.nextOperand()
	sp.tok = tok
	return err
}

// toOperator goes to the next token, where no value may begin.
func (sp *shorthandParser) toOperator() error {
	tok, err := sp.nextOperator()
	sp.tok = tok
	return err
}

func (sp *shorthandParser) expected(what, hint string) error {
	return sp.fail(sp.tok.offset, "expected "+what+", found "+sp.tok.shown(sp.src), hint)
}

// Condition translates a filter or condition of the terminal into an expression of the API, with placeholders for its names and values. The
// error is a *SyntaxError, which points at the place.
func (p *Placeholders) Condition(text string) (string, error) {
	sp, err := p.parser(text)
	if err != nil {
		return "", err
	}
	if sp.tok.kind == tokEnd {
		return "", sp.fail(0, "an empty condition", `write one like: total > 100 and status = "open"`)
	}
	var b strings.Builder
	if err := sp.or(&b); err != nil {
		return "", err
	}
	if sp.tok.kind != tokEnd {
		return "", sp.expected(`"and", "or" or the end`, "")
	}
	return b.String(), nil
}

func (sp *shorthandParser) or(b *strings.Builder) error {
	return sp.joined(b, "or", " OR ", sp.and)
}

func (sp *shorthandParser) and(b *strings.Builder) error {
	return sp.joined(b, "and", " AND ", sp.not)
}

func (sp *shorthandParser) joined(b *strings.Builder, word, out string, part func(*strings.Builder) error) error {
	for {
		if err := part(b); err != nil {
			return err
		}
		if !sp.tok.is(word) {
			return nil
		}
		b.WriteString(out)
		if err := sp.toOperand(); err != nil {
			return err
		}
	}
}

func (sp *shorthandParser) not(b *strings.Builder) error {
	if sp.depth++; sp.depth > shorthandDepth {
		return sp.fail(sp.tok.offset, "a condition nested too deeply", "")
	}
	defer func() { sp.depth-- }()
	switch {
	case sp.tok.is("not"):
		b.WriteString("NOT ")
		if err := sp.toOperand(); err != nil {
			return err
		}
		return sp.not(b)
	case sp.tok.is("("):
		b.WriteByte('(')
		if err := sp.toOperand(); err != nil {
			return err
		}
		if err := sp.or(b); err != nil {
			return err
		}
		if !sp.tok.is(")") {
			return sp.expected(`")"`, "")
		}
		b.WriteByte(')')
		return sp.toOperator()
	}
	return sp.comparison(b)
}

// functionFor is how a word of other languages that compares is written here, "" for a word that is none.
func functionFor(word, left string) string {
	switch strings.ToLower(word) {
	case "contains", "has", "includes":
		return "write: contains(" + left + `, "text")`
	case "like", "ilike", "matches", "startswith", "starts", "begins_with", "startswith(":
		return "write: begins_with(" + left + `, "text"), or contains(` + left + `, "text"); there are no patterns`
	case "is":
		return "write: attribute_exists(" + left + "), attribute_not_exists(" + left + "), or " + left + " = null"
	}
	return ""
}

func (sp *shorthandParser) comparison(b *strings.Builder) error {
	start := sp.tok.offset
	left, truth, err := sp.operand()
	if err != nil {
		return err
	}
	sp.left = strings.TrimSpace(sp.src[start:sp.tok.offset])
	b.WriteString(left)
	if truth {
		return nil
	}
	switch {
	case sp.tok.is("between"):
		return sp.between(b)
	case sp.tok.is("in"):
		return sp.in(b)
	}
	op := sp.tok.text
	if sp.tok.kind != tokSymbol || strings.Trim(op, "=<>!") != "" {
		return sp.expected(`a comparison (= <> < <= > >= between in)`, functionFor(sp.tok.text, sp.left))
	}
	switch op {
	case "==":
		op = "="
	case "!=":
		op = "<>"
	}
	b.WriteString(" " + op + " ")
	return sp.right(b, op)
}

func (sp *shorthandParser) between(b *strings.Builder) error {
	b.WriteString(" BETWEEN ")
	if err := sp.value(b); err != nil {
		return err
	}
	if !sp.tok.is("and") {
		return sp.expected(`"and" of "between … and …"`, "")
	}
	b.WriteString(" AND ")
	return sp.value(b)
}

func (sp *shorthandParser) in(b *strings.Builder) error {
	if err := sp.toOperator(); err != nil {
		return err
	}
	if !sp.tok.is("(") {
		return sp.expected(`"(" after "in"`, "write: status in (\"open\", \"paid\")")
	}
	b.WriteString(" IN (")
	for {
		if err := sp.right(b, "in"); err != nil {
			return err
		}
		if !sp.tok.is(",") {
			break
		}
		b.WriteString(", ")
	}
	if !sp.tok.is(")") {
		return sp.expected(`"," or ")"`, "")
	}
	b.WriteByte(')')
	return sp.toOperator()
}
