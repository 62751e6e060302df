package engine

import (
	"bytes"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// decode reads a request body into the struct in points to and checks it. The service's order: the JSON and its types
// first, then every constraint together, then the values of items.
func decode(c *call, sh *shape, body []byte, in any) error {
	d := decoder{s: jsonscan.New(body), c: c, body: body}
	_, d.newer = in.(newerRead)
	if d.s.Kind() != jsonscan.Object { // an empty body is none either
		return serialization("")
	}
	v := reflect.ValueOf(in).Elem()
	ok := d.structure(sh, v)
	switch {
	case d.shape != nil:
		return d.shape
	case !ok || !d.s.End():
		return serialization("")
	case d.absent != "":
		return validation("The parameter '" + d.absent + "' is required but was not present in the request")
	}
	if a, ok := in.(arranged); ok {
		if err := a.arrange(d.violations, d.coerced); err != nil {
			return err
		}
	} else if len(d.violations) > 0 {
		return violated(sole(d.violations))
	}
	if d.excess != nil {
		return violated([]violation{*d.excess})
	}
	if w, ok := in.(singleWrite); ok {
		w.keep(body)
	}
	if d.invalid != nil {
		err := d.invalid
		if d.newer && handedBack(body) {
			err = inOlder(err)
		}
		if p, ok := in.(parameterized); ok && !attr.IsNoName(err) {
			if wrong := p.parameters(); wrong != nil {
				err = wrong
			}
		}
		if w, ok := in.(singleWrite); ok {
			err = w.enveloped(err)
		}
		return err
	}
	return nil
}

// decoder reads one request.
type decoder struct {
	s          jsonscan.Scanner
	c          *call
	body       []byte
	path       []step
	violations []violation
	absent     string     // the member whose absence is reported alone
	shape      error      // the first wrong type
	invalid    error      // the first bad attribute value
	newer      bool       // the newer of the service's programs reads the request
	coerced    bool       // a number was cut to fit
	compared   bool       // the values at hand are only compared
	longest    int        // list or map that the member at hand may be; 0 for no limit
	muted      bool       // what is violated now is never told
	excess     *violation // the first list or map of more members than are kept
}

// step is one part of the path to a member: a name, or the position in a list (from 1).
type step struct {
	name string
	pos  int
}

// where writes the path of the value being read, as the service does: keySchema.1.member.attributeName.
func (d *decoder) where() string {
	var b strings.Builder
	for i, p := range d.path {
		if i > 0 {
			b.WriteByte('.')
		}
		if p.pos > 0 {
			b.WriteString(strconv.Itoa(p.pos))
			b.WriteString(".member")
			continue
		}
		b.WriteString(p.name)
	}
	return b.String()
}

func (d *decoder) wrong(message string) bool {
	if d.shape == nil {
		d.shape = serialization(message)
	}
	return false
}

// structure reads an object into a struct and checks its members.
func (d *decoder) structure(sh *shape, v reflect.Value) bool {
	if !d.open(jsonscan.Object, sh) {
		return false
	}
	var seen uint64
	first := len(d.violations)
	for {
		name, ok := d.s.Key()
		if !ok {
			break
		}
		i := sh.field(name)
		if i < 0 || d.s.Kind() == jsonscan.Null {
			if !d.s.Skip() {
				return false
			}
			continue
		}
		f := &sh.fields[i]
		seen |= 1 << i
		d.path = append(d.path, step{name: f.path})
		mark := len(d.violations)
		fv, before := v.FieldByIndex(f.index), d.invalid
		d.compared = f.values || f.compared
		if d.longest = 0; f.hasMax {
			d.longest = int(f.max)
		}
		if !d.value(f.shape, fv) {
			return false
		}
		if f.values && before == nil && d.invalid != nil {
			v.Addr().Interface().(valueRefuser).refuseValues(d.invalid)
			d.invalid = nil
		}
		if f.start && before == nil && d.invalid != nil {
			d.invalid = startError(d.invalid)
		}
		if f.limited() {
			d.checkField(f, fv)
		}
		for k := mark; k < len(d.violations); k++ {
			d.violations[k].order, d.violations[k].rank = i+1, f.rank
		}
		d.path = d.path[:len(d.path)-1]
	}
	if d.s.Err() != nil {
		return false
	}
	for i := range sh.fields {
		f := &sh.fields[i]
		if !f.required || seen&(1<<i) != 0 {
			continue
		}
		if f.alone {
			d.absent = f.name
		} else if !d.muted {
			d.path = append(d.path, step{name: f.path})
			d.violate("null", "Member must not be null")
			last := &d.violations[len(d.violations)-1]
			last.order, last.rank = i+1, f.rank
			d.path = d.path[:len(d.path)-1]
		}
	}
	if len(d.violations) > first+1 {
		inOrder(d.violations[first:])
	}
	return true
}

// field finds a member by its name on the wire.
func (sh *shape) field(name []byte) int {
	for i := range sh.fields {
		if sh.fields[i].name == string(name) {
			return i
		}
	}
	return -1
}

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
		d.path = append(d.path, step{pos: n})
		if d.s.Kind() == jsonscan.Null {
			d.s.Skip()
		} else if !d.value(sh.elem, elem) {
			return false
		}
		d.path = d.path[:len(d.path)-1]
		b.passed()
	}
	return d.s.Err() == nil
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
		d.path = append(d.path, step{name: key + ".member"})
		if d.s.Kind() == jsonscan.Null {
			d.s.Skip()
		} else if !d.value(sh.elem, elem) {
			return false
		}
		d.path = d.path[:len(d.path)-1]
		b.passed()
		if keep {
			v.SetMapIndex(reflect.ValueOf(key), elem)
		}
	}
}
