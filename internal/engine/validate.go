package engine

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// violation is one member that breaks a constraint.
type violation struct {
	value, path, rule string
	text              string // all of it, in other words; empty for those that value, path and rule give
	order             int    // position of the member in the struct that is being read
	rank              rank
}

// rank tells which of several violations are reported.
type rank uint8

const (
	rankAll  rank = iota // with all others
	rankSole             // without any of another rank
)

// sole leaves out what the service does not report beside other violations.
func sole(vs []violation) []violation {
	var alone []violation
	for _, v := range vs {
		if v.rank == rankSole {
			alone = append(alone, v)
		}
	}
	if alone != nil {
		return alone
	}
	return vs
}

// maxViolations is how many violations the service reports; of more it names the number only for the first ten.
const maxViolations = 10

// violated is the exception for all violations of a request.
func violated(vs []violation) error {
	if len(vs) > maxViolations {
		vs = vs[:maxViolations]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d validation error", len(vs))
	if len(vs) > 1 {
		b.WriteByte('s')
	}
	b.WriteString(" detected: ")
	for i, v := range vs {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(v.String())
	}
	return validation(b.String())
}

// String is what the service says of the violation.
func (v violation) String() string {
	if v.text != "" {
		return v.text
	}
	value := v.value
	if value != "" {
		value = " " + value
	}
	return "Value" + value + " at '" + v.path + "' failed to satisfy constraint: " + v.rule
}

func inOrder(vs []violation) {
	slices.SortStableFunc(vs, func(a, b violation) int { return a.order - b.order })
}

func (d *decoder) violate(value, rule string) {
	if d.muted {
		return
	}
	d.violations = append(d.violations, violation{value: value, path: d.where(), rule: rule})
}

func (f *fieldShape) limited() bool {
	return f.hasMin || f.hasMax || f.enum != nil || f.match != nil || f.elem != nil || f.key != nil || f.table
}

// checkField checks a member that was given.
func (d *decoder) checkField(f *fieldShape, v reflect.Value) {
	if d.muted {
		return
	}
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	mark := len(d.violations)
	for _, rule := range f.broken(v) {
		value := ""
		if !f.unvalued {
			value = quoted(v)
		}
		d.violate(value, rule)
	}
	if f.table && len(d.violations) == mark {
		d.checkTableName(v.String())
	}
	if f.elem != nil || f.key != nil {
		d.checkMembers(f, v)
	}
}

// The limits of table names (API reference, CreateTable: TableName). A name may also be an ARN, which resolving checks.
const (
	minTableName = 3
	maxTableName = 255
)

const tableNamePattern = "[a-zA-Z0-9_.-]+"

// checkTableName reports the length first, and an empty name for both (hashicorp/terraform-provider-aws 45903 of 2026, DescribeTable); operations on
// items have a limit of one character besides, which hides the others.
func (d *decoder) checkTableName(name string) {
	if strings.HasPrefix(name, "arn:") {
		return
	}
	if len(name) < minTableName {
		d.violate("'"+name+"'", "Member must have length greater than or equal to "+strconv.Itoa(minTableName))
	}
	if len(name) > maxTableName {
		d.violate("'"+name+"'", "Member must have length less than or equal to "+strconv.Itoa(maxTableName))
	}
	if !validName(name) {
		d.violate("'"+name+"'", "Member must satisfy regular expression pattern: "+tableNamePattern)
	}
}

// validName reports whether name consists of the characters of table and index names.
func validName(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '.', c == '-':
		default:
			return false
		}
	}
	return name != ""
}

// checkMembers checks the members of a list or map of scalars; the service reports such a list as a whole.
func (d *decoder) checkMembers(f *fieldShape, v reflect.Value) {
	var broken bool
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			broken = broken || len(f.elem.broken(v.Index(i))) > 0
		}
		if broken {
			d.violate(quoted(v), "Member must satisfy constraint: ["+strings.Join(f.elem.rules(), ", ")+"]")
		}
	case reflect.Map:
		var badKey, badValue bool
		for it := v.MapRange(); it.Next(); {
			badKey = badKey || f.key != nil && !strings.HasPrefix(it.Key().String(), "arn:") && len(f.key.broken(it.Key())) > 0
			badValue = badValue || f.elem != nil && len(f.elem.broken(it.Value())) > 0
		}
		if badKey {
			d.violate(quoted(v), "Map keys must satisfy constraint: ["+strings.Join(f.key.rules(), ", ")+"]")
		}
		if badValue {
			d.violate(quoted(v), "Map value must satisfy constraint: ["+strings.Join(f.elem.rules(), ", ")+"]")
		}
	}
}

// broken lists the rules v breaks, in the service's words.
func (l *limits) broken(v reflect.Value) []string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	var out []string
	size, what := measure(v)
	if l.hasMin && size < l.min {
		out = append(out, l.minRule(what))
	}
	if l.hasMax && size > l.max {
		out = append(out, l.maxRule(what))
	}
	if v.Kind() == reflect.String {
		if l.enum != nil && !slices.Contains(l.enum, v.String()) {
			out = append(out, l.enumRule())
		}
		if l.match != nil && !l.match.MatchString(v.String()) {
			out = append(out, l.patternRule())
			if n := len(out) - 1; l.patternFirst && n > 0 {
				out = slices.Concat(out[n:], out[:n])
			}
		}
	}
	return out
}

// rules lists all rules of a member of a list or map.
func (l *limits) rules() []string {
	var out []string
	if l.hasMax {
		out = append(out, l.maxRule(ofLength))
	}
	if l.hasMin {
		out = append(out, l.minRule(ofLength))
	}
	if l.enum != nil {
		out = append(out, l.enumRule())
	}
	if l.match != nil {
		out = append(out, l.patternRule())
	}
	return out
}

// What a minimum and a maximum are about, as the service says it.
const (
	ofLength = "length"
	ofValue  = "value"
)

func (l *limits) minRule(what string) string {
	return "Member must have " + what + " greater than or equal to " + strconv.FormatInt(l.min, 10)
}

func (l *limits) maxRule(what string) string {
	return "Member must have " + what + " less than or equal to " + strconv.FormatInt(l.max, 10)
}

func (l *limits) enumRule() string {
	return "Member must satisfy enum value set: [" + strings.Join(l.enum, ", ") + "]"
}

func (l *limits) patternRule() string {
	return "Member must satisfy regular expression pattern: " + l.pattern
}

// measure gives what min and max are about.
func measure(v reflect.Value) (size int64, what string) {
	switch v.Kind() {
	case reflect.String:
		return int64(utf8.RuneCountInString(v.String())), ofLength
	case reflect.Slice, reflect.Map:
		return int64(v.Len()), ofLength
	case reflect.Int, reflect.Int32, reflect.Int64:
		return v.Int(), ofValue
	}
	return 0, ofValue
}
