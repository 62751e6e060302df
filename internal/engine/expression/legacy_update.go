package expression

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// LegacyUpdates plans AttributeUpdates. ADD also appends to a list, which an update expression does not do.
func LegacyUpdates(entries []LegacyUpdate) (*Update, error) {
	u := &Update{}
	for i := range entries {
		a, err := entries[i].plan()
		if err != nil {
			return nil, err
		}
		u.actions = append(u.actions, a)
	}
	u.arrange()
	return u, nil
}

// OnlyDeletes reports that the update is of AttributeUpdates that all have the action DELETE. They make no item where there is none, as the developer guide
// says; an update expression does.
func (u *Update) OnlyDeletes() bool {
	return len(u.actions) > 0 && !slices.ContainsFunc(u.actions, func(a action) bool { return !a.legacy || a.kind == keySet || a.kind == keyAdd })
}

func (l *LegacyUpdate) plan() (action, *Error) {
	if l.Name == "" {
		return action{}, fail("Empty attribute name")
	}
	a := action{path: Path{{Name: l.Name}}, add: l.Value, legacy: true}
	switch l.Action {
	case "", "PUT", "ADD", "DELETE":
	default: // as the service words it, with half of its quotes
		return a, fail("Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action")
	}
	if l.Value == nil {
		if l.Action != "DELETE" {
			return a, fail(msgOnlyDelete)
		}
		a.kind = keyRemove
		return a, nil
	}
	k := l.Value.Kind
	switch l.Action {
	case "ADD":
		a.kind = keyAdd
		if k != attr.N && k != attr.L && !k.IsSet() {
			return a, fail(parameters + "ADD action is not supported for the type " + k.String())
		}
	case "DELETE":
		a.kind = keyDelete
		if !k.IsSet() {
			return a, fail(parameters + "DELETE action with value is not supported for the type " + k.String())
		}
	default:
		a.kind, a.value = keySet, &setConstant{l.Value}
	}
	return a, nil
}
