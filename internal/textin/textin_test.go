package textin

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"pgregory.net/rapid"
)

// wide is text as UTF-16 with its mark.
func wide(text string, high bool) []byte {
	var b []byte
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		if high {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func TestEveryEncodingComesOutAsUTF8(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"UTF-8", "é{\r\n", "é{\r\n"},
		{"UTF-8 with a mark", "\ufeffé", "é"},
		{"only a mark", "\ufeff", ""},
		{"a mark that is no mark", "a\ufeff", "a\ufeff"},
		{"half a mark", "\xef\xbb", "\xef\xbb"},
		{"one byte", "\xff", "\xff"},
		{"UTF-16", string(wide("é😀\r\n", false)), "é😀\r\n"},
		{"UTF-16, high first", string(wide("é😀", true)), "é😀"},
		{"UTF-16 with half a unit", "\xff\xfea\x00b", "a\ufffd"},
		{"UTF-16 with half a pair at its end", "\xff\xfe\x3d\xd8", "\ufffd"},
		{"UTF-16 with half a pair amid", "\xff\xfe\x3d\xd8a\x00\x00\xde", "\ufffda\ufffd"},
	} {
		got, err := io.ReadAll(iotest.OneByteReader(Reader(strings.NewReader(c.in))))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
		if got := Bytes([]byte(c.in)); string(got) != c.want {
			t.Errorf("%s, in memory: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAnyTextInUTF16ComesOutAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		if strings.HasPrefix(text, "\ufeff") || !bytes.Equal([]byte(text), []byte(string([]rune(text)))) {
			t.Skip("begins with a mark")
		}
		for _, high := range []bool{false, true} {
			if got := Bytes(wide(text, high)); string(got) != text {
				t.Fatalf("%q, want %q", got, text)
			}
		}
	})
}

func TestFailureOfWhatIsBelow(t *testing.T) {
	broken := errors.New("broken")
	for _, in := range []string{"", "a", "\ufeffa", "\xff\xfea\x00", "\xff\xfea\x00b"} {
		r := Reader(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)))
		if _, err := io.ReadAll(r); !errors.Is(err, broken) {
			t.Errorf("%q: %v", in, err)
		}
	}
}
