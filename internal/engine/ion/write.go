// Package ion reads and writes items as text Amazon Ion, in the way DynamoDB's
// exports and imports do: a number is a decimal, binary a blob, a set a list
// with the annotation $dynamodb_SS, $dynamodb_NS or $dynamodb_BS (developer
// guide, "DynamoDB table export output format" and "Amazon S3 import formats").
// Binary Ion is refused by name.
package ion

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Version is the version marker every line of an export begins with.
const Version = "$ion_1_0"

// AppendItem appends an item as a struct on one line.
func AppendItem(dst []byte, it attr.Item) []byte {
	dst = append(dst, '{')
	for i := range it {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendSymbol(dst, it[i].Name), ':')
		dst = appendValue(dst, it[i].Value)
	}
	return append(dst, '}')
}

// appendValue appends an attribute value.
func appendValue(dst []byte, v attr.Value) []byte {
	switch v.Kind {
	case attr.S:
		return appendQuoted(dst, '"', v.Str)
	case attr.N:
		return AppendNumber(dst, v.Str)
	case attr.B:
		dst = append(dst, "{{"...)
		dst = base64.StdEncoding.AppendEncode(dst, []byte(v.Str))
		return append(dst, "}}"...)
	case attr.BOOL:
		return strconv.AppendBool(dst, v.Bool)
	case attr.M:
		return AppendItem(dst, v.Map)
	case attr.SS, attr.NS, attr.BS:
		dst = append(append(append(dst, setPrefix...), v.Kind.String()...), "::"...)
		return appendList(dst, v.List)
	case attr.L:
		return appendList(dst, v.List)
	default:
		return append(dst, "null"...)
	}
}

// setPrefix and the name of a set's type make the annotation of its list.
const setPrefix = "$dynamodb_"

func appendList(dst []byte, list []attr.Value) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, v)
	}
	return append(dst, ']')
}

// smallestPlain is the exponent of the first digit down to which a fraction is
// written without an exponent, as 0.0000012 is.
const smallestPlain = -6

// AppendNumber appends a number in DynamoDB's normal form as a decimal: without
// zeros at its end, which become an exponent (the guide's examples write 103 as
// 103. and 600 as 6d2). The bytes of other texts are appended as they are.
func AppendNumber(dst []byte, number string) []byte {
	n, err := attr.ParseNumber(number)
	if err != nil {
		return append(dst, number...)
	}
	text := n.String()
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		dst, text = append(dst, '-'), rest
	}
	digits, exponent := coefficient(text)
	first := len(digits) - 1 + exponent // exponent of the first digit
	switch {
	case exponent == 0:
		return append(append(dst, digits...), '.')
	case exponent > 0:
		return strconv.AppendInt(append(append(dst, digits...), 'd'), int64(exponent), 10)
	case first >= 0:
		return append(append(append(dst, digits[:first+1]...), '.'), digits[first+1:]...)
	case first >= smallestPlain:
		dst = append(append(dst, "0."...), strings.Repeat("0", -first-1)...)
		return append(dst, digits...)
	}
	return strconv.AppendInt(append(append(dst, digits...), 'd'), int64(exponent), 10)
}

// coefficient takes a number apart: its digits without zeros at either end, and
// the power of ten they are multiplied with. Zero is 0 with the exponent 0.
func coefficient(text string) (digits string, exponent int) {
	mantissa, exp, _ := strings.Cut(strings.ToUpper(text), "E")
	if exp != "" {
		exponent, _ = strconv.Atoi(exp)
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exponent -= len(fraction)
	digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	if trimmed == "" {
		return "0", 0
	}
	return trimmed, exponent
}

// appendSymbol appends a name: bare where Ion takes it for an identifier, else in
// single quotes.
func appendSymbol(dst []byte, name string) []byte {
	if identifier(name) {
		return append(dst, name...)
	}
	return appendQuoted(dst, '\'', name)
}

// identifier reports whether a name can stand without quotes: a letter, $ or _,
// then these and digits; no keyword and no symbol number such as $10.
func identifier(name string) bool {
	switch name {
	case "", "null", "true", "false", "nan":
		return false
	}
	for i := range len(name) {
		if !identifierPart(name[i]) || i == 0 && !identifierStart(name[i]) {
			return false
		}
	}
	if number, ok := strings.CutPrefix(name, "$"); ok && number != "" && strings.Trim(number, "0123456789") == "" {
		return false
	}
	return true
}

func identifierStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$'
}

func identifierPart(c byte) bool { return identifierStart(c) || c >= '0' && c <= '9' }

// appendQuoted appends text in quotes. Control characters are escaped, so a value
// never holds the newline that ends an item.
func appendQuoted(dst []byte, quote byte, text string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, quote)
	for i := range len(text) {
		switch c := text[i]; {
		case c == quote || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c < 0x20 || c == 0x7f:
			dst = append(dst, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, quote)
}
