package render

// A RowWriter prints a stream of JSON objects. Close ends it; nothing is printed for good before.
type RowWriter interface {
	Write(*Object) error
	Close() error
}

// Rows starts a stream of objects that are no items, such as the answers of several regions. Lines are written as they come; a table, CSV, a JSON array and
// what --query selects from take all rows before the first is shown, because they depend on the whole.
func (p *Printer) Rows() RowWriter {
	lines := p.opts.Format == JSONL || p.opts.Format == DynamoDB || p.opts.Format == Auto && !p.opts.Terminal
	if p.query == nil && (lines || p.jq != nil) {
		return &lineRows{p}
	}
	return &heldRows{p: p}
}

type lineRows struct{ p *Printer }

func (w *lineRows) Write(row *Object) error {
	if w.p.jq != nil {
		return w.p.selected(row)
	}
	return w.p.line(appendCompact(nil, w.p.pick(row)))
}

func (w *lineRows) Close() error { return nil }

type heldRows struct {
	p    *Printer
	list []any
}

func (w *heldRows) Write(row *Object) error {
	if w.p.query == nil {
		w.list = append(w.list, w.p.pick(row))
		return nil
	}
	w.list = append(w.list, row)
	return nil
}

func (w *heldRows) Close() error {
	if w.list == nil {
		w.list = []any{}
	}
	if w.p.query != nil {
		return w.p.selected(w.list)
	}
	return w.p.tree(w.list, nil)
}
