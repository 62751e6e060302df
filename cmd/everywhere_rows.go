package cmd

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/render"
)

// heldBytes is how much of a place's answer waits for its turn, at most; its command waits then. With askedTogether it bounds the memory.
const heldBytes = 1 << 20

// A placed row is a line of JSON from one place.
type placed struct {
	at   site
	line []byte
}

// A merge puts the rows of several places in the order of the places. What the first unfinished place gives is handed on at once; the others' wait.
type merge struct {
	ctx   context.Context
	write func(placed) error
	shut  func() error

	mu    sync.Mutex
	moved *sync.Cond
	turn  int
	held  [][]placed
	bytes []int
	ended []bool
	err   error
}

func newMerge(ctx context.Context, n int, w rowWriter) *merge {
	m := &merge{ctx: ctx, write: w.write, shut: w.close, held: make([][]placed, n), bytes: make([]int, n), ended: make([]bool, n)}
	m.moved = sync.NewCond(&m.mu)
	context.AfterFunc(ctx, func() { m.mu.Lock(); m.moved.Broadcast(); m.mu.Unlock() })
	return m
}

// add takes a row of place i; the line is copied where it has to wait.
func (m *merge) add(i int, row placed) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.turn != i && m.bytes[i] > heldBytes && m.ctx.Err() == nil && m.err == nil {
		m.moved.Wait()
	}
	switch {
	case m.err != nil:
		return m.err
	case m.ctx.Err() != nil:
		return context.Cause(m.ctx)
	case m.turn == i:
		return m.keep(m.write(row))
	}
	row.line = append([]byte(nil), row.line...)
	m.held[i] = append(m.held[i], row)
	m.bytes[i] += len(row.line)
	return nil
}

// end is the end of place i, and the turn of those behind it.
func (m *merge) end(i int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended[i] = true
	for m.turn < len(m.ended) && m.ended[m.turn] {
		if m.turn++; m.turn < len(m.ended) {
			for _, row := range m.held[m.turn] {
				if m.err == nil && m.ctx.Err() == nil {
					_ = m.keep(m.write(row))
				}
			}
			m.held[m.turn], m.bytes[m.turn] = nil, 0
		}
	}
	m.moved.Broadcast()
}

func (m *merge) keep(err error) error {
	if m.err == nil {
		m.err = err
	}
	return m.err
}

// close ends the output, also one that was cut short.
func (m *merge) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	return m.shut()
}

// A rowWriter prints rows as the output flags want them.
type rowWriter struct {
	write func(placed) error
	close func() error
}

// placeWriter prints rows with their place in front: items as items, with @profile and @region, which hide no attribute; the rest as objects with profile and region.
func (a *app) placeWriter(p *render.Printer, c *cobra.Command, shared *sharedErr) rowWriter {
	flush := func(err error) error {
		if err == nil && !p.Terminal() {
			err = p.Flush()
		}
		return err
	}
	if c.Annotations[placesKey] == placesItems && !a.dryRun() && !countOnly(c) {
		w := p.Items([]string{"@profile", "@region"}, nil)
		return rowWriter{
			write: func(row placed) error {
				item, err := a.decodeRow(row.line)
				if err != nil {
					return err
				}
				shared.progress("")
				return flush(w.Write(append(row.at.attributes("@"), item...)))
			},
			close: func() error {
				if err := w.Close(); err != nil {
					return err
				}
				return p.Flush()
			},
		}
	}
	name := c.Annotations[rowKey]
	if countOnly(c) {
		name = "count"
	}
	w := p.Rows()
	return rowWriter{
		write: func(row placed) error {
			tree, err := render.ParseTree(row.line)
			if err != nil {
				return fmt.Errorf("read the answer of %s: %w", row.at, err)
			}
			obj := row.at.object()
			if own, ok := tree.(*render.Object); ok {
				obj.Fields = append(obj.Fields, own.Fields...)
			} else {
				obj.Fields = append(obj.Fields, render.Field{Name: name, Value: tree})
			}
			shared.progress("")
			return flush(w.Write(obj))
		},
		close: func() error {
			if err := w.Close(); err != nil {
				return err
			}
			return p.Flush()
		},
	}
}

func countOnly(c *cobra.Command) bool {
	f := c.Flags().Lookup("count")
	return f != nil && f.Changed
}

// decodeRow reads an item as a visit printed it.
func (a *app) decodeRow(line []byte) (attr.Item, error) {
	if a.flags.typed || a.cfg.Output == "dynamodb" {
		return attr.ParseItem(line)
	}
	return attr.ParsePlainItem(line)
}

// object is a site as the first members of a row.
func (s site) object() *render.Object {
	obj := new(render.Object)
	for _, at := range s.attributes("") {
		obj.Fields = append(obj.Fields, render.Field{Name: at.Name, Value: at.Value.Str})
	}
	return obj
}

// attributes are the parts of a site that have a name.
func (s site) attributes(prefix string) attr.Item {
	var item attr.Item
	if s.profile != "" {
		item = append(item, attr.Attribute{Name: prefix + "profile", Value: attr.String(s.profile)})
	}
	if s.region != "" {
		item = append(item, attr.Attribute{Name: prefix + "region", Value: attr.String(s.region)})
	}
	return item
}
