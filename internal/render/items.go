package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// An ItemWriter prints a stream of items. Close ends it; nothing is printed for good before.
type ItemWriter interface {
	Write(attr.Item) error
	Close() error
}

// Items starts a stream. The names of the key come first among a table's and a CSV's columns; text, which may be nil, tells which attributes are texts for certain.
func (p *Printer) Items(key []string, text func(name string) bool) ItemWriter {
	switch {
	case p.query != nil:
		return &queriedItems{p: p}
	case p.jq != nil:
		return &jqItems{p: p}
	}
	switch p.opts.Format {
	case JSON:
		return &jsonItems{p: p}
	case YAML:
		return &yamlItems{p: p}
	case CSV, TSV:
		return &csvItems{p: p, key: key, text: text, columns: p.opts.Columns}
	case Table:
		return &tableItems{p: p, key: key}
	case Auto:
		if p.opts.Terminal {
			return &tableItems{p: p, key: key}
		}
	}
	return &lineItems{p: p}
}

// lineItems is JSON lines: one buffer, reused, written on as it fills.
type lineItems struct {
	p   *Printer
	buf []byte
}

func (w *lineItems) Write(item attr.Item) error {
	w.buf = w.p.appendItem(w.buf[:0], w.p.pickItem(item))
	return w.p.line(w.buf)
}

func (w *lineItems) Close() error { return nil }

// pickItem applies --columns.
func (p *Printer) pickItem(item attr.Item) attr.Item {
	if len(p.opts.Columns) == 0 {
		return item
	}
	picked := make(attr.Item, 0, len(p.opts.Columns))
	for _, c := range p.opts.Columns {
		if v, ok := attrPath(item, c); ok {
			picked = append(picked, attr.Attribute{Name: c, Value: v})
		}
	}
	return picked
}

// attrPath finds a.b[0] in an item; an attribute whose whole name is the path comes first.
func attrPath(item attr.Item, path string) (attr.Value, bool) {
	if v, ok := item.Get(path); ok {
		return v, true
	}
	at := attr.Map(item)
	for part := range strings.SplitSeq(path, ".") {
		name, indexes, _ := strings.Cut(part, "[")
		v, ok := at.Map.Get(name)
		if !ok || at.Kind != attr.M {
			return attr.Value{}, false
		}
		at = v
		for _, ix := range strings.FieldsFunc(indexes, func(r rune) bool { return r == '[' || r == ']' }) {
			i := 0
			if _, err := fmt.Sscanf(ix, "%d", &i); err != nil || i < 0 || i >= len(at.List) {
				return attr.Value{}, false
			}
			at = at.List[i]
		}
	}
	return at, true
}

type jsonItems struct {
	p *Printer
	n int
}

func (w *jsonItems) Write(item attr.Item) error {
	head := ",\n  "
	if w.n == 0 {
		head = "[\n  "
	}
	w.n++
	tree, err := ParseTree(w.p.appendItem(nil, w.p.pickItem(item)))
	if err != nil {
		return err
	}
	return w.p.writeString(appendIndented([]byte(head), tree, 1))
}

func (w *jsonItems) Close() error {
	if w.n == 0 {
		return w.p.line([]byte("[]"))
	}
	return w.p.writeString([]byte("\n]\n"))
}

type yamlItems struct {
	p *Printer
	n int
}

func (w *yamlItems) Write(item attr.Item) error {
	w.n++
	tree, err := ParseTree(w.p.appendItem(nil, w.p.pickItem(item)))
	if err != nil {
		return err
	}
	return w.p.writeString(appendYAML(nil, []any{tree}, 0))
}

func (w *yamlItems) Close() error {
	if w.n == 0 {
		return w.p.line([]byte("[]"))
	}
	return nil
}

// queriedItems gathers the whole answer, because a JMESPath sees a list.
type queriedItems struct {
	p    *Printer
	list []any
}

func (w *queriedItems) Write(item attr.Item) error {
	tree, err := ParseTree(w.p.appendItem(nil, item))
	w.list = append(w.list, tree)
	return err
}

func (w *queriedItems) Close() error {
	if w.list == nil {
		w.list = []any{}
	}
	return w.p.selected(w.list)
}

type jqItems struct{ p *Printer }

func (w *jqItems) Write(item attr.Item) error {
	tree, err := ParseTree(w.p.appendItem(nil, item))
	if err != nil {
		return err
	}
	return w.p.selected(tree)
}

func (w *jqItems) Close() error { return nil }

// sample is how many items decide the columns of a CSV whose columns were not named, and how many rows a table is fitted to at a time;
// sampleBytes ends it where items are large, at what a page of the service holds.
const (
	sample      = 1000
	sampleBytes = 1 << 20
)

// held are items that wait until columns are known.
type held struct {
	items []attr.Item
	bytes int
}

// add keeps one more and tells whether they are enough.
func (h *held) add(item attr.Item) (enough bool) {
	h.items = append(h.items, item)
	h.bytes += attr.ItemSize(item)
	return len(h.items) >= sample || h.bytes >= sampleBytes
}

// csvItems takes its columns from --columns or from the first thousand items, or the first megabyte of them. An attribute that turns up later is an error: a column may not be lost in silence.
type csvItems struct {
	p       *Printer
	key     []string
	text    func(name string) bool
	columns []string
	known   map[string]bool
	held    held
	sampled int
	n       int
	out     csvWriter
	started bool
}

func (w *csvItems) Write(item attr.Item) error {
	if w.started {
		return w.row(item)
	}
	if !w.held.add(item) && len(w.columns) == 0 {
		return nil
	}
	return w.start()
}

func (w *csvItems) start() error {
	w.started = true
	w.out = w.p.csvWriter()
	if len(w.columns) == 0 {
		w.columns = itemColumns(w.held.items, w.key)
		w.known = make(map[string]bool, len(w.columns))
		for _, c := range w.columns {
			w.known[c] = true
		}
	}
	if !w.p.opts.NoHeader && len(w.columns) > 0 {
		if err := w.out.write(slices.Clone(w.columns)); err != nil {
			return err
		}
	}
	w.sampled = len(w.held.items)
	for _, item := range w.held.items {
		if err := w.row(item); err != nil {
			return err
		}
	}
	w.held = held{}
	return nil
}

func (w *csvItems) row(item attr.Item) error {
	w.n++
	if w.known != nil {
		for _, a := range item {
			if !w.known[a.Name] {
				_ = w.out.flush()
				return &UsageError{
					Message: fmt.Sprintf("item %d has the attribute %q, which is not among the columns found in the first %d items", w.n, a.Name, w.sampled),
					Hint:    "name the columns: --columns " + strings.Join(append(slices.Clone(w.columns), a.Name), ","),
				}
			}
		}
	}
	cells := make([]string, len(w.columns))
	find := attrPath
	if w.known != nil { // names as they are: an attribute may be called a[0]
		find = attr.Item.Get
	}
	for i, c := range w.columns {
		if v, ok := find(item, c); ok {
			cells[i] = csvText(v, w.p.opts.Typed, w.text != nil && w.text(c))
		}
	}
	return w.out.write(cells)
}

func (w *csvItems) Close() error {
	if !w.started {
		if err := w.start(); err != nil {
			return err
		}
	}
	return w.out.flush()
}

// itemColumns is the union of the attribute names: the key's parts, then the others as they appear.
func itemColumns(items []attr.Item, key []string) []string {
	seen := make(map[string]bool)
	var columns []string
	for _, k := range key {
		if slices.ContainsFunc(items, func(it attr.Item) bool { return it.Index(k) >= 0 }) {
			columns = append(columns, k)
			seen[k] = true
		}
	}
	for _, item := range items {
		for _, a := range item {
			if !seen[a.Name] {
				seen[a.Name] = true
				columns = append(columns, a.Name)
			}
		}
	}
	return columns
}
