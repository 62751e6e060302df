package engine

import (
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
