// Package render writes answers for people and programs: tables fitted to a terminal, and JSON, JSON lines, YAML, CSV, TSV and DynamoDB JSON for everything else.
// Numbers keep every digit, because no format goes through a float; attributes keep their order. A Printer is made for one command from the output flags; Document prints one
// answer, Items a stream of items in memory bounded by a page.
package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// A Format is a value of -o, or Auto where none is given.
type Format string

// The formats of -o. Auto is a table on a terminal; in a pipe, JSON lines for items, one line for each text of a list, and JSON for the rest.
const (
	Auto     Format = ""
	Table    Format = "table"
	JSON     Format = "json"
	JSONL    Format = "jsonl"
	YAML     Format = "yaml"
	CSV      Format = "csv"
	TSV      Format = "tsv"
	DynamoDB Format = "dynamodb"
)

// Formats lists what -o takes, for help and completion.
var Formats = []string{"table", "json", "jsonl", "yaml", "csv", "tsv", "dynamodb"}

// Options are the output flags and what is known of the stream.
type Options struct {
	Format   Format
	Query    string   // JMESPath, over the whole answer
	JQ       string   // jq, over each item or row: what -o jsonl has on a line
	Columns  []string // attributes or paths to show, in order
	NoHeader bool
	CRLF     bool // rows of CSV end in CR LF, and not in a line feed alone
	Typed    bool // items as DynamoDB JSON
	Terminal bool
	Color    bool
	Width    int // columns of the terminal; 0 means without limit
	// Note receives remarks for the person, such as columns left out of a table. It may be nil.
	Note func(string)
}

// A Printer prints answers in one format. Flush must be called at the end.
type Printer struct {
	opts  Options
	out   *bufio.Writer
	query *jmesQuery
	jq    *jqQuery
}

// UsageError is a combination of output flags that cannot be done.
type UsageError struct{ Message, Hint string }

func (e *UsageError) Error() string { return e.Message }

// New checks the options and compiles --query and --jq, so that a mistake there is found before anything is asked of the service.
func New(out io.Writer, opts Options) (*Printer, error) {
	if opts.Format != Auto && !slices.Contains(Formats, string(opts.Format)) {
		return nil, &UsageError{Message: fmt.Sprintf("unknown output format %q", opts.Format), Hint: "formats are: " + strings.Join(Formats, " ")}
	}
	if opts.Query != "" && opts.JQ != "" {
		return nil, &UsageError{Message: "--query and --jq cannot be used together", Hint: "choose one of them"}
	}
	if opts.Format == DynamoDB {
		opts.Typed = true
	}
	p := &Printer{opts: opts, out: bufio.NewWriterSize(out, 64<<10)}
	var err error
	if opts.Query != "" {
		p.query, err = compileQuery(opts.Query)
	}
	if opts.JQ != "" {
		p.jq, err = compileJQ(opts.JQ)
	}
	return p, err
}

// Terminal tells whether answers are shown to a person: on a terminal, and no format was asked for.
func (p *Printer) Terminal() bool { return p.opts.Terminal && p.opts.Format == Auto }

// Flush writes out what is buffered. The error is the output's own.
func (p *Printer) Flush() error { return p.out.Flush() }

func (p *Printer) note(format string, args ...any) {
	if p.opts.Note != nil {
		p.opts.Note(fmt.Sprintf(format, args...))
	}
}

// Document prints one answer, given as JSON. The view, which may be nil, is how it looks as a table.
func (p *Printer) Document(doc []byte, view View) error {
	tree, err := ParseTree(doc)
	if err != nil {
		return err
	}
	if p.jq != nil {
		for _, row := range rowsOf(tree) { // what -o jsonl has on a line
			if err := p.selected(row); err != nil {
				return err
			}
		}
		return nil
	}
	if p.query == nil {
		return p.tree(tree, view)
	}
	return p.selected(tree)
}

// ByRow tells that what is printed is rows, each by itself: a report that also says other things then prints its rows only.
func (p *Printer) ByRow() bool {
	return p.query == nil && (p.jq != nil || p.opts.Format == JSONL || p.opts.Format == CSV || p.opts.Format == TSV)
}

// Item prints one item: JSON in a pipe, names and values on a terminal.
func (p *Printer) Item(item attr.Item) error {
	if p.query == nil && p.jq == nil {
		item = p.pickItem(item)
		if p.opts.Format == JSONL || p.opts.Format == DynamoDB || (p.opts.Format == Auto && !p.opts.Terminal) {
			return p.line(p.appendItem(nil, item))
		}
		if p.Terminal() || p.opts.Format == Table {
			return p.sections(itemSections(item, p.opts.Typed))
		}
	}
	tree, err := ParseTree(p.appendItem(nil, item))
	if err != nil {
		return err
	}
	if p.query != nil || p.jq != nil {
		return p.selected(tree)
	}
	return p.tree(tree, nil)
}

func (p *Printer) appendItem(dst []byte, item attr.Item) []byte {
	if p.opts.Typed {
		return attr.AppendItem(dst, item)
	}
	return attr.AppendPlainItem(dst, item)
}

func (p *Printer) line(b []byte) error {
	if _, err := p.out.Write(b); err != nil {
		return err
	}
	return p.out.WriteByte('\n')
}

// tree prints a whole answer in the format asked for.
func (p *Printer) tree(tree any, view View) error {
	switch p.opts.Format {
	case JSON, DynamoDB:
		return p.line(appendIndented(nil, tree, 0))
	case YAML:
		return p.writeString(appendYAML(nil, tree, 0))
	case JSONL:
		for _, row := range rowsOf(tree) {
			if err := p.line(appendCompact(nil, p.pick(row))); err != nil {
				return err
			}
		}
		return nil
	case CSV, TSV:
		return p.separated(tree)
	case Table:
		return p.sections(p.viewed(tree, view))
	}
	if names, ok := nameList(tree); ok {
		return p.texts(names)
	}
	if p.opts.Terminal {
		return p.sections(p.viewed(tree, view))
	}
	return p.line(appendIndented(nil, p.pick(tree), 0))
}

func (p *Printer) writeString(b []byte) error {
	_, err := p.out.Write(b)
	return err
}

func (p *Printer) texts(list []string) error {
	for _, s := range list {
		if err := p.line([]byte(s)); err != nil {
			return err
		}
	}
	return nil
}

// pick applies --columns to a row.
func (p *Printer) pick(row any) any {
	obj, ok := row.(*Object)
	if !ok || len(p.opts.Columns) == 0 {
		return row
	}
	picked := new(Object)
	for _, c := range p.opts.Columns {
		if v, ok := lookupPath(obj, c); ok {
			picked.Fields = append(picked.Fields, Field{Name: c, Value: v})
		}
	}
	return picked
}
