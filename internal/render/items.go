package render

import (
	"fmt"
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
