package partiql

import (
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// printer collects a printed statement.
type printer struct{ strings.Builder }

func (b *printer) all(parts ...string) {
	for _, s := range parts {
		b.WriteString(s)
	}
}

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
func quoteText(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }

func (s Source) String() string {
	if s.Index == "" {
		return quoteName(s.Table)
	}
	return quoteName(s.Table) + "." + quoteName(s.Index)
}

func (s *Select) String() string {
	b := &printer{}
	b.all("SELECT ")
	if s.Paths == nil {
		b.all("*")
	}
	for i, path := range s.Paths {
		b.separate(i)
		path.print(b)
	}
	b.all(" FROM ", s.From.String())
	b.where(s.Where)
	for i, o := range s.Order {
		if i == 0 {
			b.all(" ORDER BY ")
		}
		b.separate(i)
		o.By.print(b)
		if o.Desc {
			b.all(" DESC")
		}
	}
	return b.Builder.String()
}

func (s *Insert) String() string {
	b := &printer{}
	b.all("INSERT INTO ", s.Into.String(), " VALUE ")
	s.Value.print(b)
	return b.Builder.String()
}

func (s *Update) String() string {
	b := &printer{}
	b.all("UPDATE ", s.Table.String())
	for _, a := range s.Actions {
		if a.Value == nil {
			b.all(" REMOVE ")
			a.Target.print(b)
			continue
		}
		b.all(" SET ")
		a.Target.print(b)
		b.all(" = ")
		a.Value.print(b)
	}
	b.where(s.Where)
	b.returning(s.Returning)
	return b.Builder.String()
}

func (s *Delete) String() string {
	b := &printer{}
	b.all("DELETE FROM ", s.From.String())
	b.where(s.Where)
	b.returning(s.Returning)
	return b.Builder.String()
}

func (s *Exists) String() string { return "EXISTS(" + s.Select.String() + ")" }

func (b *printer) where(x Expr) {
	if x != nil {
		b.all(" WHERE ")
		x.print(b)
	}
}

func (b *printer) returning(r Returning) {
	if r != ReturnNone {
		b.all(" RETURNING ", r.String())
	}
}

func (b *printer) separate(i int) {
	if i > 0 {
		b.all(", ")
	}
}

func (b *printer) list(open string, elems []Expr, closing string) {
	b.all(open)
	for i, x := range elems {
		b.separate(i)
		x.print(b)
	}
	b.all(closing)
}

// operand prints a part of an operation in parentheses, unless it is a single thing.
func (b *printer) operand(x Expr) {
	switch x.(type) {
	case *Unary, *Binary, *Between, *In, *Is:
		b.all("(")
		x.print(b)
		b.all(")")
	default:
		x.print(b)
	}
}

func (e *Literal) print(b *printer)   { b.all(e.Token()) }
func (e *Missing) print(b *printer)   { b.all("MISSING") }
func (e *Parameter) print(b *printer) { b.all("?") }

func (e *Path) print(b *printer) {
	for i, part := range e.Parts {
		switch {
		case part.IsIndex:
			b.all("[", strconv.Itoa(part.Index), "]")
		case i == 0:
			b.all(quoteName(part.Name))
		default:
			b.all(".", quoteName(part.Name))
		}
	}
}

func (e *Tuple) print(b *printer) {
	b.all("{")
	for i, f := range e.Fields {
		b.separate(i)
		f.Name.print(b)
		b.all(": ")
		f.Value.print(b)
	}
	b.all("}")
}

func (e *List) print(b *printer) { b.list("[", e.Elems, "]") }
func (e *Bag) print(b *printer)  { b.list("<<", e.Elems, ">>") }

func (e *Unary) print(b *printer) {
	b.all(e.Op, " ")
	b.operand(e.X)
}

func (e *Binary) print(b *printer) {
	b.operand(e.L)
	b.all(" ", e.Op, " ")
	b.operand(e.R)
}

func (e *Between) print(b *printer) {
	b.operand(e.X)
	b.all(negated(e.Not), " BETWEEN ")
	b.operand(e.Low)
	b.all(" AND ")
	b.operand(e.High)
}

func (e *In) print(b *printer) {
	b.operand(e.X)
	b.all(negated(e.Not), " IN ")
	// Parentheses would make a list of it.
	e.Set.print(b)
}

func (e *Is) print(b *printer) {
	b.operand(e.X)
	b.all(" IS", negated(e.Not), " ", e.Type)
}

func (e *Call) print(b *printer) {
	name := e.Name
	if !callable[strings.ToUpper(name)] {
		name = quoteName(name)
	}
	if e.Star {
		b.all(name, "(*)")
		return
	}
	b.list(name+"(", e.Args, ")")
}

func negated(not bool) string {
	if not {
		return " NOT"
	}
	return ""
}

// Token is the literal as it is printed.
func (e *Literal) Token() string {
	switch e.Value.Kind {
	case attr.S:
		return quoteText(e.Value.Str)
	case attr.BOOL:
		if e.Value.Bool {
			return "TRUE"
		}
		return "FALSE"
	case attr.NULL:
		return "NULL"
	}
	return e.Value.Str
}

// Token is MISSING.
func (e *Missing) Token() string { return "MISSING" }

// Token is the question mark.
func (e *Parameter) Token() string { return "?" }

// Token is the path's first name.
func (e *Path) Token() string { return e.Parts[0].Name }

// Token is the opening brace.
func (e *Tuple) Token() string { return "{" }

// Token is the opening bracket.
func (e *List) Token() string { return "[" }

// Token is the opening angles.
func (e *Bag) Token() string { return "<<" }

// Token is the operator.
func (e *Unary) Token() string { return strings.ToLower(e.Op) }

// Token is the operator.
func (e *Binary) Token() string { return strings.ToLower(e.Op) }

// Token is the operator.
func (e *Between) Token() string { return "between" }

// Token is the operator.
func (e *In) Token() string { return "in" }

// Token is the operator.
func (e *Is) Token() string { return "is" }

// Token is the function's name.
func (e *Call) Token() string { return e.Name }
