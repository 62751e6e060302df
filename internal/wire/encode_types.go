package wire

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

func encoderOf(t reflect.Type) (encoder, error) {
	switch t {
	case typeTime:
		return appendTime, nil
	case typeValue:
		return func(dst []byte, v reflect.Value) ([]byte, error) {
			return AppendValue(dst, v.Interface().(types.AttributeValue)), nil
		}, nil
	case typeSDKIt:
		return func(dst []byte, v reflect.Value) ([]byte, error) {
			return AppendItem(dst, v.Interface().(map[string]types.AttributeValue)), nil
		}, nil
	case typeStreamValue:
		return func(dst []byte, v reflect.Value) ([]byte, error) {
			return AppendValue(dst, valueFromStream(v.Interface().(streamtypes.AttributeValue))), nil
		}, nil
	case typeStreamItem:
		return func(dst []byte, v reflect.Value) ([]byte, error) {
			return AppendItem(dst, FromStream(v.Interface().(map[string]streamtypes.AttributeValue))), nil
		}, nil
	case typeItem:
		return func(dst []byte, v reflect.Value) ([]byte, error) {
			return attr.AppendItem(dst, v.Interface().(attr.Item)), nil
		}, nil
	case typeAttr:
		return func(dst []byte, v reflect.Value) ([]byte, error) {
			return attr.AppendValue(dst, v.Interface().(attr.Value)), nil
		}, nil
	case typeRaw:
		return func(dst []byte, v reflect.Value) ([]byte, error) { return append(dst, v.Bytes()...), nil }, nil
	}
	switch t.Kind() {
	case reflect.String:
		return func(dst []byte, v reflect.Value) ([]byte, error) { return jsonscan.AppendQuoted(dst, v.String()), nil }, nil
	case reflect.Bool:
		return func(dst []byte, v reflect.Value) ([]byte, error) { return strconv.AppendBool(dst, v.Bool()), nil }, nil
	case reflect.Int, reflect.Int32, reflect.Int64:
		return func(dst []byte, v reflect.Value) ([]byte, error) { return strconv.AppendInt(dst, v.Int(), 10), nil }, nil
	case reflect.Float32, reflect.Float64:
		return appendFloat, nil
	case reflect.Pointer:
		return pointerEncoder(t)
	case reflect.Slice:
		return sliceEncoder(t)
	case reflect.Map:
		return mapEncoder(t)
	case reflect.Struct:
		return func(dst []byte, v reflect.Value) ([]byte, error) { return appendStruct(dst, v, planOf(t), nil) }, nil
	case reflect.Interface:
		return appendAny, nil
	}
	return nil, fmt.Errorf("wire: no JSON form for %s", t)
}

func pointerEncoder(t reflect.Type) (encoder, error) {
	elem, err := encoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	return func(dst []byte, v reflect.Value) ([]byte, error) {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		return elem(dst, v.Elem())
	}, nil
}

func sliceEncoder(t reflect.Type) (encoder, error) {
	if t.Elem().Kind() == reflect.Uint8 {
		return func(dst []byte, v reflect.Value) ([]byte, error) { return appendBinary(dst, v.Bytes()), nil }, nil
	}
	elem, err := encoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	return func(dst []byte, v reflect.Value) ([]byte, error) {
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			var err error
			if dst, err = elem(dst, v.Index(i)); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	}, nil
}

func mapEncoder(t reflect.Type) (encoder, error) {
	if t.Key().Kind() != reflect.String {
		return nil, fmt.Errorf("wire: no JSON form for %s: its keys are not strings", t)
	}
	elem, err := encoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	return func(dst []byte, v reflect.Value) ([]byte, error) {
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int {
			if a.String() < b.String() {
				return -1
			}
			return 1
		})
		dst = append(dst, '{')
		for i, k := range keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(jsonscan.AppendQuoted(dst, k.String()), ':')
			var err error
			if dst, err = elem(dst, v.MapIndex(k)); err != nil {
				return nil, err
			}
		}
		return append(dst, '}'), nil
	}, nil
}

func appendMap[T any](dst []byte, m map[string]T, each func([]byte, T) []byte) []byte {
	dst = append(dst, '{')
	for i, name := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(jsonscan.AppendQuoted(dst, name), ':')
		dst = each(dst, m[name])
	}
	return append(dst, '}')
}

// appendTime writes RFC 3339 in UTC with as many digits of the second as there are.
func appendTime(dst []byte, v reflect.Value) ([]byte, error) {
	t := v.Interface().(time.Time)
	dst = append(dst, '"')
	dst = t.UTC().AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"'), nil
}

func appendFloat(dst []byte, v reflect.Value) ([]byte, error) {
	f := v.Float()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("wire: no JSON form for the number %v", f)
	}
	b, err := json.Marshal(f)
	return append(dst, b...), err
}

// appendAny writes a value known only when it is there, such as a member of a map of ours.
func appendAny(dst []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(dst, "null"...), nil
	}
	return Append(dst, v.Interface())
}
