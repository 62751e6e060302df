package attr

import "bytes"

// stringEnd measures the JSON string at the start of b, which is known to be valid: the offset behind the closing quote, or -1, and whether it holds no escapes.
func stringEnd(b []byte) (end int, plain bool) {
	plain = true
	i := 1
	for {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1, false
		}
		i += n
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		if plain && bytes.IndexByte(b[1:i], '\\') >= 0 {
			plain = false
		}
		i++
		if slashes%2 == 0 {
			return i, plain
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
