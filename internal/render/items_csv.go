package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

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
			switch {
			case w.p.opts.Typed:
				cells[i] = string(attr.AppendValue(nil, v))
			case w.text != nil && w.text(c):
				cells[i] = csvKnownText(v)
			default:
				cells[i] = csvText(v)
			}
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
