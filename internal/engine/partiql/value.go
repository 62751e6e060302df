package partiql

import (
	"strconv"

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

// value makes the attribute value of a literal, a parameter or a collection of those.
func (p *planner) value(x partiql.Expr) (attr.Value, error) { return p.valueUnder(x, "root", 0) }

// valueUnder is value at a depth within a collection; under is its place in messages.
func (p *planner) valueUnder(x partiql.Expr, under string, depth int) (attr.Value, error) {
	switch x := x.(type) {
	case *partiql.Literal:
		return x.Value, nil
	case *partiql.Parameter:
		if x.Index >= len(p.params) {
			return attr.Value{}, fail(msgParameters)
		}
		return p.params[x.Index], nil
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
	what := x.Token()
	if _, ok := x.(*partiql.Path); ok && depth > 1 {
		what = "VariableReference"
	}
	return attr.Value{}, fail("Unsupported data type: " + what + " under key " + under + " at " + x.Position().String())
}

func (p *planner) tuple(x *partiql.Tuple, under string, depth int) (attr.Item, error) {
	out := attr.Item{}
	for _, f := range x.Fields {
		key, ok := f.Name.(*partiql.Literal)
		if !ok || key.Value.Kind != attr.S {
			return nil, fail("Tuple keys must be of type String. Actual type: " + typeOf(f.Name) + " under root at " + f.Name.Position().String())
		}
		name := key.Value.Str
		if name == "" {
			return nil, fail("Path component cannot be an empty string")
		}
		if _, repeated := out.Get(name); repeated {
			return nil, fail("Duplicate keys in tuple. Key: " + name + " under root at " + key.Pos.String())
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
func (p *planner) bag(x *partiql.Bag) (attr.Value, error) {
	if len(x.Elems) == 0 {
		return attr.Value{}, fail("Empty bags are not supported at " + x.Pos.String())
	}
	var out attr.Value
	for i, e := range x.Elems {
		var v attr.Value
		if isValue(e) {
			var err error
			if v, err = p.value(e); err != nil {
				return v, err
			}
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

// Insert makes the item of an INSERT.
func Insert(s *partiql.Insert, params []attr.Value) (attr.Item, error) {
	t, ok := s.Value.(*partiql.Tuple)
	if !ok {
		return nil, fail("Unsupported format in item expression. Please use struct format {...} to express item values for insert statement. at " +
			s.Value.Position().String())
	}
	return newPlanner(Schema{}, params).tuple(t, "root", 0)
}
