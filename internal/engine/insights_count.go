package engine

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/topkeys"
)

// The counts behind Contributor Insights (Developer Guide, "CloudWatch Contributor Insights for DynamoDB: how it works").
// They are in memory: a restart begins anew, as turning insights off and on does.

// insightCounts knows whose keys are counted. on is nil while no table or index has insights, which is all that requests
// look at then.
type insightCounts struct {
	on atomic.Pointer[watching]
	mu sync.Mutex // held by who changes on
}

// watching are the tables and indexes whose keys are counted, by the space of their rows.
type watching map[storage.SpaceID]*watched

// watched is one of them, with a series for each of its rules; a rule it does not have is nil.
type watched struct {
	since time.Time // when its rules were made
	key   catalog.Schema
	rules [4]*topkeys.Series
}

// The rules, by what their names have in the place of a kind: the most accessed (C) and throttled (T) partition keys, and
// the same of whole keys.
const (
	rulePKC = iota
	rulePKT
	ruleSKC
	ruleSKT
)

var ruleKinds = [4]string{"PKC", "PKT", "SKC", "SKT"}

// hasRule reports whether a table or index has a rule.
func hasRule(rule int, key catalog.Schema, mode string) bool {
	if mode == insightsThrottled && (rule == rulePKC || rule == ruleSKC) {
		return false
	}
	return len(key.Range) > 0 || rule < ruleSKC
}

// watchInsights takes up the settings of all tables. What is counted already goes on, for each rule that stays.
func (e *Engine) watchInsights() {
	e.insights.mu.Lock()
	defer e.insights.mu.Unlock()
	next := watching{}
	before := e.insights.on.Load()
	for _, t := range e.catalog.All() {
		list, err := insightsOf(t)
		if err != nil {
			e.report("the contributor insights of", t.Name, err)
		}
		for _, i := range list {
			if !i.On || i.Failed {
				continue
			}
			w := &watched{since: i.rulesSince(), key: t.Key}
			space := t.ID
			if x := t.Index(i.Index); x != nil {
				space, w.key = x.ID, x.Key
			}
			for rule := range w.rules {
				if !hasRule(rule, w.key, i.Mode) {
					continue
				}
				w.rules[rule] = new(topkeys.Series)
				if before == nil {
					continue
				}
				if old := (*before)[space]; old != nil && old.since.Equal(w.since) && old.rules[rule] != nil {
					w.rules[rule] = old.rules[rule]
				}
			}
			next[space] = w
		}
	}
	if len(next) == 0 {
		e.insights.on.Store(nil)
		return
	}
	e.insights.on.Store(&next)
}

// forgetInsights stops counting for tables and indexes that are gone.
func (e *Engine) forgetInsights() {
	if e.insights.on.Load() != nil {
		e.watchInsights()
	}
}

// counted reports whether the keys of an operation are counted: those of PartiQL are not ("Interactions with other
// DynamoDB features").
func (c *call) counted() bool {
	return !strings.HasPrefix(c.action, "Execute") && c.action != "BatchExecuteStatement"
}

// addPartition counts a contribution to a rule about partition keys, where the row's key names no single item.
func (w *watched) addPartition(rule int, now time.Time, row []byte, value float64) {
	parts := storage.RowKeyParts(row)
	hash := keyLength(parts, len(w.key.Hash))
	if s := w.rules[rule]; s != nil && hash > 0 {
		s.Add(now, parts[:hash], value)
	}
}

// addItem counts a contribution to a rule about partition keys and to the one about whole keys that follows it.
func (w *watched) addItem(rule int, now time.Time, row []byte, value float64) {
	w.addPartition(rule, now, row, value)
	parts := storage.RowKeyParts(row)
	hash := keyLength(parts, len(w.key.Hash))
	if s := w.rules[rule+ruleSKC]; s != nil && hash > 0 {
		s.Add(now, parts[:hash+keyLength(parts[hash:], len(w.key.Range))], value)
	}
}

// keyLength is how many bytes the first n values of an encoded key take.
func keyLength(parts []byte, n int) int {
	rest := parts
	for range n {
		var err error
		if _, rest, err = attr.DecodeKey(rest); err != nil {
			return 0
		}
	}
	return len(parts) - len(rest)
}

// countRead counts the read of one item, or that it was throttled.
func (c *call) countRead(on watching, t *catalog.Table, row []byte, units float64, refused error) {
	w := on[t.ID]
	switch {
	case w == nil || !c.counted():
	case refused != nil:
		w.addItem(rulePKT, c.now, row, 1)
	default:
		w.addItem(rulePKC, c.now, row, units)
	}
}

// watched is whose keys a page's are: the global index's, or the table's.
func (p *page) watched(on watching) *watched {
	if p.index != nil && !p.index.Local {
		return on[p.index.ID]
	}
	return on[p.table.ID]
}

// watch has the page remember the rows it reads, where each of them is counted.
func (p *page) watch(c *call, on watching) {
	p.seen = nil
	if w := p.watched(on); w != nil && w.rules[rulePKC] != nil && !p.queried() && c.counted() {
		p.seen = new(seen)
	}
}

// countPage counts a page: of a Query, which is one event of its partition ("Common billing factors"), or of a Scan,
// whose items are one each and have their share of its units. A throttled Scan has no key.
func (c *call) countPage(on watching, p *page, units float64, refused error) {
	w := p.watched(on)
	switch {
	case w == nil || !c.counted():
	case p.queried() && refused != nil:
		w.addPartition(rulePKT, c.now, p.span.Start, 1)
	case p.queried():
		w.addPartition(rulePKC, c.now, p.span.Start, units)
	case p.seen != nil && refused == nil:
		add := w.addItem
		if p.index != nil && p.index.Local {
			add = w.addPartition // the rows of a local index have another sort key
		}
		for i, row := range p.seen.rows {
			add(rulePKC, c.now, row, units*float64(p.seen.sizes[i])/float64(max(1, p.size)))
		}
	}
}

// seen are the rows of a page whose keys are counted.
type seen struct {
	rows  [][]byte
	sizes []int
}

func (s *seen) add(row []byte, size int) {
	s.rows = append(s.rows, append([]byte(nil), row...))
	s.sizes = append(s.sizes, size)
}

// writeWeight is what a unit of writing counts where a unit of reading counts 1 ("ConsumedThroughputUnits").
const writeWeight = 3

// countWrites counts writes that were made together.
func (c *call) countWrites(on watching, ws []*write) {
	for _, w := range ws {
		c.countWrite(on, w)
	}
}

// countRefused counts writes that were to be made together and were not, for those of them that were refused: for a condition that did not hold,
// which takes units for nothing, or by throttling.
func (c *call) countRefused(on watching, ws []*write) {
	for _, w := range ws {
		if w.err != nil {
			c.countWrite(on, w)
		}
	}
}

// countWrite counts a write. Throttling for want of throughput of an index is not counted ("Most throttled items").
func (c *call) countWrite(on watching, w *write) {
	if w.service || !c.counted() {
		return
	}
	of := on[w.table.ID]
	switch {
	case isThrottled(w.err):
		if of != nil && !ofIndex(w.err) {
			of.addItem(rulePKT, c.now, w.key.row, 1)
		}
		return
	case w.err != nil && !conditionFailed(w.err):
		return
	}
	own := w.cost.table
	if w.transacted {
		own *= 2
	}
	for _, x := range w.cost.indexes {
		switch {
		case x.index.Vector != nil:
		case x.index.Local:
			own += x.units
		default:
			if at := on[x.index.ID]; at != nil {
				c.countEntry(at, w, x)
			}
		}
	}
	if of != nil {
		of.addItem(rulePKC, c.now, w.key.row, writeWeight*own)
	}
}

// countEntry counts the write of an entry of a global index: under its new key, or under the one it had.
func (c *call) countEntry(at *watched, w *write, x indexCost) {
	for _, im := range []*Image{w.new, w.old} {
		if im == nil {
			continue
		}
		if key, ok := indexKey(w.table, x.index, im); ok {
			at.addItem(rulePKC, c.now, key, writeWeight*x.units)
			return
		}
	}
}

func conditionFailed(err error) bool {
	api, ok := errors.AsType[*apiError](err)
	return ok && api.Type == "ConditionalCheckFailedException"
}

// ofIndex reports whether a refusal for want of throughput names an index.
func ofIndex(err error) bool {
	api, ok := errors.AsType[*apiError](err)
	return ok && slices.ContainsFunc(api.Extra, func(f field) bool { return bytes.Contains(f.Raw, []byte("/index/")) })
}
