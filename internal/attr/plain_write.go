package attr

import (
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// AppendPlainItem appends an item in plain JSON, which ParsePlainItem reads back to an equal item.
func AppendPlainItem(dst []byte, it Item) []byte {
	dst = append(dst, '{')
	for i := range it {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(jsonscan.AppendQuoted(dst, it[i].Name), ':')
		dst = AppendPlainValue(dst, it[i].Value)
	}
	return append(dst, '}')
}

// AppendPlainValue appends a value in plain JSON. Binary and sets are written with their type; so is a map that would otherwise be taken for a typed value.
func AppendPlainValue(dst []byte, v Value) []byte {
	switch v.Kind {
	case S:
		return jsonscan.AppendQuoted(dst, v.Str)
	case N:
		return appendPlainNumber(dst, v.Str)
	case BOOL:
		if v.Bool {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case NULL, Invalid:
		return append(dst, "null"...)
	case L:
		dst = append(dst, '[')
		for i := range v.List {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendPlainValue(dst, v.List[i])
		}
		return append(dst, ']')
	case M:
		if len(v.Map) == 1 {
			if _, taken := ParseKind(v.Map[0].Name); taken {
				return append(AppendPlainItem(append(dst, `{"M":`...), v.Map), '}')
			}
		}
		return AppendPlainItem(dst, v.Map)
	default:
		return AppendValue(dst, v)
	}
}

// appendPlainNumber writes a number's digits as they are where JSON allows, in normal form elsewhere. What is no number at all stays a typed value.
func appendPlainNumber(dst []byte, text string) []byte {
	s := jsonscan.New([]byte(text))
	if _, ok := s.Number(); ok && s.Pos() == len(text) {
		return append(dst, text...)
	}
	if n, err := NormalizeNumber(text); err == nil {
		return append(dst, n...)
	}
	return AppendValue(dst, Value{Kind: N, Str: text})
}
