package render

import (
	"encoding/json"
	"strconv"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

func appendCompact(dst []byte, v any) []byte {
	switch t := v.(type) {
	case []any:
		dst = append(dst, '[')
		for i, e := range t {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendCompact(dst, e)
		}
		return append(dst, ']')
	case *Object:
		dst = append(dst, '{')
		for i, f := range t.Fields {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, f.Name), ':')
			dst = appendCompact(dst, f.Value)
		}
		return append(dst, '}')
	default:
		return appendScalar(dst, v)
	}
}

func appendIndented(dst []byte, v any, depth int) []byte {
	switch t := v.(type) {
	case []any:
		if len(t) == 0 {
			return append(dst, "[]"...)
		}
		dst = append(dst, '[')
		for i, e := range t {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendIndented(newline(dst, depth+1), e, depth+1)
		}
		return append(newline(dst, depth), ']')
	case *Object:
		if len(t.Fields) == 0 {
			return append(dst, "{}"...)
		}
		dst = append(dst, '{')
		for i, f := range t.Fields {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(newline(dst, depth+1), f.Name), ": "...)
			dst = appendIndented(dst, f.Value, depth+1)
		}
		return append(newline(dst, depth), '}')
	default:
		return appendScalar(dst, v)
	}
}

func newline(dst []byte, depth int) []byte {
	dst = append(dst, '\n')
	for range depth {
		dst = append(dst, "  "...)
	}
	return dst
}

func appendScalar(dst []byte, v any) []byte {
	switch t := v.(type) {
	case string:
		return appendString(dst, t)
	case json.Number:
		return append(dst, t...)
	case bool:
		return strconv.AppendBool(dst, t)
	default:
		return append(dst, "null"...)
	}
}

// appendString writes a JSON string without the HTML escapes of encoding/json.
func appendString(dst []byte, s string) []byte { return jsonscan.AppendQuoted(dst, s) }
