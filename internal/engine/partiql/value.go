package partiql

import (
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/partiql"
)

func itoa(n int) string { return strconv.Itoa(n) }

// isValue reports whether x stands for a value and not for an attribute or an operation.
func isValue(x partiql.Expr) bool {
	switch x.(type) {
	case *partiql.Literal, *partiql.Parameter, *partiql.Tuple, *partiql.List, *partiql.Bag:
		return true
	}
	return false
}

// maxNesting is how deep a value may stand in an item, which is the first level (Developer Guide, "Quotas in Amazon DynamoDB").
const maxNesting = 32

// value makes the attribute value of a literal, a parameter, or a collection of literals. Parameters are missed where they
// are needed; one that nothing needs is none too many.
func (p *planner) value(x partiql.Expr) (attr.Value, error) {
	if param, ok := x.(*partiql.Parameter); ok {
		if param.Index >= len(p.params) {
			return attr.Value{}, fail(msgParameters)
		}
		return p.params[param.Index], nil
	}
	return p.valueUnder(x, "root", 1)
}

// valueUnder is value at a depth within a collection; under is its place in messages.
func (p *planner) valueUnder(x partiql.Expr, under string, depth int) (attr.Value, error) {
	if depth > maxNesting {
		return attr.Value{}, fail("Nesting Levels have exceeded supported limits")
	}
	switch x := x.(type) {
	case *partiql.Literal:
		return x.Value, nil
	case *partiql.Parameter:
		// A parameter is a whole value: the service takes none within a list or a map.
		if depth <= 1 {
			return p.value(x)
		}
	case *partiql.List:
		out := attr.Value{Kind: attr.L, List: make([]attr.Value, len(x.Elems))}
		for i, e := range x.Elems {
			v, err := p.valueUnder(e, under+"."+itoa(i), depth+1)
			if err != nil {
				return v, err
			}
			out.List[i] = v
		}
		return out, nil
	case *partiql.Tuple:
		m, err := p.tuple(x, under, depth)
		return attr.Value{Kind: attr.M, Map: m}, err
	case *partiql.Bag:
		return p.bag(x)
	}
	return attr.Value{}, fail("Unsupported data type: " + misplaced(x, depth) + " under key " + under + at(x))
}

// misplaced names what is no value, as the service does: by its text on the first level, by its kind below.
func misplaced(x partiql.Expr, depth int) string {
	path, ok := x.(*partiql.Path)
	long := ok && len(path.Parts) > 1
	switch {
	case long && depth > 1:
		return "Path"
	case long:
		return "PATH"
	case depth > 1:
		return typeOf(x)
	}
	return x.Token()
}

// at is the place of an expression as a message ends with it. The service knows none of a path with several parts.
func at(x partiql.Expr) string {
	if path, ok := x.(*partiql.Path); ok && len(path.Parts) > 1 {
		return ""
	}
	return " at " + x.Position().String()
}

func (p *planner) tuple(x *partiql.Tuple, under string, depth int) (attr.Item, error) {
	out := attr.Item{}
	for _, f := range x.Fields {
		key, ok := f.Name.(*partiql.Literal)
		if !ok || key.Value.Kind != attr.S {
			return nil, fail("Tuple keys must be of type String. Actual type: " + keyType(f.Name) + " under root at " + f.Name.Position().String())
		}
		name := key.Value.Str
		if name == "" {
			return nil, fail("Path component cannot be an empty string")
		}
		if _, repeated := out.Get(name); repeated {
			pos := x.Pos
			if depth == 0 {
				pos = key.Pos
			}
			return nil, fail("Duplicate keys in tuple. Key: " + name + " under " + under + " at " + pos.String())
		}
		place := under
		if depth > 0 {
			place += "." + name
		}
		v, err := p.valueUnder(f.Value, place, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, attr.Attribute{Name: name, Value: v})
	}
	return out, nil
}

// bag makes a set: of strings or of numbers, without duplicates.
func (*planner) bag(x *partiql.Bag) (attr.Value, error) {
	if len(x.Elems) == 0 {
		return attr.Value{}, fail("Empty bags are not supported at " + x.Pos.String())
	}
	var out attr.Value
	for i, e := range x.Elems {
		var v attr.Value
		if lit, ok := e.(*partiql.Literal); ok {
			v = lit.Value
		}
		kind := map[attr.Kind]attr.Kind{attr.S: attr.SS, attr.N: attr.NS}[v.Kind]
		if kind == attr.Invalid || i > 0 && kind != out.Kind {
			return v, fail("Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags at " + e.Position().String())
		}
		for _, member := range out.List {
			if member.Equal(v) {
				return v, fail("Input collection contains duplicates")
			}
		}
		out.Kind, out.List = kind, append(out.List, v)
	}
	return out, nil
}

// typeOf names the kind of an expression as the service does.
func typeOf(x partiql.Expr) string {
	switch x.(type) {
	case *partiql.Path:
		return "VariableReference"
	case *partiql.Parameter:
		return "Parameter"
	case *partiql.Literal:
		return "Literal"
	case *partiql.Missing:
		return "LiteralMissing"
	case *partiql.Tuple, *partiql.List, *partiql.Bag:
		return "Seq"
	}
	return "NAry"
}

// keyType names what stands for a name in a tuple.
func keyType(x partiql.Expr) string {
	lit, ok := x.(*partiql.Literal)
	switch {
	case !ok:
		return typeOf(x)
	case lit.Value.Kind == attr.BOOL:
		return "BOOL"
	case lit.Value.Kind == attr.NULL:
		return "NULL"
	case strings.ContainsAny(lit.Value.Str, ".E"):
		return "DECIMAL"
	}
	return "INT"
}

// item makes the item of an INSERT.
func (p *planner) item(s *partiql.Insert) (attr.Item, error) {
	t, ok := s.Value.(*partiql.Tuple)
	if !ok {
		return nil, fail("Unsupported format in item expression. Please use struct format {...} to express item values for insert statement. at " +
			s.Value.Position().String())
	}
	return p.tuple(t, "root", 0)
}
