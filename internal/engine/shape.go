package engine

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
)

// A wire type is a Go struct whose fields carry the API's names and constraints in a tag:
//
//	TableName string   `wire:"TableName,required,min=1,max=1024"`
//	Limit     *int64   `wire:"Limit,min=1"`
//	Mode      string   `wire:"BillingMode,enum=PROVISIONED|PAY_PER_REQUEST"`
//	Names     []string `wire:"NonKeyAttributes,min=1,max=20,elem.min=1,elem.max=255"`
//
// Options: required, and with it alone for a member whose absence is reported by itself, in older words; min and max (length of text, lists and maps, value of numbers); enum; pattern (whole text; \x2C for a comma; before min it is reported first);
// elem.min, elem.max, elem.pattern for members of a list or values of a map, key.min, key.max, key.pattern for keys of a map, which may also be ARNs; table
// for a table name or ARN; sole for a member whose violations are reported without any other; unvalued for one that is reported without its value; start for a key to go on from, whose values' errors say so; values for ExpressionAttributeValues, whose errors name it; compared for other values that are not stored; name=path for a path that is not the name with a small first letter; keep for an output
// member that is written even when empty, omitempty for a number or boolean that is left out when zero.
//
// Types: string, bool, int64, int32, int, float64, time.Time (epoch seconds), structs, pointers to these (nil = absent),
// slices, maps with string keys, attr.Item, attr.Value, Image (an item kept in wire form) and json.RawMessage.
type shape struct {
	typ    reflect.Type
	kind   shapeKind
	fields []fieldShape // of a struct
	elem   *shape       // of a pointer, list or map
	filled int          // about how many bytes it takes with all members given, and one member in each list
}

// What the smallest item and the smallest map take.
const (
	itemRoom = 768
	mapRoom  = 256
)

type shapeKind uint8

const (
	kindString shapeKind = iota
	kindBool
	kindInt
	kindFloat
	kindTime
	kindStruct
	kindPointer
	kindList
	kindMap
	kindItem
	kindValue
	kindImage
	kindRaw
)

type fieldShape struct {
	name  string // on the wire
	path  string // in messages
	index []int
	shape *shape
	limits
	required  bool
	alone     bool
	table     bool
	keep      bool
	omitEmpty bool
	values    bool
	compared  bool
	unvalued  bool
	start     bool
	rank      rank
}

// limits are a member's constraints.
type limits struct {
	min, max       int64
	hasMin, hasMax bool
	enum           []string
	pattern        string
	match          *regexp.Regexp
	patternFirst   bool // it is reported before the length, as the tag has it
	elem, key      *limits
}

var (
	typeItem  = reflect.TypeFor[attr.Item]()
	typeValue = reflect.TypeFor[attr.Value]()
	typeImage = reflect.TypeFor[Image]()
	typeTime  = reflect.TypeFor[time.Time]()
	typeRaw   = reflect.TypeFor[rawJSON]()
)

// rawJSON is a value passed through as it stands.
type rawJSON []byte

var shapes struct {
	sync.Mutex
	byType map[reflect.Type]*shape
}

// shapeOf returns a function that makes T's shape the first time it is needed, so that starting costs nothing.
func shapeOf[T any]() func() *shape {
	return sync.OnceValue(func() *shape {
		shapes.Lock()
		defer shapes.Unlock()
		if shapes.byType == nil {
			shapes.byType = map[reflect.Type]*shape{}
		}
		return makeShape(reflect.TypeFor[T]())
	})
}

func makeShape(t reflect.Type) *shape {
	if s := shapes.byType[t]; s != nil {
		return s
	}
	s := &shape{typ: t, filled: int(t.Size())}
	shapes.byType[t] = s
	switch t {
	case typeItem:
		s.kind = kindItem
		s.filled += itemRoom
		return s
	case typeValue:
		s.kind = kindValue
		return s
	case typeImage:
		s.kind = kindImage
		return s
	case typeTime:
		s.kind = kindTime
		return s
	case typeRaw:
		s.kind = kindRaw
		return s
	}
	switch t.Kind() {
	case reflect.String:
		s.kind = kindString
	case reflect.Bool:
		s.kind = kindBool
	case reflect.Int, reflect.Int32, reflect.Int64:
		s.kind = kindInt
	case reflect.Float64:
		s.kind = kindFloat
	case reflect.Pointer:
		s.kind, s.elem = kindPointer, makeShape(t.Elem())
		s.filled += s.elem.filled
	case reflect.Slice:
		s.kind, s.elem = kindList, makeShape(t.Elem())
		s.filled += s.elem.filled
	case reflect.Map:
		s.kind, s.elem = kindMap, makeShape(t.Elem())
		s.filled += mapRoom + s.elem.filled
	case reflect.Struct:
		s.kind = kindStruct
		for _, f := range reflect.VisibleFields(t) {
			if tag, ok := f.Tag.Lookup("wire"); ok {
				field := makeField(t, f, tag)
				s.fields = append(s.fields, field)
				s.filled += field.shape.filled - int(f.Type.Size())
			}
		}
	default:
		panic(fmt.Sprintf("wire type %v: kind %v has no wire form", t, t.Kind()))
	}
	return s
}

func makeField(t reflect.Type, f reflect.StructField, tag string) fieldShape {
	parts := strings.Split(tag, ",")
	fs := fieldShape{name: parts[0], index: f.Index, shape: makeShape(f.Type)}
	fs.path = strings.ToLower(fs.name[:1]) + fs.name[1:]
	for _, p := range parts[1:] {
		option, value, _ := strings.Cut(p, "=")
		switch option {
		case "required":
			fs.required = true
		case "alone":
			fs.alone = true
		case "table":
			fs.table = true
		case "keep":
			fs.keep = true
		case "values":
			fs.values = true
		case "compared":
			fs.compared = true
		case "start":
			fs.start = true
		case "unvalued":
			fs.unvalued = true
		case "sole":
			fs.rank = rankSole
		case "omitempty":
			fs.omitEmpty = true
		case "name":
			fs.path = value
		default:
			if err := fs.set(option, value); err != nil {
				panic(fmt.Sprintf("wire type %v, member %s: %v", t, fs.name, err))
			}
		}
	}
	return fs
}

// fromJava turns what the model's patterns have of Java's regular expressions alone into this language's. Messages have a pattern as the model has it.
var fromJava = strings.NewReplacer(`\p{Print}`, `[[:print:]]`, `\u0020`, `\x{20}`, `\uD7FF`, `\x{D7FF}`, `\uE000`, `\x{E000}`, `\uFFFD`, `\x{FFFD}`,
	`\uD800\uDC00`, `\x{10000}`, `\uDBFF\uDFFF`, `\x{10FFFF}`)

func (l *limits) set(option, value string) error {
	if rest, ok := strings.CutPrefix(option, "elem."); ok {
		if l.elem == nil {
			l.elem = new(limits)
		}
		return l.elem.set(rest, value)
	}
	if rest, ok := strings.CutPrefix(option, "key."); ok {
		if l.key == nil {
			l.key = new(limits)
		}
		return l.key.set(rest, value)
	}
	var err error
	switch option {
	case "min":
		l.hasMin = true
		l.min, err = strconv.ParseInt(value, 10, 64)
	case "max":
		l.hasMax = true
		l.max, err = strconv.ParseInt(value, 10, 64)
	case "enum":
		l.enum = strings.Split(value, "|")
	case "pattern":
		value = strings.ReplaceAll(value, `\x2C`, ",")
		l.pattern, l.patternFirst = value, !l.hasMin && !l.hasMax
		l.match, err = regexp.Compile("^(?:" + fromJava.Replace(value) + ")$")
	default:
		err = fmt.Errorf("unknown option %q", option)
	}
	return err
}
