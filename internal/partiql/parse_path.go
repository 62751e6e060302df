package partiql

import (
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
)

// A pathKind is what a path may hold.
type pathKind int

const (
	full   pathKind = iota // wildcards too
	simple                 // names and numbers only
)

// simplePath reads a path where nothing else may stand: the target of a SET, the table of an UPDATE.
func (p *parser) simplePath() (*Path, error) {
	if p.tok.kind != name && p.tok.kind != quotedName {
		return nil, syntaxError("Expected identifier for simple path")
	}
	return p.path(simple)
}

// path reads a name and the parts behind it: .name, ."name", [0], ['name'].
func (p *parser) path(kind pathKind) (*Path, error) {
	path := &Path{Pos: p.tok.pos}
	p.addPart(path, Part{Name: p.tok.text, Pos: p.tok.pos})
	p.advance()
	return path, p.steps(path, kind)
}

func (p *parser) addPart(path *Path, part Part) {
	if part.Name == "" && !part.IsIndex && !part.star {
		p.refuse("Path component cannot be an empty string")
	}
	path.Parts = append(path.Parts, part)
}

func (p *parser) steps(path *Path, kind pathKind) error {
	for {
		var err error
		switch {
		case p.acceptSymbol("."):
			err = p.dotted(path, kind)
		case p.acceptSymbol("["):
			err = p.subscript(path, kind)
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (p *parser) dotted(path *Path, kind pathKind) error {
	switch t := p.tok; {
	case t.kind == name, t.kind == quotedName:
		p.addPart(path, Part{Name: t.text, Pos: t.pos})
	case t.is(symbol, "*") && kind == simple:
		return syntaxError("Invalid path dot component for simple path")
	case t.is(symbol, "*"):
		if p.stage != inProjection {
			p.refuse("Unpivot path component like a.*.b are not supported at %s", t.pos)
		}
		p.addPart(path, Part{Pos: t.pos, star: true})
	default:
		return syntaxError("Invalid path dot component")
	}
	p.advance()
	return nil
}

func (p *parser) subscript(path *Path, kind pathKind) error {
	t := p.tok
	if t.is(symbol, "*") {
		p.advance()
		if err := p.expectSymbol("]"); err != nil {
			return err
		}
		if kind == simple {
			return syntaxError("Invalid path component for simple path")
		}
		if p.stage != inProjection {
			p.refuse("Wildcard path component like a[*].b are not supported at %s", t.pos)
		}
		p.addPart(path, Part{Pos: t.pos, star: true, bracket: true})
		return nil
	}
	x, err := p.expression()
	if err != nil {
		return err
	}
	if err := p.expectSymbol("]"); err != nil {
		return err
	}
	part := Part{Pos: x.Position(), bracket: true}
	switch x := x.(type) {
	case *Literal:
		switch {
		case x.Value.Kind == attr.S:
			part.Name = x.Value.Str
		case x.Value.Kind == attr.N && isWhole(t):
			part.IsIndex, part.Index = true, p.index(x)
		default:
			p.refuse("Unexpected path component at %s", part.Pos)
			part.Name = "_"
		}
	case *Path:
		// A name in brackets stands for itself.
		if len(x.Parts) > 1 {
			p.refuse("Unexpected path component")
		}
		part.Name = x.Parts[0].Name
	default:
		if kind == simple {
			return syntaxError("Invalid path component for simple path")
		}
		p.refuse("Unexpected path component at %s", part.Pos)
		part.Name = "_"
	}
	p.addPart(path, part)
	return nil
}

// isWhole reports whether a number that begins with t is written without a fraction and an exponent.
func isWhole(t token) bool {
	if t.kind != number {
		return true // a sign, which index judges
	}
	for _, c := range t.text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// index is the place in a list a literal names.
func (p *parser) index(x *Literal) int {
	n, err := strconv.ParseInt(x.Value.Str, 10, 32)
	if err != nil || n < 0 {
		p.refuse("List index is not within the allowable range; index: [%s] at %s", x.Value.Str, x.Pos)
		return 0
	}
	return int(n)
}

// hasStar reports whether the path ends in .*.
func (e *Path) hasStar() bool { return e.Parts[len(e.Parts)-1].star }
