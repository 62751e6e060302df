package engine

import (
	"bytes"
	"errors"
	"reflect"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// value reads the next value, which is not null, into v.
func (d *decoder) value(sh *shape, v reflect.Value) bool {
	switch sh.kind {
	case kindPointer:
		p := reflect.New(sh.elem.typ)
		v.Set(p)
		return d.value(sh.elem, p.Elem())
	case kindStruct:
		return d.structure(sh, v)
	case kindString:
		text, ok := d.text()
		if ok {
			v.SetString(string(text))
		}
		return ok
	case kindBool:
		return d.boolean(v)
	case kindInt:
		if v.Type() == typeCut {
			return d.page(v)
		}
		return d.integer(v)
	case kindFloat, kindTime:
		return d.float(sh, v)
	case kindList:
		return d.list(sh, v)
	case kindMap:
		return d.mapping(sh, v)
	case kindItem:
		if d.member() && isScalar(d.s.Kind()) {
			return d.wrong(msgParameterized)
		}
		it, err := attr.ScanItemWithin(&d.s, d.levels())
		*v.Addr().Interface().(*attr.Item) = it
		return d.attribute(err)
	case kindValue:
		val, err := attr.ScanValueWithin(&d.s, d.levels())
		*v.Addr().Interface().(*attr.Value) = val
		return d.attribute(err)
	case kindImage:
		return d.image(v.Addr().Interface().(*Image))
	default: // kindRaw
		raw, ok := d.s.Raw()
		v.SetBytes(append([]byte(nil), raw...))
		return ok
	}
}

// levels is how many lists and maps may enclose a value here: one more where the older program reads what is only compared.
func (d *decoder) levels() int {
	if d.compared && !d.newer {
		return attr.MaxNesting
	}
	return attr.MaxNesting - 1
}

// image reads an item in wire form. Its bytes live in the call's scratch memory.
func (d *decoder) image(im *Image) bool {
	start := len(d.c.scratch)
	out, size, err := attr.Canonical(d.c.scratch, &d.s)
	d.c.scratch = out
	im.Wire, im.Size = out[start:len(out):len(out)], size
	return d.attribute(err)
}

// attribute notes what is wrong with an attribute value: its shape ends the decoding, its value is reported at the end.
func (d *decoder) attribute(err error) bool {
	if err == nil {
		return true
	}
	if e, ok := errors.AsType[*attr.Error](err); ok && !e.Serialization {
		if d.invalid == nil {
			if d.newer {
				e = e.InNewer()
			}
			d.invalid = e
		}
		return true
	}
	if d.shape == nil {
		d.shape = serialization(err.Error())
		if d.s.Err() != nil {
			d.shape = serialization("")
		}
	}
	return false
}

// valueRefuser is an input with ExpressionAttributeValues, to which it is said what is wrong with one of them.
type valueRefuser interface{ refuseValues(err error) }

// found names the token at hand as the service's messages do.
func (d *decoder) found() string {
	switch d.s.Kind() {
	case jsonscan.Number:
		look := d.s
		if text, ok := look.Number(); ok && bytes.ContainsAny(text, ".eE") {
			return "DECIMAL_VALUE"
		}
		return "NUMBER_VALUE"
	case jsonscan.True:
		return "TRUE_VALUE"
	case jsonscan.False:
		return "FALSE_VALUE"
	default:
		return "STRING_VALUE"
	}
}

func (d *decoder) list(sh *shape, v reflect.Value) bool {
	if !d.open(jsonscan.Array, sh) {
		return false
	}
	v.Set(reflect.MakeSlice(sh.typ, 0, 0))
	b := d.bounds(sh)
	for n := 1; d.s.Elem(); n++ {
		var elem reflect.Value
		if b.keep() {
			if n == manyListed {
				v.Grow(min(d.left(), b.most-b.kept+1))
			}
			v.Set(reflect.Append(v, b.zero))
			elem = v.Index(n - 1)
		} else {
			elem = b.passing()
		}
		if !d.element(sh, step{pos: n}, elem) {
			return false
		}
		b.passed()
	}
	return d.s.Err() == nil
}

// element reads a member of a list or map; null leaves it as it is.
func (d *decoder) element(sh *shape, at step, v reflect.Value) bool {
	if d.s.Kind() == jsonscan.Null {
		d.s.Skip()
		return true
	}
	d.path = append(d.path, at)
	if !d.value(sh.elem, v) {
		return false
	}
	d.path = d.path[:len(d.path)-1]
	return true
}

func (d *decoder) mapping(sh *shape, v reflect.Value) bool {
	if !d.open(jsonscan.Object, sh) {
		return false
	}
	v.Set(reflect.MakeMap(sh.typ))
	b := d.bounds(sh)
	for {
		name, ok := d.s.Key()
		if !ok {
			return d.s.Err() == nil
		}
		key, keep := string(name), b.keep()
		var elem reflect.Value
		if keep {
			elem = reflect.New(sh.elem.typ).Elem()
		} else {
			elem = b.passing()
		}
		if !d.element(sh, step{name: key + ".member"}, elem) {
			return false
		}
		b.passed()
		if keep {
			v.SetMapIndex(reflect.ValueOf(key), elem)
		}
	}
}
