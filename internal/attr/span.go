package attr

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// How a string is searched: its first shortString bytes eight at a time, since most end there, and the others by what the machine has for it, 32 bytes and more
// at a time, once for a quote and once for a backslash. That is done in pieces of longPiece bytes, so that a text of many escapes is not searched to its end at each of them.
const (
	shortString = 32
	longPiece   = 512
)

// stringEnd measures the JSON string at the start of b, which is known to be valid: the offset behind the closing quote, or -1, and whether it holds no escapes.
func stringEnd(b []byte) (end int, plain bool) {
	plain = true
	for i := 1; i < len(b); {
		if i+8 <= min(len(b), shortString) {
			// The lowest high bit that is left marks the first quote or backslash.
			m := endings(binary.LittleEndian.Uint64(b[i:]))
			if m == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(m) >> 3
		} else {
			piece := b[i:min(len(b), i+longPiece)]
			if n := bytes.IndexByte(piece, '"'); n >= 0 {
				piece = piece[:n]
			}
			if n := bytes.IndexByte(piece, '\\'); n >= 0 {
				piece = piece[:n]
			}
			if i += len(piece); i == len(b) {
				break
			}
		}
		switch b[i] {
		case '"':
			return i + 1, plain
		case '\\':
			plain = false
			i += 2
		}
	}
	return -1, false
}

// endings marks, in the high bit of each byte, the bytes of w that are a quote or a backslash. Bytes above the lowest marked one may be marked wrongly.
func endings(w uint64) uint64 {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	q, s := w^(ones*'"'), w^(ones*'\\')
	return ((q-ones)&^q | (s-ones)&^s) & highs
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
