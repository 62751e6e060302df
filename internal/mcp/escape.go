package mcp

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// escapeHidden rewrites characters nobody sees as JSON escapes: formatting,
// bidirectional and tag characters, variation selectors, blank fillers and
// control codes. Items come from anyone, and text that a person cannot see must
// not speak to the model in their name. text is JSON, where such characters
// stand inside strings only, so a parser reads the same value back.
func escapeHidden(text []byte) []byte {
	start := firstHidden(text)
	if start < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+32)
	out = append(out, text[:start]...)
	for i := start; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if hidden(r) {
			out = appendEscape(out, r)
		} else {
			out = append(out, text[i:i+size]...)
		}
		i += size
	}
	return out
}

// firstHidden is the offset of the first character to escape, or -1. Almost
// all results are ASCII, so the loop looks at bytes until it meets another.
func firstHidden(text []byte) int {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if hidden(r) {
			return i
		}
		i += size
	}
	return -1
}

func hidden(r rune) bool {
	if r < 0x7f {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

func appendEscape(dst []byte, r rune) []byte {
	if r <= 0xffff {
		return fmt.Appendf(dst, `\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Appendf(dst, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
}
