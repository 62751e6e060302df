package render

import "github.com/ddb-cli/ddb/internal/attr"

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
