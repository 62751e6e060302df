package cmd

import (
	"fmt"
	"slices"
	"strings"
)

// A chunk is one thing a shell is told to do.
type chunk struct {
	kind chunkKind
	text string
	line int // where it begins in what was read, from 1
	// within is a line inside of a statement without its semicolon that is a thing to do of its own.
	within string
}

type chunkKind int

const (
	chunkSQL     chunkKind = iota // a PartiQL statement, which ends with a semicolon
	chunkCommand                  // a ddb command, which ends with its line or a semicolon
	chunkMeta                     // a backslash command, which ends with its line or a semicolon
	chunkOpen                     // a statement without its semicolon, and a line that is none of it
)

// nextChunk takes the first thing to do off text. Where it is not whole yet, ok is false and rest is all of text, unless last says that nothing
// follows: then what is there is taken as it is. At the end chunk.text is "".
func nextChunk(text string, last bool) (c chunk, rest string, ok bool) {
	line := 1
	for {
		trimmed := strings.TrimLeft(text, " \t\r\n;")
		line += strings.Count(text[:len(text)-len(trimmed)], "\n")
		text = trimmed
		if !strings.HasPrefix(text, "--") {
			break
		}
		_, after, found := strings.Cut(text, "\n") // a comment of its own line
		if !found {
			return chunk{line: line}, "", true
		}
		text, line = after, line+1
	}
	switch {
	case text == "":
		return chunk{line: line}, "", true
	case text[0] == '\\':
		meta, after, _ := untilLineEnd(text)
		return chunk{kind: chunkMeta, text: meta, line: line}, after, true
	case isStatement(text):
		c.kind = chunkSQL
		if c.text, rest, ok = untilSemicolon(text); !ok || strings.Contains(text[:len(text)-len(rest)], "\n") {
			if before, line, after, found := interrupted(text[:len(text)-len(rest)]); found {
				c.kind, c.text, c.within, rest, ok = chunkOpen, before, line, after+rest, true
			}
		}
	default:
		c.kind = chunkCommand
		c.text, rest, ok = untilLineEnd(text)
	}
	c.line = line
	return c, rest, ok || last
}

// isStatement tells PartiQL from the verbs that begin with the same word: ddb update Orders c#1 and UPDATE Orders SET.
func isStatement(text string) bool {
	words := strings.Fields(text)
	is := func(i int, names ...string) bool {
		if i >= len(words) {
			return false
		}
		for _, n := range names {
			if strings.EqualFold(words[i], n) || n == "exists" && strings.HasPrefix(strings.ToLower(words[i]), "exists(") {
				return true
			}
		}
		return false
	}
	switch {
	case is(0, "select", "insert", "exists"):
		return true
	case is(0, "delete"):
		return is(1, "from")
	case is(0, "update"):
		return len(words) == 2 || is(2, "set", "remove")
	}
	return false
}

// interrupted finds a line inside of a statement, outside of its quotes, that cannot be meant as part of it: a backslash command, or a word that
// ends the transaction or the shell.
func interrupted(text string) (before, line, after string, found bool) {
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '\'', '"', '`':
			end := strings.IndexByte(text[i+1:], c)
			if end < 0 {
				return "", "", "", false
			}
			i += end + 2
		case '\n':
			line, after, _ = strings.Cut(text[i+1:], "\n")
			line = strings.TrimRight(strings.TrimSpace(line), "; \t")
			if strings.HasPrefix(line, `\`) || slices.Contains([]string{"begin", "commit", "rollback", "quit", "exit"}, strings.ToLower(line)) {
				return text[:i], line, after, true
			}
			i++
		default:
			i++
		}
	}
	return "", "", "", false
}

// openQuote is the quote that a statement without its end stands in, 0 where it is in none.
func openQuote(text string) (quote byte) {
	for i := range len(text) {
		switch c := text[i]; {
		case c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"' || c == '`'):
			quote = c
		}
	}
	return quote
}

// untilSemicolon cuts a statement at its semicolon, which inside of quotes is none. Comments are left out.
func untilSemicolon(text string) (statement, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ';':
			return strings.TrimSpace(b.String()), text[i+1:], true
		case c == '\'' || c == '"' || c == '`':
			end := strings.IndexByte(text[i+1:], c)
			if end < 0 {
				b.WriteString(text[i:])
				return strings.TrimSpace(b.String()), "", false
			}
			b.WriteString(text[i : i+end+2])
			i += end + 1
		case c == '-' && strings.HasPrefix(text[i:], "--"):
			end := strings.IndexByte(text[i:], '\n')
			if end < 0 {
				return strings.TrimSpace(b.String()), "", false
			}
			i += end - 1
		default:
			b.WriteByte(c)
		}
	}
	return strings.TrimSpace(b.String()), "", false
}

// untilLineEnd cuts a command at the end of its line or at a semicolon; a backslash before either, or an open quote or bracket, goes on.
func untilLineEnd(text string) (command, rest string, ok bool) {
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == 0 && opensJSON(text, i):
			end, closed := jsonEnd(text, i)
			if !closed {
				return strings.TrimRight(text, " \t\r"), "", false
			}
			i = end - 1
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '\n' || c == ';':
			return strings.TrimRight(text[:i], " \t\r;"), text[i+1:], true
		}
	}
	open := quote != 0 || strings.HasSuffix(strings.TrimRight(text, " \t"), "\\")
	return strings.TrimRight(text, " \t\r;"), "", !open
}

// opensJSON says whether at i a JSON object or array begins: a bracket where a word begins, or behind its equals sign.
func opensJSON(text string, i int) bool {
	return (text[i] == '{' || text[i] == '[') && (i == 0 || strings.IndexByte(" \t\r\n=", text[i-1]) >= 0)
}

// jsonEnd is behind the bracket that closes the one at i; brackets inside of JSON's quotes are none.
func jsonEnd(text string, i int) (end int, closed bool) {
	depth, inside := 0, false
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case inside && c == '\\':
			i++
		case c == '"':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return len(text), false
}

// splitWords splits a command as a POSIX shell would: blanks part words, single quotes keep everything, double quotes all but \" and \\. What begins
// with a bracket is JSON up to the one that closes it, quotes and blanks included: put Orders {"customer": "c#1"}.
func splitWords(text string) ([]string, error) {
	var (
		words []string
		b     strings.Builder
		quote byte
		open  bool // a word has begun, perhaps an empty one
	)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == '\'' && c != '\'', quote == '"' && c != '"' && c != '\\':
			b.WriteByte(c)
		case quote == 0 && opensJSON(text, i):
			end, closed := jsonEnd(text, i)
			if !closed {
				return nil, usage(fmt.Sprintf("a bracket %c is not closed", c), "a word that begins with a bracket is JSON up to the one that closes it; in quotes a bracket is a character like others")
			}
			b.WriteString(text[i:end])
			i, open = end-1, true
		case c == quote && quote != 0:
			quote = 0
		case c == '\\':
			i++
			switch {
			case i == len(text):
				return nil, usage("the command ends with a backslash", "it takes the next character as it is; a backslash itself is written twice")
			case text[i] == '\n':
				continue
			case quote == '"' && text[i] != '"' && text[i] != '\\':
				b.WriteByte('\\')
			}
			b.WriteByte(text[i])
			open = true
		case c == '\'' || c == '"':
			quote, open = c, true
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			if open {
				words = append(words, b.String())
				b.Reset()
				open = false
			}
		default:
			b.WriteByte(c)
			open = true
		}
	}
	if quote != 0 {
		return nil, usage(fmt.Sprintf("a quote %c is not closed", quote), "close it; one that is a character like others stands in quotes of the other kind")
	}
	if open {
		words = append(words, b.String())
	}
	return words, nil
}
