package engine

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ddb-cli/ddb/internal/attr"
)

// violation is one member that breaks a constraint.
type violation struct {
	value, path, rule string
	order             int // position of the member in the struct that is being read
	rank              rank
}

// rank tells which of several violations are reported.
type rank uint8

const (
	rankAll    rank = iota // with all others
	rankSingle             // the first of its rank
	rankSole               // without any of another rank
)

// sole leaves out what the service does not report beside other violations.
func sole(vs []violation) []violation {
	var alone, out []violation
	single := false
	for _, v := range vs {
		switch {
		case v.rank == rankSole:
			alone = append(alone, v)
		case v.rank == rankSingle && single:
			continue
		}
		single = single || v.rank == rankSingle
		out = append(out, v)
	}
	if alone != nil {
		return alone
	}
	return out
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
		value := " " + v.value
		if v.value == "" {
			value = ""
		}
		fmt.Fprintf(&b, "Value%s at '%s' failed to satisfy constraint: %s", value, v.path, v.rule)
	}
	return validation(b.String())
}

func inOrder(vs []violation) {
	slices.SortStableFunc(vs, func(a, b violation) int { return a.order - b.order })
}

func (d *decoder) violate(value, rule string) {
	d.violations = append(d.violations, violation{value: value, path: d.where(), rule: rule})
}

func (f *fieldShape) limited() bool {
	return f.hasMin || f.hasMax || f.enum != nil || f.match != nil || f.elem != nil || f.key != nil || f.table
}

// checkField checks a member that was given.
func (d *decoder) checkField(f *fieldShape, v reflect.Value) {
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
	size, isLength := measure(v)
	if l.hasMin && size < l.min {
		out = append(out, l.minRule(isLength))
	}
	if l.hasMax && size > l.max {
		out = append(out, l.maxRule(isLength))
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
		out = append(out, l.maxRule(true))
	}
	if l.hasMin {
		out = append(out, l.minRule(true))
	}
	if l.enum != nil {
		out = append(out, l.enumRule())
	}
	if l.match != nil {
		out = append(out, l.patternRule())
	}
	return out
}

func (l *limits) minRule(isLength bool) string {
	if isLength {
		return "Member must have length greater than or equal to " + strconv.FormatInt(l.min, 10)
	}
	return "Member must have value greater than or equal to " + strconv.FormatInt(l.min, 10)
}

func (l *limits) maxRule(isLength bool) string {
	if isLength {
		return "Member must have length less than or equal to " + strconv.FormatInt(l.max, 10)
	}
	return "Member must have value less than or equal to " + strconv.FormatInt(l.max, 10)
}

func (l *limits) enumRule() string {
	return "Member must satisfy enum value set: [" + strings.Join(l.enum, ", ") + "]"
}

func (l *limits) patternRule() string {
	return "Member must satisfy regular expression pattern: " + l.pattern
}

// measure gives what min and max are about.
func measure(v reflect.Value) (size int64, isLength bool) {
	switch v.Kind() {
	case reflect.String:
		return int64(utf8.RuneCountInString(v.String())), true
	case reflect.Slice, reflect.Map:
		return int64(v.Len()), true
	case reflect.Int, reflect.Int32, reflect.Int64:
		return v.Int(), false
	}
	return 0, false
}

// quoted writes a value as the service does in its messages, which is how Java prints it.
func quoted(v reflect.Value) string { return "'" + printed(v) + "'" }

func printed(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case attr.Item:
		return printedItem(x)
	case Image:
		it, _ := x.Item() // it has been read
		return printedItem(it)
	case attr.Value:
		return javaValue
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "null"
		}
		return printed(v.Elem())
	case reflect.String:
		return v.String()
	case reflect.Int, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = printed(v.Index(i))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.Map:
		var parts []string
		for it := v.MapRange(); it.Next(); {
			parts = append(parts, it.Key().String()+"="+printed(it.Value()))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	case reflect.Struct:
		return printedStruct(v)
	}
	return v.Type().Name()
}

// javaValue is how Java prints an attribute value, but for the number of the object behind it.
const javaValue = "com.amazonaws.dynamodb.v20120810.AttributeValue@5d1c4a3b"

func printedItem(it attr.Item) string {
	parts := make([]string, len(it))
	for i, a := range it {
		parts[i] = a.Name + "=" + javaValue
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func printedStruct(v reflect.Value) string {
	t := v.Type()
	var parts []string
	for i := range t.NumField() {
		tag, ok := t.Field(i).Tag.Lookup("wire")
		if !ok {
			continue
		}
		text := "null"
		if !v.Field(i).IsZero() {
			text = printed(v.Field(i))
		}
		name, _, _ := strings.Cut(tag, ",")
		parts = append(parts, strings.ToLower(name[:1])+name[1:]+"="+text)
	}
	name := t.Name()
	if t == typePut || t == typeDelete {
		parts = append(parts, "workloadProfileName=null")
	}
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):] + "(" + strings.Join(parts, ", ") + ")"
}
