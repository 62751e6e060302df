package op

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/wire"
)

// Request makes the SDK's input out of an operation's: fields of the same Go name are copied, an empty text is a
// parameter not given unless it is required, items become the SDK's. A field the SDK does not have, or has as another kind,
// is passed over; the registry test finds those that nobody else takes.
func Request[Input any, In any](in *In) *Input {
	out := new(Input)
	from, to := reflect.ValueOf(in).Elem(), reflect.ValueOf(out).Elem()
	for _, c := range copiesOf(from.Type(), to.Type()) {
		c.copy(from.FieldByIndex(c.from), to.FieldByIndex(c.to), c.required)
	}
	return out
}

type fieldCopy struct {
	from, to []int
	required bool
	copy     func(from, to reflect.Value, required bool)
}

var copies sync.Map // [2]reflect.Type → []fieldCopy

func copiesOf(from, to reflect.Type) []fieldCopy {
	pair := [2]reflect.Type{from, to}
	if known, ok := copies.Load(pair); ok {
		return known.([]fieldCopy)
	}
	var list []fieldCopy
	for _, f := range wire.Fields(from) {
		target, ok := to.FieldByName(from.FieldByIndex(f.Index).Name)
		if !ok {
			continue
		}
		if c := copier(f.Type, target.Type); c != nil {
			list = append(list, fieldCopy{f.Index, target.Index, f.Required, c})
		}
	}
	known, _ := copies.LoadOrStore(pair, list)
	return known.([]fieldCopy)
}

func copier(from, to reflect.Type) func(from, to reflect.Value, required bool) {
	switch {
	case from == reflect.TypeFor[attr.Item]():
		return func(from, to reflect.Value, _ bool) {
			if item := from.Interface().(attr.Item); item != nil {
				to.Set(reflect.ValueOf(ToSDK(item)))
			}
		}
	case from == to:
		return func(from, to reflect.Value, _ bool) { to.Set(from) }
	case to.Kind() == reflect.Pointer && from.ConvertibleTo(to.Elem()):
		return func(from, to reflect.Value, required bool) {
			if from.Kind() == reflect.String && from.Len() == 0 && !required {
				return
			}
			p := reflect.New(to.Type().Elem())
			p.Elem().Set(from.Convert(to.Type().Elem()))
			to.Set(p)
		}
	case from.Kind() == reflect.String && to.Kind() == reflect.String:
		return func(from, to reflect.Value, _ bool) { to.SetString(from.String()) }
	}
	return nil
}

// CheckRequest says which fields of an operation's input find no place in the SDK's, and which members of the SDK's no
// field fills.
func CheckRequest(in, sdk reflect.Type) (homeless, unfilled []string) {
	filled := map[string]bool{}
	for _, f := range wire.Fields(in) {
		name := in.FieldByIndex(f.Index).Name
		target, ok := sdk.FieldByName(name)
		switch {
		case !ok:
			homeless = append(homeless, name)
		case copier(f.Type, target.Type) == nil:
			homeless = append(homeless, fmt.Sprintf("%s (%s into %s)", name, f.Type, target.Type))
		default:
			filled[name] = true
		}
	}
	for _, f := range wire.Fields(sdk) {
		if !filled[f.Name] {
			unfilled = append(unfilled, f.Name)
		}
	}
	return homeless, unfilled
}
