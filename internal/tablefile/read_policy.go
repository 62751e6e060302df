package tablefile

import (
	"encoding/json"
	"fmt"
	"strings"
)

// policy reads a policy as a map, or as a text of JSON; off is none.
func (n *node) policy() (string, error) {
	switch {
	case n.kind == scalar && (n.text == Off || n.text == "none" || n.text == "false"):
		return Off, nil
	case n.kind == scalar:
		return compact([]byte(n.text), n)
	case n.kind == mapping:
		doc, err := n.json()
		if err != nil {
			return "", err
		}
		return compact(doc, n)
	}
	return "", n.fail("expected a policy, found "+n.kindText(), "write it as YAML or JSON, or off")
}

func compact(doc []byte, n *node) (string, error) {
	var v map[string]any
	if err := json.Unmarshal(doc, &v); err != nil {
		return "", n.fail("is no JSON: "+err.Error(), "a policy is a JSON object")
	}
	text, err := CompactPolicy(string(doc))
	if err != nil {
		return "", n.fail(err.Error(), "")
	}
	return text, nil
}

// CompactPolicy writes a policy's JSON in one form, so that policies which mean the same text compare equal.
func CompactPolicy(doc string) (string, error) {
	var v any
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		return "", fmt.Errorf("the policy is no JSON: %w", err)
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("write the policy: %w", err)
	}
	return strings.TrimSpace(b.String()), nil
}

// json writes a node as JSON. Scalars that are not in quotes and are JSON's own words or numbers stay those.
func (n *node) json() ([]byte, error) {
	if n.tag != "" {
		return nil, n.fail("the tag "+n.tag+" is not read here", "write the value")
	}
	switch n.kind {
	case null:
		return []byte("null"), nil
	case list:
		out := []byte{'['}
		for i, item := range n.items {
			part, err := item.json()
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, part...)
		}
		return append(out, ']'), nil
	case mapping:
		out := []byte{'{'}
		for i, f := range n.fields {
			part, err := f.value.json()
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ',')
			}
			out = append(append(append(out, quote(f.name)...), ':'), part...)
		}
		return append(out, '}'), nil
	}
	if !n.quoted && json.Valid([]byte(n.text)) {
		return []byte(n.text), nil
	}
	return []byte(quote(n.text)), nil
}

func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a text always has a form
	return strings.TrimSuffix(b.String(), "\n")
}
