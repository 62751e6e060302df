package engine

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// appender is an output that writes its own JSON: those with items, which are copied as they are stored.
type appender interface{ appendJSON(dst []byte) []byte }

// encode appends the JSON of an answer.
func encode(dst []byte, sh *shape, out any) []byte {
	if a, ok := out.(appender); ok {
		return a.appendJSON(dst)
	}
	v := reflect.ValueOf(out)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return append(dst, "{}"...)
		}
		v = v.Elem()
	}
	return encodeValue(dst, sh, v)
}

func encodeValue(dst []byte, sh *shape, v reflect.Value) []byte {
	switch sh.kind {
	case kindPointer:
		return encodeValue(dst, sh.elem, v.Elem())
	case kindStruct:
		return encodeStruct(dst, sh, v)
	case kindString:
		return jsonscan.AppendQuoted(dst, v.String())
	case kindBool:
		return strconv.AppendBool(dst, v.Bool())
	case kindInt:
		return strconv.AppendInt(dst, v.Int(), 10)
	case kindFloat:
		return appendFloat(dst, v.Float())
	case kindTime:
		return appendTime(dst, v.Interface().(time.Time))
	case kindList:
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = encodeValue(dst, sh.elem, v.Index(i))
		}
		return append(dst, ']')
	case kindMap:
		return encodeMap(dst, sh, v)
	case kindItem:
		return attr.AppendItem(dst, v.Interface().(attr.Item))
	case kindValue:
		return attr.AppendValue(dst, v.Interface().(attr.Value))
	case kindImage:
		return append(dst, v.FieldByName("Wire").Bytes()...)
	default: // kindRaw
		return append(dst, v.Bytes()...)
	}
}

func encodeMap(dst []byte, sh *shape, v reflect.Value) []byte {
	keys := make([]string, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		keys = append(keys, it.Key().String())
	}
	slices.Sort(keys)
	dst = append(dst, '{')
	for i, k := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = jsonscan.AppendQuoted(dst, k)
		dst = append(dst, ':')
		dst = encodeValue(dst, sh.elem, v.MapIndex(reflect.ValueOf(k)))
	}
	return append(dst, '}')
}

func encodeStruct(dst []byte, sh *shape, v reflect.Value) []byte {
	dst = append(dst, '{')
	first := true
	for i := range sh.fields {
		f := &sh.fields[i]
		fv := v.FieldByIndex(f.index)
		if f.absent(fv) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = jsonscan.AppendQuoted(dst, f.name)
		dst = append(dst, ':')
		dst = encodeValue(dst, f.shape, fv)
	}
	return append(dst, '}')
}

// absent reports whether an output member is left out: what is nil, empty text, a zero time.
func (f *fieldShape) absent(v reflect.Value) bool {
	if f.keep {
		return false
	}
	switch f.shape.kind {
	case kindPointer, kindList, kindMap, kindItem, kindRaw:
		return v.IsNil()
	case kindString:
		return v.String() == ""
	case kindTime, kindValue, kindImage:
		return v.IsZero()
	case kindInt, kindBool, kindFloat:
		return f.omitEmpty && v.IsZero()
	}
	return false
}

// appendFloat writes a number of units as the service does: always with a fraction.
func appendFloat(dst []byte, f float64) []byte {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		dst = strconv.AppendInt(dst, int64(f), 10)
		return append(dst, ".0"...)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// appendTime writes seconds since 1970 with milliseconds.
func appendTime(dst []byte, t time.Time) []byte {
	return strconv.AppendFloat(dst, float64(t.UnixMilli())/1e3, 'f', -1, 64)
}
