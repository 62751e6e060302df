package expression

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// legacyEntry is what a legacy parameter says of one attribute. Which fields may be set depends on the parameter.
type legacyEntry struct {
	name     string
	operator string       // ComparisonOperator
	values   []attr.Value // AttributeValueList; nil if absent
	value    *attr.Value  // Value
	exists   *bool        // Exists
	action   string       // Action
}

// legacyReader reads one legacy parameter. Errors of shape end it; errors of value are kept until the end, as the service reports shape first.
type legacyReader struct {
	s     jsonscan.Scanner
	field string // the parameter as paths in messages name it
	value error
}

// readLegacy reads a legacy parameter: an object of entries by attribute name. Of a name given twice the last entry counts.
func readLegacy(field string, raw []byte) ([]legacyEntry, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	r := legacyReader{s: jsonscan.New(raw), field: field}
	var entries []legacyEntry
	if r.s.Kind() == jsonscan.Null {
		return nil, nil
	}
	if r.s.Kind() != jsonscan.Object {
		return nil, shape("Unexpected field type")
	}
	r.s.Open()
	for {
		name, ok := r.s.Key()
		if !ok {
			break
		}
		entry := legacyEntry{name: string(name)}
		if err := r.entry(&entry); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(entries, func(l legacyEntry) bool { return l.name == entry.name }); i >= 0 {
			entries[i] = entry
		} else {
			entries = append(entries, entry)
		}
	}
	if err := r.s.Err(); err != nil {
		return nil, shape(err.Error())
	}
	if r.value != nil {
		return nil, r.value
	}
	for i := range entries {
		if err := entries[i].constrain(field); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func shape(message string) error { return &attr.Error{Serialization: true, Message: message} }

// entry reads the object behind an attribute's name.
func (r *legacyReader) entry(l *legacyEntry) error {
	if r.s.Kind() != jsonscan.Object {
		return shape("Unexpected value type in payload")
	}
	r.s.Open()
	for {
		key, ok := r.s.Key()
		if !ok {
			break
		}
		if r.s.Kind() == jsonscan.Null {
			r.s.Skip()
			continue
		}
		var err error
		switch string(key) {
		case "ComparisonOperator":
			l.operator, err = r.text()
		case "Action":
			l.action, err = r.text()
		case "Exists":
			err = r.exists(l)
		case "Value":
			var v attr.Value
			if v, err = r.attribute(); err == nil {
				l.value = &v
			}
		case "AttributeValueList":
			err = r.list(l)
		default:
			r.s.Skip()
		}
		if err != nil {
			return err
		}
	}
	if err := r.s.Err(); err != nil {
		return shape(err.Error())
	}
	return nil
}

func (r *legacyReader) text() (string, error) {
	switch r.s.Kind() {
	case jsonscan.String:
		text, _ := r.s.Text()
		return string(text), nil
	case jsonscan.Object:
		return "", shape("Start of structure or map found where not expected.")
	case jsonscan.Array:
		return "", shape("Unrecognized collection type class java.lang.String")
	case jsonscan.Number:
		return "", shape("NUMBER_VALUE cannot be converted to String")
	case jsonscan.True:
		return "", shape("TRUE_VALUE cannot be converted to String")
	case jsonscan.False:
		return "", shape("FALSE_VALUE cannot be converted to String")
	default:
		r.s.Skip()
		return "", nil
	}
}

func (r *legacyReader) exists(l *legacyEntry) error {
	k, ok := r.s.Literal()
	if !ok {
		return shape("Unexpected token received from parser")
	}
	exists := k == jsonscan.True
	l.exists = &exists
	return nil
}

// attribute reads a value; an invalid one is remembered.
func (r *legacyReader) attribute() (attr.Value, error) {
	v, err := attr.ScanValue(&r.s)
	if e, ok := err.(*attr.Error); ok && e.Serialization {
		return v, err
	}
	if err != nil && r.value == nil {
		r.value = err
	}
	return v, nil
}

func (r *legacyReader) list(l *legacyEntry) error {
	if r.s.Kind() != jsonscan.Array {
		return shape("Unexpected field type")
	}
	r.s.Open()
	l.values = []attr.Value{}
	for r.s.Elem() {
		v, err := r.attribute()
		if err != nil {
			return err
		}
		l.values = append(l.values, v)
	}
	return nil
}

// constrain holds an entry to the constraints of the service's model.
func (l *legacyEntry) constrain(field string) *Error {
	detected := func(value, member, constraint string) *Error {
		return fail("1 validation error detected: Value " + value + " at '" + field + "." + l.name + ".member." + member +
			"' failed to satisfy constraint: " + constraint)
	}
	if field == "attributeUpdates" {
		if l.action != "" && !strings.Contains(" ADD PUT DELETE ", " "+l.action+" ") {
			return detected("'"+l.action+"'", "action", "Member must satisfy enum value set: "+legacyActions)
		}
		return nil
	}
	if l.operator == "" {
		if field == "expected" {
			return nil
		}
		return detected("null", "comparisonOperator", "Member must not be null")
	}
	if _, ok := comparisonOperators[l.operator]; !ok {
		return detected("'"+l.operator+"'", "comparisonOperator", "Member must satisfy enum value set: "+legacyOperators)
	}
	return nil
}
