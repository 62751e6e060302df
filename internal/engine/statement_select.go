package engine

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	plan "github.com/ddb-cli/ddb/internal/engine/partiql"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// executeSelect reads a page of a SELECT: the ranges its key conditions make, one after the other, or the whole table.
func (c *call) executeSelect(s *statement, tree *partiql.Select, in *executeStatementInput) (*executeStatementOutput, error) {
	p, sel, err := c.openSelect(s, tree, in.ConsistentRead)
	if err != nil {
		return nil, err
	}
	if in.Limit != nil {
		p.limit = int(*in.Limit)
	}
	p.reverse = sel.Reverse
	from, err := readToken(p, s, in)
	if err != nil {
		return nil, err
	}
	spans := []storage.Span{storage.RowSpan(p.space().id)}
	if sel.Ranges != nil {
		if spans, err = p.keySpans(sel.Ranges); err != nil {
			return nil, err
		}
	}
	if from > 0 && from >= len(spans) {
		return nil, validation(msgToken)
	}
	var taken cost
	at := from
	for ; at < len(spans) && at-from < rangesPerPage; at++ {
		read, unbilled := p.size, p.unbilled
		p.span = spans[at]
		if err := p.read(c, c.e.store); err != nil {
			return nil, err
		}
		part := *p
		part.size, part.unbilled, part.fetched = p.size-read, p.unbilled-unbilled, 0
		taken.add(part.cost())
		p.after = nil
		if p.last != nil {
			break
		}
	}
	taken.table += p.fetched
	if err := c.chargePage(p, &taken); err != nil {
		return nil, err
	}
	out := &executeStatementOutput{items: p.items, last: p.last, consumed: taken.report(in.ReturnConsumedCapacity, s.name)}
	if at == len(spans) {
		return out, nil
	}
	out.token, err = writeToken(at, p.last, s, in)
	return out, err
}

// rangesPerPage is how many of the values that IN lists for a key are looked up for one page (Developer Guide, "PartiQL
// arithmetic, comparison, and logical operators for DynamoDB": "pages of up to 10 items").
const rangesPerPage = 10

// openSelect plans a SELECT and prepares the page it reads.
func (c *call) openSelect(s *statement, tree *partiql.Select, consistent bool) (*page, *plan.Select, error) {
	p := &page{table: s.table, consistent: consistent}
	if tree.From.Index != "" {
		if err := c.openStatementIndex(p, tree.From.Index); err != nil {
			return nil, nil, err
		}
	}
	sel, err := plan.PlanSelect(tree, s.prepared, s.params, s.schema(p.index))
	if err != nil {
		return nil, nil, err
	}
	p.filter = sel.Filter
	names, flat := sel.Flat()
	if names != nil {
		p.projection = expression.ProjectAttributes(distinct(names))
	}
	if err := checkScalars(s.table, p.filter, nestedColumns(sel.Columns)); err != nil {
		return nil, nil, err
	}
	if p.index != nil {
		if err := p.selectFromStatementIndex(sel.Filters); err != nil {
			return nil, nil, err
		}
	}
	if !flat {
		p.projection, p.render = nil, rowOf(sel)
	}
	return p, sel, nil
}

// nestedColumns are columns as checkScalars takes them.
type nestedColumns []plan.Column

// Nested gives the attributes that columns reach into.
func (cs nestedColumns) Nested() []string {
	var names []string
	for _, c := range cs {
		if len(c.Path) > 1 {
			names = append(names, c.Path[0].Name)
		}
	}
	return names
}

// openStatementIndex finds the index a statement reads. The service words what is wrong with it otherwise than for Query.
func (c *call) openStatementIndex(p *page, name string) error {
	p.index = p.table.Index(name)
	switch {
	case p.index == nil || p.index.Status == catalog.Deleting:
		return validation("The table does not have the specified index")
	case p.index.Vector != nil:
		return c.errVectorIndex()
	case p.index.Backfilling || p.index.Status == catalog.Creating:
		return validation("Cannot read from backfilling global secondary index: " + p.index.Name)
	case p.consistent && !p.index.Local:
		return validation("Strongly consistent read is not supported on Global Secondary Indexes")
	case len(p.index.Key.Hash) > 1 || len(p.index.Key.Range) > 1:
		return validation("PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.")
	}
	return nil
}

// selectFromStatementIndex decides whether the index holds what a statement asks for. Only what a local index shows is fetched from the table. What is
// filtered by must be in the index when the statement names partitions of it; a scan just does not find it. A part of the statement that is filtered by
// nothing else lets all of it through, and otherwise the last one is told of (floci-io/floci, eu-west-2, September 2026).
func (p *page) selectFromStatementIndex(filters [][]string) error {
	unheld := func(names []string) []string {
		return slices.DeleteFunc(distinct(names), func(name string) bool { return p.index.Holds(name) })
	}
	var missing, unfiltered []string
	if p.projection != nil {
		missing = unheld(p.projection.Attributes())
	}
	for _, names := range filters {
		if unfiltered = unheld(names); len(unfiltered) == 0 {
			break
		}
	}
	switch {
	case len(missing) > 0 && !p.index.Local:
		return invalidParameter("Global secondary index " + p.index.Name + " does not project [" + strings.Join(missing, ", ") + "]")
	case len(unfiltered) > 0:
		return invalidParameter("Secondary index " + p.index.Name + " does not project one or more filter attributes: [" +
			javaList(unfiltered, defaultTable) + "]")
	}
	p.fetch = len(missing) > 0
	return nil
}

// distinct keeps the first of equal names.
func distinct(names []string) []string {
	seen := make(map[string]bool, len(names))
	out := names[:0:0]
	for _, n := range names {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// rowOf makes rows of items for columns that lead into documents.
func rowOf(sel *plan.Select) func(dst, wire []byte) ([]byte, error) {
	return func(dst, wire []byte) ([]byte, error) {
		it, err := attr.ParseItem(wire)
		if err != nil {
			return dst, err
		}
		return attr.AppendItem(dst, sel.Row(it)), nil
	}
}

// keySpans are the parts of the store that key conditions name, after a check of their values.
func (p *page) keySpans(ranges []expression.KeyCondition) ([]storage.Span, error) {
	spans := make([]storage.Span, len(ranges))
	schema := p.schema()
	for i, k := range ranges {
		for j, v := range k.Hash {
			if err := checkPartitionKey(schema.Hash[j].Name, v); err != nil {
				return nil, err
			}
		}
		for j, v := range k.SortEq {
			if err := checkSortKey(schema.Range[j].Name, v); err != nil {
				return nil, err
			}
		}
		spans[i] = keySpan(p.space(), k)
	}
	return spans, nil
}

// isDocument tells a list or map, beside which as a parameter the service finds no token to match, though the statement and its parameters are the same
// (eu-west-2 and us-east-1 in October 2026: source of nubo-db/dynoxide 3.2).
func isDocument(v attr.Value) bool { return v.Kind == attr.L || v.Kind == attr.M }

const msgToken = "Invalid NextToken"

// nextToken is where a SELECT goes on: in which of its ranges and behind which key.
type nextToken struct {
	Version int             `json:"version"`
	Range   int             `json:"range"`
	Key     json.RawMessage `json:"key,omitempty"` // none: from the range's beginning
	Request uint64          `json:"request"`       // which statement it belongs to
}

// requestSum tells statements with their parameters apart, so that a token is not used with another one.
func requestSum(s *statement, in *executeStatementInput) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(in.Statement))
	for _, v := range s.params {
		_, _ = h.Write(attr.AppendValue([]byte{0}, v))
	}
	return h.Sum64()
}

func writeToken(i int, last []byte, s *statement, in *executeStatementInput) (string, error) {
	b, err := json.Marshal(nextToken{Version: 1, Range: i, Key: last, Request: requestSum(s, in)})
	return base64.StdEncoding.EncodeToString(b), err
}

// readToken sets the page to go on where a token says and returns in which range.
func readToken(p *page, s *statement, in *executeStatementInput) (from int, err error) {
	if in.NextToken == "" {
		return 0, nil
	}
	var t nextToken
	b, err := base64.StdEncoding.DecodeString(in.NextToken)
	if err != nil || json.Unmarshal(b, &t) != nil || t.Version != 1 || t.Range < 0 {
		return 0, validation(msgToken)
	}
	if t.Request != requestSum(s, in) || slices.ContainsFunc(s.params, isDocument) {
		return 0, validation("NextToken does not match request")
	}
	if t.Key == nil {
		return t.Range, nil
	}
	key, err := attr.ParseItem(t.Key)
	if err != nil {
		return 0, validation(msgToken)
	}
	if p.after, err = p.startRow(key); err != nil {
		return 0, validation(msgToken)
	}
	return t.Range, nil
}
