package expression

import "github.com/ddb-cli/ddb/internal/attr"

// LegacyUpdates plans AttributeUpdates. ADD also appends to a list, which an update expression does not do.
func LegacyUpdates(raw []byte) (*Update, error) {
	entries, err := readLegacy("attributeUpdates", raw)
	if err != nil {
		return nil, err
	}
	u := &Update{}
	for i := range entries {
		a, err := entries[i].update()
		if err != nil {
			return nil, err
		}
		u.actions = append(u.actions, a)
	}
	u.arrange()
	return u, nil
}

func (l *legacyEntry) update() (action, *Error) {
	a := action{path: Path{{Name: l.name}}, add: l.value, legacy: true}
	if l.value == nil {
		if l.action != "DELETE" {
			return a, fail(msgOnlyDelete)
		}
		a.kind = keyRemove
		return a, nil
	}
	k := l.value.Kind
	switch l.action {
	case "ADD":
		a.kind = keyAdd
		if k != attr.N && k != attr.L && !k.IsSet() {
			return a, fail(parameters + "ADD action is not supported for the type " + kindWords[k])
		}
	case "DELETE":
		a.kind = keyDelete
		if !k.IsSet() {
			return a, fail(parameters + "DELETE action with value is not supported for the type " + kindWords[k])
		}
	default:
		a.kind, a.value = keySet, &setConstant{l.value}
	}
	return a, nil
}
