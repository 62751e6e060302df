package partiql

import (
	"slices"
	"strings"
	"time"
)

// The library the service parses with knows dates, which DynamoDB has no type for: what is well formed about them is refused for what it is.

// datePart is the first argument of DATE_ADD and DATE_DIFF, and what EXTRACT takes out.
var dateParts = []string{"year", "month", "day", "hour", "minute", "second", "timezone_hour", "timezone_minute"}

// datePart reads a part of a date, which is refused as a symbol where a value should stand.
func (p *parser) datePart() error {
	if !slices.Contains(dateParts, strings.ToLower(p.tok.raw)) {
		return syntaxError("Expected one of: [%s]", strings.Join(dateParts, ", "))
	}
	p.refuse("Unsupported data type: SYMBOL under key root at %s", p.tok.pos)
	p.advance()
	return nil
}

// dateCall reads the arguments of DATE_ADD, DATE_DIFF and EXTRACT; the name is passed.
func (p *parser) dateCall(t token) (Expr, error) {
	p.advance()
	if err := p.datePart(); err != nil {
		return nil, err
	}
	rest := 1
	if t.text == "EXTRACT" {
		if !p.accept("FROM") {
			return nil, syntaxError("Expected 'FROM'")
		}
	} else {
		rest = 2
		if err := p.expectSymbol(","); err != nil {
			return nil, err
		}
	}
	args, err := p.expressions()
	if err != nil {
		return nil, err
	}
	if len(args) != rest {
		return nil, syntaxError("Expected RIGHT_PAREN")
	}
	return &Missing{Pos: t.pos}, p.expectSymbol(")")
}

// dateLiteral reads DATE '2026-01-31' or TIME '10:00:00'.
func (p *parser) dateLiteral(t token) (Expr, error) {
	p.advance()
	layout, form := time.DateOnly, "date string to be of the format YYYY-MM-DD"
	if t.text == "TIME" {
		layout, form = time.TimeOnly, "time string to be of the format HH:MM:SS[.dddd...][+|-HH:MM]"
	}
	if _, err := time.Parse(layout, p.tok.text); err != nil {
		return nil, syntaxError("Expected %s", form)
	}
	p.refuse("Unsupported token in expression: UNKNOWN at %s", p.tok.pos)
	p.advance()
	return &Missing{Pos: t.pos}, nil
}
