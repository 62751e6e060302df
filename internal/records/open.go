package records

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/textin"
)

// Open reads the file name, or in where name is "".
func Open(name string, in io.Reader, opts Options) (*Source, error) {
	s := &Source{name: "standard input", opts: opts, close: func() error { return nil }}
	if name != "" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &Error{err.Error(), "@name reads a file"}
		}
		s.name, s.close = name, f.Close
		in = f
	}
	if err := s.open(in); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Source) open(in io.Reader) error {
	if !s.opts.Streaming {
		if f, ok := in.(*os.File); ok && seekable(f) {
			s.r = f
		} else if err := s.spool(in); err != nil {
			return err
		}
		in = s.r
	}
	buffered := bufio.NewReaderSize(textin.Reader(in), peeked)
	head, err := buffered.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	if s.Format, err = s.format(head); err != nil {
		return err
	}
	if s.opts.Streaming {
		s.pipe = buffered
		return nil
	}
	if s.Format != Lines {
		return nil
	}
	return s.detect()
}

// format is the one asked for, or what the name or the first bytes look like.
func (s *Source) format(head []byte) (string, error) {
	switch f := strings.ToLower(s.opts.Format); f {
	case "":
	case CSV, TSV, YAML:
		return f, nil
	default:
		if !slices.Contains(Formats, f) {
			return "", &Error{fmt.Sprintf("unknown input format %q", s.opts.Format), "formats are: " + strings.Join(Formats, " ")}
		}
		return Lines, nil
	}
	switch strings.ToLower(filepath.Ext(s.name)) {
	case ".csv":
		return CSV, nil
	case ".tsv", ".tab":
		return TSV, nil
	case ".yaml", ".yml":
		return YAML, nil
	case ".json", ".jsonl", ".ndjson":
		return Lines, nil
	}
	f := look(head)
	s.Guessed = f != Lines
	return f, nil
}

// look tells a format from the first line that is not empty.
func look(head []byte) string {
	for line := range bytes.Lines(head) {
		text := string(bytes.TrimRight(line, " \r\n"))
		trimmed := strings.TrimSpace(text)
		switch {
		case trimmed == "":
			continue
		case strings.HasPrefix(trimmed, "{"), strings.HasPrefix(trimmed, "["):
			return Lines
		case text == "---", text == "-", strings.HasPrefix(text, "- "), strings.HasPrefix(text, "# "):
			return YAML
		case strings.Contains(text, "\t"):
			return TSV
		case strings.Contains(text, ","):
			return CSV
		case strings.Contains(text, ": "), strings.HasSuffix(text, ":"):
			return YAML
		}
		return Lines
	}
	return Lines
}

func seekable(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	at, err := f.Seek(0, io.SeekCurrent)
	return err == nil && at == 0
}

// spool reads a pipe to its end: into memory, or where it is long into a temporary file.
func (s *Source) spool(from io.Reader) error {
	var head bytes.Buffer
	if _, err := io.CopyN(&head, from, spoolAt); errors.Is(err, io.EOF) {
		s.r = bytes.NewReader(head.Bytes())
		return nil
	} else if err != nil {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	f, err := os.CreateTemp("", "ddb-items-*")
	if err != nil {
		return fmt.Errorf("keep %s while it is checked: %w", s.name, err)
	}
	s.r = f
	s.close = func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }
	if _, err := io.Copy(f, io.MultiReader(&head, from)); err != nil {
		return fmt.Errorf("keep %s while it is checked: %w", s.name, err)
	}
	return nil
}

// Close closes the file, and removes a temporary one.
func (s *Source) Close() error { return s.close() }

// begin is the text from its first character, as UTF-8.
func (s *Source) begin() (io.Reader, error) {
	if _, err := s.r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read %s: %w", s.name, err)
	}
	return textin.Reader(s.r), nil
}
