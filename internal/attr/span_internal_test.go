package attr

import (
	"strings"
	"testing"
)

// TestStringEndOfAnyLength holds the three ways in which a string is searched to one that looks at each byte.
func TestStringEndOfAnyLength(t *testing.T) {
	slowly := func(b string) (end int, plain bool) {
		plain = true
		for i := 1; i < len(b); i++ {
			switch b[i] {
			case '"':
				return i + 1, plain
			case '\\':
				plain = false
				i++
			}
		}
		return -1, false
	}
	for _, behind := range []string{"", `:{"S":"x"}`, strings.Repeat(" ", 600)} {
		for n := range 1100 {
			text := strings.Repeat("é", n/2) + strings.Repeat("a", n%2)
			for _, b := range []string{
				`"` + text + `"` + behind, `"` + text + `\"` + text + `"` + behind, `"` + text + `\\"` + behind, `"\n` + text + `\\\"` + text + `"` + behind,
				`"` + text, `"` + text + `\`, `"` + text + `\"`,
			} {
				end, plain := stringEnd([]byte(b))
				wantEnd, wantPlain := slowly(b)
				if end != wantEnd || plain != wantPlain {
					t.Fatalf("stringEnd(%q) is %d, %t; want %d, %t", b, end, plain, wantEnd, wantPlain)
				}
			}
		}
	}
}
