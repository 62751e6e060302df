package attr

import (
	"encoding/binary"
	"math/bits"
)

// stringEnd measures the JSON string at the start of b, which is known to be valid: the offset behind the closing quote, or -1, and whether it holds no escapes.
func stringEnd(b []byte) (end int, plain bool) {
	const (
		ones   = 0x0101010101010101
		highs  = 0x8080808080808080
		quotes = ones * '"'
		slash  = ones * '\\'
	)
	plain = true
	i := 1
	for {
		// Eight bytes at a time up to the first quote or backslash: the lowest high bit that is left marks it.
		for i+8 <= len(b) {
			w := binary.LittleEndian.Uint64(b[i:])
			q, s := w^quotes, w^slash
			if m := ((q-ones)&^q | (s-ones)&^s) & highs; m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		if i >= len(b) {
			return -1, false
		}
		switch b[i] {
		case '"':
			return i + 1, plain
		case '\\':
			plain = false
			i += 2
		default:
			i++
		}
	}
}

// valueEnd measures the JSON object at the start of b, which is known to be valid and without white space, or returns -1.
func valueEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); {
		switch b[i] {
		case '"':
			n, _ := stringEnd(b[i:])
			if n < 0 {
				return -1
			}
			i += n
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}
