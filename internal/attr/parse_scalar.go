package attr

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// The Java types that stand in the service's words for a list where something else is expected.
const (
	classString = "class java.lang.String"
	classValue  = "class com.amazonaws.dynamodb.v20120810.AttributeValue"
	classBuffer = "class java.nio.ByteBuffer"
	classMap    = "java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"
)

// open opens an object, as a map of values or as one value.
func (r *reader) open(class, scalar string) bool {
	switch r.s.Kind() {
	case jsonscan.Object:
		return r.s.Open()
	case jsonscan.Array:
		return r.wrong(msgCollection + class)
	case jsonscan.Invalid, jsonscan.EOF:
		return r.s.Skip()
	default:
		return r.wrong(scalar)
	}
}

func (r *reader) openList() bool {
	switch r.s.Kind() {
	case jsonscan.Array:
		return r.s.Open()
	case jsonscan.Object:
		return r.wrong(msgStructure)
	case jsonscan.Invalid, jsonscan.EOF:
		return r.s.Skip()
	default:
		return r.wrong(msgFieldType)
	}
}

// text takes a string, or says in the service's words that something else is there.
func (r *reader) text(class, name string) ([]byte, bool) {
	if r.s.Kind() == jsonscan.String {
		return r.s.Text()
	}
	return nil, r.noScalar(class, name)
}

func (r *reader) noScalar(class, name string) bool {
	var found string
	switch r.s.Kind() {
	case jsonscan.Object:
		return r.wrong(msgStructure)
	case jsonscan.Array:
		return r.wrong(msgCollection + class)
	case jsonscan.Number:
		text, ok := r.s.Number()
		if !ok {
			return false
		}
		found = "NUMBER_VALUE"
		if bytes.ContainsAny(text, ".eE") {
			found = "DECIMAL_VALUE"
		}
	case jsonscan.True:
		found = "TRUE_VALUE"
	case jsonscan.False:
		found = "FALSE_VALUE"
	case jsonscan.String:
		found = "STRING_VALUE"
	default:
		return r.s.Skip()
	}
	return r.wrong(found + " cannot be converted to " + name)
}

func (r *reader) boolean() (value, ok bool) {
	switch r.s.Kind() {
	case jsonscan.True, jsonscan.False:
		k, ok := r.s.Literal()
		return k == jsonscan.True, ok
	case jsonscan.String:
		text, ok := r.s.Text()
		if !ok {
			return false, false
		}
		if value, ok = Truth(string(text)); !ok {
			return false, r.wrong(msgToken)
		}
		return value, true
	case jsonscan.Array:
		return false, r.wrong("")
	default:
		return false, r.noScalar("", "Boolean")
	}
}

// null takes the value of NULL, which says true. What a text says is refused as a value, not as a violation of the request.
func (r *reader) null() bool {
	quoted := r.s.Kind() == jsonscan.String
	set, ok := r.boolean()
	switch {
	case !ok || set:
	case quoted:
		r.refuse(invalid(msgNotNull))
	default:
		r.refuse(notNull())
	}
	return ok
}

// Truth is what a text says where true or false is expected; false if it says neither. The service takes it for the booleans of requests and values
// (eu-west-2 and us-east-1, October 2026: change log of nubo-db/dynoxide 1.3).
func Truth(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "true", "t", "yes", "y", "1":
		return true, true
	case "false", "f", "no", "n", "0":
		return false, true
	}
	return false, false
}

// binary takes a string in base64 and returns the bytes, valid until the next call.
func (r *reader) binary() ([]byte, bool) {
	text, ok := r.text(classBuffer, "ByteBuffer")
	if !ok {
		return nil, false
	}
	if len(text)%4 != 0 {
		return nil, r.wrong("Base64 encoded length is expected a multiple of 4 bytes but found: " + strconv.Itoa(len(text)))
	}
	var err error
	r.scratch, err = base64.StdEncoding.Strict().AppendDecode(r.scratch[:0], text)
	body := bytes.TrimRight(text, "=")
	if err == nil && len(r.scratch) == len(body)*3/4 {
		return r.scratch, true
	}
	for _, c := range body {
		if !isBase64(c) {
			return nil, r.wrong("Invalid Base64 character: '" + string(rune(c)) + "'")
		}
	}
	if len(text)-len(body) > 2 {
		return nil, r.wrong("Invalid Base64 encoding")
	}
	return nil, r.wrong("Invalid last non-pad Base64 character dectected") // spelled so: mhart/dynalite, recorded from the service
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// number takes a string that is a number. Bad numbers are noted, and give "0".
func (r *reader) number() (text []byte, ok bool) {
	text, ok = r.text(classString, "String")
	if !ok || isNormalInteger(text) {
		return text, ok
	}
	x, msg := parseNumber(text)
	if msg != "" {
		if msg == msgNotNumeric {
			r.refuse(notNumeric(string(text)))
		} else {
			r.refuse(constraint(msg))
		}
		return []byte{'0'}, true
	}
	r.scratch = x.Append(r.scratch[:0])
	return r.scratch, true
}
