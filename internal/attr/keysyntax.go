package attr

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// KeyPart is one attribute of a key schema: its name, and its type S, N or B.
type KeyPart struct {
	Name string
	Kind Kind
}

// KindName is the type in words, for messages.
func (p KeyPart) KindName() string {
	switch p.Kind {
	case N:
		return "number"
	case B:
		return "base64 text"
	default:
		return "text"
	}
}

// ParseKeyText reads one part of a key as typed at the terminal: text as it is, a number, or base64 for binary.
func ParseKeyText(text string, part KeyPart) (Value, error) {
	if text == "" {
		return Value{}, fmt.Errorf("the key attribute %q may not be empty", part.Name)
	}
	switch part.Kind {
	case N:
		n, err := NormalizeNumber(text)
		if err != nil {
			return Value{}, fmt.Errorf("the key attribute %q is a number, not %q", part.Name, text)
		}
		return Value{Kind: N, Str: n}, nil
	case B:
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return Value{}, fmt.Errorf("the key attribute %q is binary and is written in base64; %q is not", part.Name, text)
		}
		return Value{Kind: B, Str: string(raw)}, nil
	default:
		return Value{Kind: S, Str: text}, nil
	}
}

// ParseKeyArgs reads a key from positions, one for each part of the schema in order.
func ParseKeyArgs(args []string, parts []KeyPart) (Item, error) {
	if len(args) != len(parts) {
		return nil, fmt.Errorf("the key has %s: %s; given %s", count(len(parts), "part"), describeParts(parts), count(len(args), "value"))
	}
	var key Item
	for i, part := range parts {
		v, err := ParseKeyText(args[i], part)
		if err != nil {
			return nil, err
		}
		key.Set(part.Name, v)
	}
	return key, nil
}

// ParseKey reads what --key takes: name=value,name=value, a plain JSON object, or DynamoDB JSON.
func ParseKey(text string, parts []KeyPart) (Item, error) {
	text = strings.TrimSpace(text)
	var key Item
	var err error
	if strings.HasPrefix(text, "{") {
		key, err = ParsePlainItem([]byte(text))
	} else {
		key, err = parseKeyPairs(text, parts)
	}
	if err != nil {
		return nil, err
	}
	return key, CheckKey(key, parts)
}

// CheckKey compares a key with the schema: every part there, of its type, and nothing more.
func CheckKey(key Item, parts []KeyPart) error {
	for _, part := range parts {
		v, ok := key.Get(part.Name)
		if !ok {
			return fmt.Errorf("the key lacks %q; it has %s: %s", part.Name, count(len(parts), "part"), describeParts(parts))
		}
		if v.Kind != part.Kind {
			return fmt.Errorf("the key attribute %q is of type %s in this table, not %s", part.Name, part.Kind, v.Kind)
		}
		if v.Str == "" {
			return fmt.Errorf("the key attribute %q may not be empty", part.Name)
		}
	}
	for _, a := range key {
		if !hasPart(parts, a.Name) {
			return notPart(a.Name, parts)
		}
	}
	return nil
}

// parseKeyPairs reads name=value,name=value. A value in double quotes may hold anything; without them it may hold commas, but
// not one that a name and "=" follow, which would swallow a mistyped name.
func parseKeyPairs(text string, parts []KeyPart) (Item, error) {
	pairs, err := splitPairs(text, parts)
	if err != nil {
		return nil, err
	}
	var key Item
	for _, pair := range pairs {
		name, text, found := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		if !found {
			return nil, fmt.Errorf("expected name=value, found %q; the key is %s", pair, describeParts(parts))
		}
		part, ok := findPart(parts, name)
		if !ok {
			return nil, notPart(name, parts)
		}
		if _, twice := key.Get(name); twice {
			return nil, fmt.Errorf("the key attribute %q is given twice", name)
		}
		if isQuoted(text) {
			if err := json.Unmarshal([]byte(text), &text); err != nil {
				return nil, fmt.Errorf("the key attribute %q: %s is no text in double quotes: %w", name, text, err)
			}
		}
		v, err := ParseKeyText(text, part)
		if err != nil {
			return nil, err
		}
		key.Set(name, v)
	}
	return key, nil
}

func splitPairs(text string, parts []KeyPart) ([]string, error) {
	var pairs []string
	open := false // the last pair's value is in quotes that are not closed yet
	for piece := range strings.SplitSeq(text, ",") {
		name, value, found := strings.Cut(piece, "=")
		name = strings.TrimSpace(name)
		switch {
		case open, len(pairs) > 0 && !found, len(pairs) > 0 && !hasPart(parts, name) && !isWord(name):
			pairs[len(pairs)-1] += "," + piece
			_, value, _ = strings.Cut(pairs[len(pairs)-1], "=")
		case found && !hasPart(parts, name):
			return nil, fmt.Errorf(`%w; a value that holds ",%s=" is written in double quotes`, notPart(name, parts), name)
		default:
			pairs = append(pairs, piece)
		}
		open = strings.HasPrefix(value, `"`) && !isQuoted(value)
	}
	if open {
		return nil, fmt.Errorf("a double quote is not closed in %s", text)
	}
	return pairs, nil
}

// isQuoted reports whether text is a JSON string from end to end.
func isQuoted(text string) bool {
	return len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' && json.Valid([]byte(text))
}

// isWord reports whether text could be the name of an attribute that somebody has in mind.
func isWord(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' && r != '.'
	})
}

func notPart(name string, parts []KeyPart) error {
	return fmt.Errorf("%q is not part of the key; it has %s: %s", name, count(len(parts), "part"), describeParts(parts))
}

func findPart(parts []KeyPart, name string) (KeyPart, bool) {
	for _, p := range parts {
		if p.Name == name {
			return p, true
		}
	}
	return KeyPart{}, false
}

func hasPart(parts []KeyPart, name string) bool {
	_, ok := findPart(parts, name)
	return ok
}

func describeParts(parts []KeyPart) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = p.Name + " (" + p.KindName() + ")"
	}
	return strings.Join(words, ", ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
