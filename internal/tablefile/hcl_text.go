package tablefile

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted reads a text. Escapes are resolved; templates stay as they are, $${ among them.
func (r *hclReader) quoted(path string) (string, error) {
	line := r.line()
	var b strings.Builder
	for r.pos++; r.pos < len(r.src); {
		rest := r.src[r.pos:]
		switch c := rest[0]; {
		case c == '"':
			r.pos++
			return b.String(), nil
		case c == '\n':
			return "", &Error{r.file, line, path, "the quotes of a text are not closed on its line", ""}
		case strings.HasPrefix(rest, "$${"), strings.HasPrefix(rest, "%%{"):
			b.WriteString(rest[:3])
			r.pos += 3
		case strings.HasPrefix(rest, "${"), strings.HasPrefix(rest, "%{"):
			start := r.pos
			r.pos += 2
			if err := r.rest(path); err != nil {
				return "", err
			}
			if r.peek() != '}' {
				return "", r.fail(path, "a ${ in a text is not closed")
			}
			r.pos++
			b.WriteString(r.src[start:r.pos])
		case c == '\\':
			text, size, err := escape(rest)
			if err != nil {
				return "", r.fail(path, err.Error())
			}
			b.WriteString(text)
			r.pos += size
		default:
			b.WriteByte(c)
			r.pos++
		}
	}
	return "", &Error{r.file, line, path, "the quotes of a text are not closed", ""}
}

// escape reads an escape and tells how long it is.
func escape(s string) (text string, size int, err error) {
	if len(s) > 1 {
		if i := strings.IndexByte(`nrt"\`, s[1]); i >= 0 {
			return "\n\r\t\"\\"[i : i+1], 2, nil
		}
		if digits := map[byte]int{'u': 4, 'U': 8}[s[1]]; digits > 0 && len(s) >= 2+digits {
			if n, err := strconv.ParseUint(s[2:2+digits], 16, 32); err == nil && utf8.ValidRune(rune(n)) {
				return string(rune(n)), 2 + digits, nil
			}
		}
	}
	return "", 0, fmt.Errorf("the escape %q is not known", s[:min(len(s), 2)])
}

// heredoc reads <<NAME, or <<-NAME, which takes off what its lines are indented by.
func (r *hclReader) heredoc(path string) (string, error) {
	line := r.line()
	r.pos += 2
	indented := r.peek() == '-'
	if indented {
		r.pos++
	}
	name := r.word()
	if name == "" || r.peek() != '\n' {
		return "", r.fail(path, "expected a name and the end of the line behind <<")
	}
	r.pos++
	var lines []string
	for r.pos < len(r.src) {
		text, _, _ := strings.Cut(r.src[r.pos:], "\n")
		if strings.TrimSpace(text) == name {
			r.pos += len(text)
			if indented {
				unindent(lines)
			}
			return strings.Join(append(lines, ""), "\n"), nil
		}
		r.pos = min(r.pos+len(text)+1, len(r.src))
		lines = append(lines, text)
	}
	return "", &Error{r.file, line, path, "the text that begins with <<" + name + " does not end", ""}
}

func unindent(lines []string) {
	least := -1
	for _, l := range lines {
		if n := len(l) - len(strings.TrimLeft(l, " \t")); strings.TrimSpace(l) != "" && (least < 0 || n < least) {
			least = n
		}
	}
	for i, l := range lines {
		lines[i] = l[min(max(least, 0), len(l)):]
	}
}
