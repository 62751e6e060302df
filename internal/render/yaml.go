package render

import (
	"strings"
	"unicode"
)

// appendYAML writes block style. A text that YAML could read as anything else stands in quotes, and numbers are written as they came: no digit is lost.
func appendYAML(dst []byte, v any, depth int) []byte {
	switch t := v.(type) {
	case *Object:
		for i, f := range t.Fields {
			if i > 0 || depth == 0 {
				dst = yamlIndent(dst, depth)
			}
			dst = append(appendYAMLScalar(dst, f.Name), ':')
			dst = appendYAMLChild(dst, f.Value, depth)
		}
		if len(t.Fields) == 0 {
			dst = append(dst, "{}\n"...)
		}
		return dst
	case []any:
		for i, e := range t {
			if i > 0 || depth == 0 {
				dst = yamlIndent(dst, depth)
			}
			dst = append(dst, '-')
			switch c := e.(type) {
			case *Object:
				dst = append(dst, ' ')
				dst = appendYAML(dst, c, depth+1)
			case []any:
				dst = append(dst, ' ')
				if len(c) == 0 {
					dst = append(dst, "[]\n"...)
				} else {
					dst = appendYAML(dst, c, depth+1)
				}
			default:
				dst = append(append(dst, ' '), append(appendYAMLScalar(nil, e), '\n')...)
			}
		}
		if len(t) == 0 {
			dst = append(dst, "[]\n"...)
		}
		return dst
	default:
		return append(appendYAMLScalar(dst, v), '\n')
	}
}

func appendYAMLChild(dst []byte, v any, depth int) []byte {
	switch t := v.(type) {
	case *Object:
		if len(t.Fields) > 0 {
			return appendYAML(yamlIndent(append(dst, '\n'), depth+1), t, depth+1)
		}
		return append(dst, " {}\n"...)
	case []any:
		if len(t) > 0 {
			return appendYAML(yamlIndent(append(dst, '\n'), depth+1), t, depth+1)
		}
		return append(dst, " []\n"...)
	default:
		return append(appendYAMLScalar(append(dst, ' '), v), '\n')
	}
}

func yamlIndent(dst []byte, depth int) []byte {
	for range depth {
		dst = append(dst, "  "...)
	}
	return dst
}

func appendYAMLScalar(dst []byte, v any) []byte {
	s, ok := v.(string)
	if !ok {
		return appendScalar(dst, v)
	}
	if yamlPlain(s) {
		return append(dst, s...)
	}
	return appendYAMLQuoted(dst, s)
}

// appendYAMLQuoted is a JSON string, whose escapes YAML shares, with the line separators escaped that YAML would fold.
func appendYAMLQuoted(dst []byte, s string) []byte {
	q := string(appendString(nil, s))
	q = strings.NewReplacer("\u0085", `\N`, "\u2028", `\L`, "\u2029", `\P`, "\ufeff", `\uFEFF`, "\u007f", `\x7F`).Replace(q)
	return append(dst, q...)
}

var yamlWords = map[string]bool{
	"": true, "~": true, "null": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true,
}

// yamlPlain is narrow on purpose: letters and a few marks inside, and no first character that could begin a number, a date or a YAML sign.
func yamlPlain(s string) bool {
	if yamlWords[strings.ToLower(s)] || len(s) > 200 {
		return false
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) && r < unicode.MaxLatin1, r == '_':
		case i > 0 && (unicode.IsDigit(r) && r < 128 || strings.ContainsRune("-./@+ ", r)):
		case i > 0 && r == ':' && i+1 < len(s) && s[i+1] != ' ':
		case i > 0 && r == '#' && s[i-1] != ' ':
		default:
			return false
		}
	}
	return !strings.HasSuffix(s, " ")
}
