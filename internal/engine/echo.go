package engine

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ddb-cli/ddb/internal/attr"
)

// echoLimit is the most that a message repeats of a member. Java's form of a value is twenty times as long as the value, so the echo of a large request
// would be larger than the memory that it is worth; what the service does with so long a one is not known.
const echoLimit = 1 << 20

// echo writes a value as the service does in its messages, which is how Java prints the objects behind it.
type echo struct {
	b    strings.Builder
	full bool
}

// quoted is a value as messages have it, in quotes.
func quoted(v reflect.Value) string {
	var e echo
	e.print(v)
	text := e.b.String()
	if e.full {
		for !utf8.ValidString(text[len(text)-min(len(text), utf8.UTFMax):]) {
			text = text[:len(text)-1]
		}
		text += "..."
	}
	return "'" + text + "'"
}

func (e *echo) text(s string) {
	if room := echoLimit - e.b.Len(); len(s) > room {
		s, e.full = s[:room], true
	}
	e.b.WriteString(s)
}

// list writes n parts between brackets; after the limit it writes no more of them.
func (e *echo) list(open string, n int, part func(i int), end string) {
	e.text(open)
	for i := 0; i < n && !e.full; i++ {
		if i > 0 {
			e.text(", ")
		}
		part(i)
	}
	e.text(end)
}

func (e *echo) print(v reflect.Value) {
	switch x := v.Interface().(type) {
	case attr.Item:
		if x == nil {
			e.text("null")
			return
		}
		e.item(x)
		return
	case Image:
		it, _ := x.Item() // it has been read
		e.item(it)
		return
	case attr.Value:
		e.value(x)
		return
	case map[string]keysAndAttributes:
		e.text(string(requestJSON(x)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			e.text("null")
			return
		}
		e.print(v.Elem())
	case reflect.String:
		e.text(v.String())
	case reflect.Int, reflect.Int32, reflect.Int64:
		e.text(strconv.FormatInt(v.Int(), 10))
	case reflect.Bool:
		e.text(strconv.FormatBool(v.Bool()))
	case reflect.Slice:
		e.list("[", v.Len(), func(i int) { e.print(v.Index(i)) }, "]")
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		if v.Type().Elem().Kind() == reflect.String { // names of expressions, in Java's order
			keys = inJavaOrder(keys, reflect.Value.String)
		}
		e.list("{", len(keys), func(i int) {
			e.text(keys[i].String() + "=")
			e.print(v.MapIndex(keys[i]))
		}, "}")
	case reflect.Struct:
		e.structure(v)
	default:
		e.text(v.Type().Name())
	}
}

// item writes attributes in the order of Java's hash tables.
func (e *echo) item(it attr.Item) {
	it = inJavaOrder(it, func(a attr.Attribute) string { return a.Name })
	e.list("{", len(it), func(i int) {
		e.text(it[i].Name + "=")
		e.value(it[i].Value)
	}, "}")
}

// valueFields are the fields of Java's class of attribute values, with those of types the service keeps to itself (us-east-1, eu-west-1 and us-west-2 in
// October 2026: source of nubo-db/dynoxide 3.2; a few hosts print the address of the object instead).
var valueFields = [...]struct {
	name string
	kind attr.Kind
}{
	{"s", attr.S},
	{"n", attr.N},
	{"b", attr.B},
	{"iNT", 0},
	{"dECIMAL", 0},
	{"dOUBLE", 0},
	{"sS", attr.SS},
	{"nS", attr.NS},
	{"bS", attr.BS},
	{"iNTSET", 0},
	{"dECIMALSET", 0},
	{"dOUBLESET", 0},
	{"m", attr.M},
	{"l", attr.L},
	{"nULL", attr.NULL},
	{"bOOL", attr.BOOL},
}

func (e *echo) value(v attr.Value) {
	e.list("AttributeValue(", len(valueFields), func(i int) {
		e.text(valueFields[i].name + "=")
		if v.Kind == attr.Invalid || v.Kind != valueFields[i].kind {
			e.text("null")
			return
		}
		e.content(v)
	}, ")")
}

// content writes what a value holds.
func (e *echo) content(v attr.Value) {
	switch v.Kind {
	case attr.B:
		n := strconv.Itoa(len(v.Str))
		e.text("java.nio.HeapByteBuffer[pos=0 lim=" + n + " cap=" + n + "]")
	case attr.SS, attr.NS, attr.BS:
		e.list("[", len(v.List), func(i int) { e.content(v.List[i]) }, "]")
	case attr.L:
		e.list("[", len(v.List), func(i int) { e.value(v.List[i]) }, "]")
	case attr.M:
		e.item(v.Map)
	case attr.BOOL:
		e.text(strconv.FormatBool(v.Bool))
	case attr.NULL:
		e.text("true")
	default:
		e.text(v.Str)
	}
}

// profiled are the types that have a member in the service's messages that is none of the API's.
var profiled = map[reflect.Type]bool{
	reflect.TypeFor[putRequest](): true, reflect.TypeFor[deleteRequest](): true, reflect.TypeFor[transactGet](): true, reflect.TypeFor[transactPut](): true,
	reflect.TypeFor[transactUpdate](): true, reflect.TypeFor[transactDelete](): true, reflect.TypeFor[transactCheck](): true,
}

func (e *echo) structure(v reflect.Value) {
	t := v.Type()
	fields := echoed(t)
	parts := len(fields)
	if profiled[t] {
		parts++
	}
	e.list(modelName(t)+"(", parts, func(i int) {
		if i == len(fields) {
			e.text("workloadProfileName=null")
			return
		}
		f := fields[i]
		tag, _, _ := strings.Cut(f.Tag.Get("wire"), ",")
		e.text(strings.ToLower(tag[:1]) + tag[1:] + "=")
		if fv := v.FieldByIndex(f.Index); fv.IsZero() {
			e.text("null")
		} else {
			e.print(fv)
		}
	}, ")")
}

// echoed lists the members of a type in the order in which Java prints them: those of a transaction's condition begin with its text and the table.
func echoed(t reflect.Type) (fields []reflect.StructField) {
	for _, f := range reflect.VisibleFields(t) {
		if _, ok := f.Tag.Lookup("wire"); ok {
			fields = append(fields, f)
		}
	}
	if _, ok := t.FieldByName("transactCondition"); !ok {
		return fields
	}
	condition := slices.IndexFunc(fields, func(f reflect.StructField) bool { return f.Name == "ConditionExpression" })
	table := slices.IndexFunc(fields, func(f reflect.StructField) bool { return f.Name == "TableName" })
	if table > condition {
		moved := fields[table]
		fields = slices.Insert(slices.Delete(fields, table, table+1), condition, moved)
	}
	return fields
}
