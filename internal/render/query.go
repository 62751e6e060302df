package render

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"

	"github.com/jmespath-community/go-jmespath/pkg/functions"
	"github.com/jmespath-community/go-jmespath/pkg/interpreter"
	"github.com/jmespath-community/go-jmespath/pkg/parsing"
)

// A jmesQuery is a compiled --query. Comparisons, arithmetic and functions are routed through checks of our own, by rewriting the library's syntax tree.
type jmesQuery struct {
	node      parsing.ASTNode
	operators map[string]parsing.ASTNode
	inner     interpreter.FunctionCaller
	failed    error // the first refused number: a filter swallows errors on its left side
	items     bool  // it begins with Items, as the answers of other tools do
}

// itemsFirst is what the AWS CLI's --query begins with where items are meant.
var itemsFirst = regexp.MustCompile(`^\s*Items?\b`)

func compileQuery(text string) (*jmesQuery, error) {
	node, err := parsing.NewParser().Parse(text)
	if err != nil {
		return nil, &UsageError{Message: "--query: " + err.Error(), Hint: "see https://jmespath.org/tutorial.html"}
	}
	if err := checkLiterals(text); err != nil {
		return nil, err
	}
	q := &jmesQuery{operators: make(map[string]parsing.ASTNode), inner: interpreter.NewFunctionCaller(functions.GetDefaultFunctions()...)}
	q.node = q.guardNumbers(node)
	q.items = itemsFirst.MatchString(text)
	return q, nil
}

// guardNumbers replaces each comparison and each arithmetic node by a call of a function with the same meaning, whose name holds a space so that no query can reach it.
func (q *jmesQuery) guardNumbers(n parsing.ASTNode) parsing.ASTNode {
	children := make([]parsing.ASTNode, len(n.Children))
	for i, c := range n.Children {
		children[i] = q.guardNumbers(c)
	}
	n.Children = children
	switch n.NodeType {
	case parsing.ASTComparator, parsing.ASTArithmeticExpression, parsing.ASTArithmeticUnaryExpression:
		name := fmt.Sprintf("operator %d %v", n.NodeType, n.Value)
		q.operators[name] = parsing.ASTNode{NodeType: n.NodeType, Value: n.Value}
		return parsing.ASTNode{NodeType: parsing.ASTFunctionExpression, Value: name, Children: children}
	}
	return n
}

// CallFunction is the library's way to call any function, and with guardNumbers any operator.
func (q *jmesQuery) CallFunction(name string, args []any) (any, error) {
	node, operator := q.operators[name]
	if operator || !slices.Contains(exactSafe, name) {
		byExpression := false
		for i, a := range args { // max_by and its kin compare only what the expression gives
			if f, ok := a.(functions.ExpRef); ok {
				args[i] = q.guardedExpression(f)
				byExpression = true
			}
		}
		if !byExpression {
			if err := q.refuseExact(args); err != nil {
				return nil, err
			}
		}
	}
	if operator {
		for _, a := range args {
			node.Children = append(node.Children, parsing.ASTNode{NodeType: parsing.ASTLiteral, Value: a})
		}
		return interpreter.NewInterpreter(nil, q, nil).Execute(node, nil)
	}
	if len(args) == 1 {
		if v, done := convert(name, args[0]); done {
			return v, nil
		}
	}
	return q.inner.CallFunction(name, args)
}

// convert is type, to_string and to_number where the library's own would change a number.
func convert(name string, arg any) (v any, done bool) {
	n, exact := arg.(exactNumber)
	text, isText := arg.(string)
	switch {
	case exact && name == "type":
		return "number", true
	case exact && name == "to_number":
		return n, true
	case isText && name == "to_number" && jsonNumber(text):
		return numberValue(json.Number(text)), true
	case !isText && name == "to_string":
		return string(appendCompact(nil, fromJMES(arg, nil))), true
	}
	return nil, false
}

func (q *jmesQuery) guardedExpression(f functions.ExpRef) functions.ExpRef {
	return func(v any) (any, error) {
		got, err := f(v)
		if err == nil {
			err = q.refuseExact([]any{got})
		}
		return got, err
	}
}

// orders remembers where each map came from, so that an object selected whole keeps the order of its fields.
type orders map[uintptr]*Object

// toPlain makes Go's maps and lists of a tree, for a library that knows no other. Where they came from goes into from, which may be nil; number, which
// may be nil too, is what becomes of a number.
func toPlain(v any, from orders, number func(json.Number) any) any {
	switch t := v.(type) {
	case json.Number:
		if number != nil {
			return number(t)
		}
		return v
	case []any:
		list := make([]any, len(t))
		for i, e := range t {
			list[i] = toPlain(e, from, number)
		}
		return list
	case *Object:
		m := make(map[string]any, len(t.Fields))
		for _, f := range t.Fields {
			m[f.Name] = toPlain(f.Value, from, number)
		}
		if from != nil {
			from[reflect.ValueOf(m).Pointer()] = t
		}
		return m
	default:
		return v
	}
}

func toJMES(v any, from orders) any { return toPlain(v, from, numberValue) }

func fromJMES(v any, from orders) any {
	switch t := v.(type) {
	case exactNumber:
		return json.Number(t)
	case float64:
		if math.IsInf(t, 0) || math.IsNaN(t) {
			return nil
		}
		return json.Number(floatText(t))
	case int:
		return json.Number(strconv.Itoa(t))
	case []any:
		list := make([]any, len(t))
		for i, e := range t {
			list[i] = fromJMES(e, from)
		}
		return list
	case map[string]any:
		if obj, ok := from[reflect.ValueOf(t).Pointer()]; ok {
			return obj
		}
		obj := new(Object)
		for _, name := range slices.Sorted(maps.Keys(t)) {
			obj.Fields = append(obj.Fields, Field{Name: name, Value: fromJMES(t[name], from)})
		}
		return obj
	case string, bool, nil:
		return t
	default:
		return fmt.Sprint(t)
	}
}

func (q *jmesQuery) search(tree any) (any, error) {
	from := make(orders)
	data := toJMES(tree, from)
	q.failed = nil
	got, err := interpreter.NewInterpreter(data, q, nil).Execute(q.node, data)
	if q.failed != nil {
		return nil, &UsageError{Message: q.failed.Error(), Hint: "--filter compares all 38 digits in the service"}
	}
	if err != nil {
		return nil, &UsageError{Message: "--query: " + err.Error()}
	}
	return fromJMES(got, from), nil
}
