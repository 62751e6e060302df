package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// exactNumber is a number that float64 cannot hold. It keeps its digits when selected; to compare or compute with it is an error, because the library would see no number and
// quietly answer nothing.
type exactNumber string

var errExact = errors.New("a number with more digits than --query can compare")

// exactSafe are the functions that only move values about.
var exactSafe = []string{
	"not_null", "to_array", "keys", "values", "items", "from_items", "length", "reverse", "merge", "zip", "map", "type", "to_string", "to_number", "group_by",
}

// refuseExact looks for a long number in what is about to be compared.
func (q *jmesQuery) refuseExact(args []any) error {
	for _, a := range args {
		if n, found := findExact(a); found {
			q.failed = fmt.Errorf("--query cannot compare or compute with %s: %w", n, errExact)
			return q.failed
		}
	}
	return nil
}

func findExact(v any) (exactNumber, bool) {
	switch t := v.(type) {
	case exactNumber:
		return t, true
	case []any:
		for _, e := range t {
			if n, ok := findExact(e); ok {
				return n, true
			}
		}
	case map[string]any:
		for _, e := range t {
			if n, ok := findExact(e); ok {
				return n, true
			}
		}
	}
	return "", false
}

// checkLiterals refuses a number in backquotes that float64 would change before anything is compared with it.
func checkLiterals(text string) error {
	var quote byte
	start := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote == 0 && (c == '"' || c == '\'' || c == '`'):
			quote, start = c, i+1
		case quote == c && c != 0:
			if c == '`' {
				if err := checkLiteral(text[start:i]); err != nil {
					return err
				}
			}
			quote = 0
		}
	}
	return nil
}

func checkLiteral(literal string) error {
	tree, err := ParseTree([]byte(literal))
	if err != nil {
		return nil //nolint:nilerr // the library takes bare words as text
	}
	if n, found := findExact(toJMES(tree, nil)); found {
		return &UsageError{Message: fmt.Sprintf("--query cannot compare with %s: it has more digits than a float64 holds", n), Hint: "--filter compares all 38 digits"}
	}
	return nil
}

// numberValue is a float64 where that changes nothing.
func numberValue(n json.Number) any {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || math.IsInf(f, 0) {
		if !jsonNumber(string(n)) {
			return nil
		}
		return exactNumber(n)
	}
	if sameNumber(string(n), strconv.FormatFloat(f, 'e', -1, 64)) {
		return f
	}
	return exactNumber(n)
}

func jsonNumber(s string) bool {
	return json.Valid([]byte(s)) && s != "" && (s[0] == '-' || s[0] >= '0' && s[0] <= '9')
}

// sameNumber compares two decimal texts by their digits and exponent.
func sameNumber(a, b string) bool {
	da, ea, na := decimalParts(a)
	db, eb, nb := decimalParts(b)
	return da == db && (da == "" || ea == eb && na == nb)
}

// decimalParts gives the significant digits, the exponent of the first one, and the sign.
func decimalParts(s string) (digits string, exponent int, negative bool) {
	s, negative = strings.CutPrefix(s, "-")
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exponent, _ = strconv.Atoi(strings.TrimPrefix(s[i+1:], "+"))
		s = s[:i]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	digits = whole + fraction
	exponent += len(whole)
	trimmed := strings.TrimLeft(digits, "0")
	exponent -= len(digits) - len(trimmed)
	return strings.TrimRight(trimmed, "0"), exponent, negative
}

func floatText(f float64) string {
	if a := math.Abs(f); a == 0 || a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
