package ion

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// word reads a keyword at the parser's place; other symbols are no values.
func (p *parser) word(name string, quoted bool) (attr.Value, bool) {
	if quoted {
		return attr.Value{}, p.fail("symbols are no attribute values")
	}
	p.pos += len(name)
	switch name {
	case "true", "false":
		return attr.Boolean(name == "true"), true
	case "null":
		if p.has(".") { // a null of a type, such as null.string
			p.pos++
			for p.pos < len(p.src) && identifierPart(p.src[p.pos]) {
				p.pos++
			}
		}
		return attr.Null(), true
	}
	p.pos -= len(name)
	return attr.Value{}, p.fail("symbols are no attribute values: " + name)
}

// symbol reads a name, bare or in single quotes.
func (p *parser) symbol() (string, bool) {
	if p.src[p.pos] == '\'' {
		return p.one('\'')
	}
	start := p.pos
	for p.pos < len(p.src) && (identifierStart(p.src[p.pos]) || p.pos > start && identifierPart(p.src[p.pos])) {
		p.pos++
	}
	return string(p.src[start:p.pos]), true
}

// number reads an int or a decimal. Floats, which cannot hold DynamoDB's digits,
// and timestamps are refused.
func (p *parser) number() (attr.Value, bool) {
	start := p.pos
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n\v\f,]}){[(\"'/", p.src[p.pos]) < 0 {
		p.pos++
	}
	text := strings.ReplaceAll(string(p.src[start:p.pos]), "_", "")
	digits := strings.TrimPrefix(text, "-")
	if len(digits) > 2 && (digits[1]|0x20 == 'x' || digits[1]|0x20 == 'b') {
		n, ok := new(big.Int).SetString(text, 0)
		if !ok {
			return attr.Value{}, p.fail("not a number: " + text)
		}
		return attr.Value{Kind: attr.N, Str: n.String()}, true
	}
	switch {
	case len(digits) > 4 && strings.Trim(digits[:4], "0123456789") == "" && (digits[4] == '-' || digits[4] == 'T'):
		return attr.Value{}, p.fail("timestamps are no attribute values")
	case strings.ContainsAny(digits, "eE"), strings.HasPrefix(text, "+"):
		return attr.Value{}, p.fail("floats are no attribute values; write a decimal, such as 1d3")
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "d")
	mantissa = strings.TrimSuffix(mantissa, ".")
	if exponent != "" {
		mantissa += "E" + exponent
	}
	n, err := attr.NormalizeNumber(mantissa)
	if err != nil {
		return attr.Value{}, p.fail(err.Error())
	}
	return attr.Value{Kind: attr.N, Str: n}, true
}

// blob reads binary data; the text in double braces may hold white space.
func (p *parser) blob() (attr.Value, bool) {
	end := bytes.Index(p.src[p.pos:], []byte("}}"))
	if end < 0 {
		return attr.Value{}, p.fail("a blob has no end")
	}
	text := bytes.Join(bytes.Fields(p.src[p.pos+2:p.pos+end]), nil)
	if bytes.IndexByte(text, '"') >= 0 || bytes.IndexByte(text, '\'') >= 0 {
		return attr.Value{}, p.fail("clobs are no attribute values")
	}
	raw, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return attr.Value{}, p.fail("a blob is not base64")
	}
	p.pos += end + 2
	return attr.Binary(raw), true
}
