package partiql

import (
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// kinds are the types that may follow IS, as attribute_type has them.
var kinds = map[string]attr.Kind{
	"NULL": attr.NULL, "BOOL": attr.BOOL, "BOOLEAN": attr.BOOL, "STRING": attr.S, "LIST": attr.L, "TUPLE": attr.M,
	"STRUCT": attr.M, "NUMERIC": attr.N, "BLOB": attr.B,
}

// longTypes are the types that the service gives another name than the statement may.
var longTypes = map[string]string{
	"INT": "INTEGER", "CHAR": "CHARACTER", "VARCHAR": "CHARACTER_VARYING", "DOUBLE PRECISION": "DOUBLE_PRECISION",
	"CHARACTER VARYING": "CHARACTER_VARYING",
}

// is writes x IS [NOT] type.
func (p *planner) is(x *partiql.Is) (string, error) {
	path, isPath := x.X.(*partiql.Path)
	lit, isLiteral := x.X.(*partiql.Literal)
	if !isPath && !isLiteral {
		return "", fail("The left hand side argument to IS must be a Variable Reference, Literal, or Path")
	}
	kind, ok := kinds[x.Type]
	switch {
	case !ok && x.Type != "MISSING":
		name, long := longTypes[x.Type]
		if !long {
			name = x.Type
		}
		return "", fail("Unsupported data type for IS operator: " + name +
			". Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST] at " + x.Pos.String())
	case isLiteral:
		return p.constant((ok && lit.Value.Kind == kind) != x.Not), nil
	case x.Type == "MISSING" && x.Not:
		return "attribute_exists(" + p.path(path) + ")", nil
	case x.Type == "MISSING":
		return "attribute_not_exists(" + p.path(path) + ")", nil
	}
	return negate(x.Not) + "attribute_type(" + p.path(path) + ", " + p.hold(attr.Value{Kind: attr.S, Str: kind.String()}) + ")", nil
}

// constant writes a condition that holds always or never.
func (p *planner) constant(holds bool) string {
	yes := attr.Value{Kind: attr.BOOL, Bool: true}
	return strings.Join([]string{p.hold(yes), p.hold(attr.Value{Kind: attr.BOOL, Bool: holds})}, " = ")
}
