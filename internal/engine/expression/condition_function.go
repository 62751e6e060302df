package expression

import (
	"github.com/ddb-cli/ddb/internal/attr"
)

// The service names the valid types of attribute_type in this order, and, where a path stands for the type's name, all types of its own.
const (
	validTypes = "{N,BS,L,B,NULL,M,S,SS,NS,BOOL}"
	anyType    = "{NULL,S,BOOL,DECIMAL,N,HD,DICT,FLOAT,BS,INTSET,DOUBLESET,B,DECIMALSET,L,SS,NS,FS,INT,DOUBLE,HDS,M}"
)

// operandCount is how many operands a function takes.
func operandCount(function string) int {
	switch function {
	case "attribute_exists", "attribute_not_exists", "size":
		return 1
	default:
		return 2
	}
}

// function plans a function that is a condition.
func (b *binder) function(f *Function) (test, *Error) {
	b.operators++
	if len(f.Args) != operandCount(f.Name) {
		return nil, errOperands(f.Name, len(f.Args))
	}
	ops, err := b.operands(f.Args...)
	if err != nil {
		return nil, err
	}
	switch f.Name {
	case "attribute_exists", "attribute_not_exists":
		p, ok := ops[0].(*pathOperand)
		if !ok {
			return nil, errNeedsPath(f.Name)
		}
		return &existsTest{p, f.Name == "attribute_exists"}, nil
	case "attribute_type":
		return attributeType(ops)
	}
	if err := distinct(f.Name, ops); err != nil {
		return nil, err
	}
	if f.Name == "contains" {
		return &containsTest{ops[0], ops[1]}, nil
	}
	for _, o := range ops {
		switch k := kindOf(o); k {
		case attr.Invalid, attr.S, attr.B:
		default:
			return nil, errOperand(f.Name, k.String())
		}
	}
	return &prefixTest{ops[0], ops[1]}, nil
}

func attributeType(ops []operand) (test, *Error) {
	const name = "attribute_type"
	c, ok := ops[1].(*constant)
	if !ok {
		if _, ok := ops[1].(*sizeOperand); ok {
			return nil, errOperand(name, attr.N.String())
		}
		return nil, errOperand(name, anyType)
	}
	if c.v.Kind != attr.S {
		return nil, errOperand(name, c.v.Kind.String())
	}
	k, ok := attr.ParseKind(c.v.Str)
	if !ok {
		return nil, fail("Invalid attribute type name found; type: " + c.v.Str + ", valid types: " + validTypes)
	}
	return &typeTest{ops[0], k}, nil
}
