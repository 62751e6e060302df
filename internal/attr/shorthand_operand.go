package attr

import (
	"strconv"
	"strings"
)

// functions are the names a condition may call: the terminal's short ones and the service's own.
var functions = map[string]string{
	"exists": "attribute_exists", "attribute_exists": "attribute_exists",
	"missing": "attribute_not_exists", "attribute_not_exists": "attribute_not_exists",
	"type": "attribute_type", "attribute_type": "attribute_type",
	"begins_with": "begins_with", "contains": "contains", "size": "size",
}

// right is value for what an attribute is compared with, where a word without quotes is noted.
func (sp *shorthandParser) right(b *strings.Builder, op string) error {
	before := sp.pos
	if err := sp.value(b); err != nil {
		return err
	}
	if word := strings.TrimSpace(sp.src[before:sp.tok.offset]); plainWord(word) && sp.holders.isName(word) && plainWord(sp.left) && sp.holders.isName(sp.left) {
		term := sp.left + " " + op + ` "` + word + `"`
		if op == "in" {
			term = sp.left + ` in ("` + word + `", …)`
		}
		sp.holders.Bare = append(sp.holders.Bare, bareWord{word, term})
	}
	return nil
}

// isName tells whether a word was read as the name of an attribute, and not as a number, true, false or null.
func (p *Placeholders) isName(word string) bool { return p.Names["#"+word] == word }

// value advances past the token before an operand that is not a truth of its own, and writes it.
func (sp *shorthandParser) value(b *strings.Builder) error {
	if err := sp.toOperand(); err != nil {
		return err
	}
	text, truth, err := sp.operand()
	if err != nil {
		return err
	}
	if truth {
		return sp.fail(sp.tok.offset, "a condition where a value was expected", "")
	}
	b.WriteString(text)
	return nil
}

// operand reads a path, a value or a function call; truth tells that the call is a condition by itself.
func (sp *shorthandParser) operand() (text string, truth bool, err error) {
	switch sp.tok.kind {
	case tokText:
		return sp.literalValue(Value{Kind: S, Str: sp.tok.text})
	case tokNumber:
		return sp.literalValue(Value{Kind: N, Str: sp.tok.text})
	case tokLiteral:
		v, err := ParsePlainValue([]byte(sp.tok.text))
		if err != nil {
			return "", false, sp.fail(sp.tok.offset, "malformed value: "+err.Error(), "")
		}
		return sp.literalValue(v)
	case tokHolder, tokName:
	default:
		return "", false, sp.expected("an attribute name or a value", "")
	}
	switch {
	case sp.tok.is("true"), sp.tok.is("false"):
		return sp.literalValue(Value{Kind: BOOL, Bool: sp.tok.is("true")})
	case sp.tok.is("null"):
		return sp.literalValue(Value{Kind: NULL})
	case sp.tok.is("and"), sp.tok.is("or"), sp.tok.is("not"), sp.tok.is("in"), sp.tok.is("between"):
		return "", false, sp.expected("an attribute name or a value", "an attribute with this name is written in backquotes: `"+sp.tok.text+"`")
	}
	first := sp.tok
	if err := sp.toOperator(); err != nil {
		return "", false, err
	}
	if first.kind == tokName && !first.quoted && sp.tok.is("(") {
		return sp.call(first)
	}
	text, err = sp.path(first)
	return text, false, err
}

func (sp *shorthandParser) literalValue(v Value) (string, bool, error) {
	holder := sp.holders.Value(v)
	return holder, false, sp.toOperator()
}

func (sp *shorthandParser) call(name token) (text string, truth bool, err error) {
	function, ok := functions[strings.ToLower(name.text)]
	if !ok {
		return "", false, sp.fail(name.offset, "unknown function "+strconv.Quote(name.text), "known are: exists missing type begins_with contains size")
	}
	var b strings.Builder
	b.WriteString(function + "(")
	want := 2
	if function == "attribute_exists" || function == "attribute_not_exists" || function == "size" {
		want = 1
	}
	for n := range want {
		if n > 0 {
			if !sp.tok.is(",") {
				return "", false, sp.expected(strconv.Quote(",")+" and a second argument of "+name.text, "")
			}
			b.WriteString(", ")
		}
		if err := sp.value(&b); err != nil {
			return "", false, err
		}
	}
	if !sp.tok.is(")") {
		return "", false, sp.expected(`")"`, "")
	}
	b.WriteByte(')')
	return b.String(), function != "size", sp.toOperator()
}
