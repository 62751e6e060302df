package wire

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

var (
	typeTime  = reflect.TypeFor[time.Time]()
	typeValue = reflect.TypeFor[types.AttributeValue]()
	typeSDKIt = reflect.TypeFor[map[string]types.AttributeValue]()
	typeItem  = reflect.TypeFor[attr.Item]()
	typeAttr  = reflect.TypeFor[attr.Value]()
	typeRaw   = reflect.TypeFor[json.RawMessage]()
)

// Marshal writes an operation's result as compact wire JSON. Each name in nulls that the result lacks is written as
// null at the top level, in the place the member has in the struct.
func Marshal(out any, nulls ...string) ([]byte, error) {
	return Append(nil, out, nulls...)
}

// Append is Marshal into a buffer of the caller's.
func Append(dst []byte, out any, nulls ...string) ([]byte, error) {
	switch v := out.(type) {
	case nil:
		return append(dst, "null"...), nil
	case map[string]types.AttributeValue:
		return AppendItem(dst, v), nil
	case types.AttributeValue:
		return AppendValue(dst, v), nil
	}
	v := reflect.ValueOf(out)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		v = v.Elem()
	}
	if v.Kind() == reflect.Struct && v.Type() != typeTime {
		return appendStruct(dst, v, planOf(v.Type()), nulls)
	}
	enc, err := encoderOf(v.Type())
	if err != nil {
		return nil, err
	}
	return enc(dst, v)
}

// encoder appends a value that is known to be present.
type encoder func(dst []byte, v reflect.Value) ([]byte, error)

type member struct {
	name   string
	index  []int
	kind   reflect.Kind
	label  []byte // "name":
	encode encoder
}

type plan struct {
	members []member
	err     error
}

var plans sync.Map // reflect.Type → *plan

func planOf(t reflect.Type) *plan {
	if known, ok := plans.Load(t); ok {
		return known.(*plan)
	}
	p := &plan{}
	for _, f := range Fields(t) {
		enc, err := encoderOf(f.Type)
		if err != nil {
			p.err = fmt.Errorf("%s.%s: %w", t, f.Name, err)
			break
		}
		label := append(jsonscan.AppendQuoted(nil, f.Name), ':')
		p.members = append(p.members, member{f.Name, f.Index, f.Type.Kind(), label, enc})
	}
	known, _ := plans.LoadOrStore(t, p)
	return known.(*plan)
}

func appendStruct(dst []byte, v reflect.Value, p *plan, nulls []string) ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	dst = append(dst, '{')
	first := true
	for i := range p.members {
		m := &p.members[i]
		f := v.FieldByIndex(m.index)
		missing := absent(f, m.kind)
		if missing && !slices.Contains(nulls, m.name) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, m.label...)
		if missing {
			dst = append(dst, "null"...)
			continue
		}
		var err error
		if dst, err = m.encode(dst, f); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

// absent says whether the service left the member out: nil, or an enumeration with no value. Plain numbers and
// booleans of the SDK are members the service always sends.
func absent(v reflect.Value, kind reflect.Kind) bool {
	switch kind {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}
