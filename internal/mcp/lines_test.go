package mcp

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestLineReader(t *testing.T) {
	const limit = 100 << 10 // more than the reader's own buffer
	long := strings.Repeat("x", limit+1)
	fits := strings.Repeat("y", limit)
	type want struct {
		text string // or the id of a line that is too long
		size int
	}
	cases := []struct {
		name, input string
		want        []want
	}{
		{"nothing", "", nil},
		{"blank lines", "\n\r\n  \n", nil},
		{"lines", "a\nb\r\nc", []want{{text: "a"}, {text: "b"}, {text: "c"}}},
		{"at the limit", fits + "\r\nz\n", []want{{text: fits}, {text: "z"}}},
		{"too long, then another", long + "\nz\n", []want{{size: limit + 1}, {text: "z"}}},
		{"too long at the end", long, []want{{size: limit + 1}}},
		{"id in front", `{"id": 7 ,"params":"` + long + `"}` + "\n", []want{{text: "7", size: len(long) + 22}}},
		{"id behind", `{"params":{"id":1,"s":"\"},` + long + `"},"id":"a-7"}` + "\n", []want{{text: `"a-7"`, size: len(long) + 41}}},
		{"no usable id", `{"id":null,"params":["` + long + `"]}` + "\n", []want{{size: len(long) + 25}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for name, src := range map[string]io.Reader{
				"whole":       strings.NewReader(c.input),
				"in halves":   iotest.HalfReader(strings.NewReader(c.input)),
				"with errors": iotest.DataErrReader(strings.NewReader(c.input)),
			} {
				reader := newLineReader(src, limit)
				for i, w := range c.want {
					line, err := reader.next()
					var tooLong *lineTooLongError
					switch {
					case errors.As(err, &tooLong):
						if tooLong.Size != w.size || string(tooLong.ID) != w.text {
							t.Fatalf("%s: line %d: size %d, id %q; want %d, %q", name, i, tooLong.Size, tooLong.ID, w.size, w.text)
						}
					case err != nil:
						t.Fatalf("%s: line %d: %v", name, i, err)
					case string(line) != w.text:
						t.Fatalf("%s: line %d has %d bytes, want %d", name, i, len(line), len(w.text))
					}
				}
				if line, err := reader.next(); !errors.Is(err, io.EOF) {
					t.Fatalf("%s: after the last line: %q, %v; want EOF", name, line, err)
				}
			}
		})
	}
}

func TestLineReaderPassesErrorsOn(t *testing.T) {
	broken := errors.New("device gone")
	reader := newLineReader(io.MultiReader(strings.NewReader("a\n"), iotest.ErrReader(broken)), 10)
	if line, err := reader.next(); string(line) != "a" || err != nil {
		t.Fatalf("first line: %q, %v", line, err)
	}
	if _, err := reader.next(); !errors.Is(err, broken) {
		t.Fatalf("second line: %v, want %v", err, broken)
	}
}
