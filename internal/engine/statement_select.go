package engine

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"

	"github.com/ddb-cli/ddb/internal/attr"
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
	spans := []storage.Span{storage.RowSpan(p.space())}
	if sel.Ranges != nil {
		if spans, err = p.keySpans(sel.Ranges); err != nil {
			return nil, err
		}
	}
	if from > 0 && from >= len(spans) {
		return nil, validation(msgToken)
	}
	var taken cost
	for i := from; i < len(spans) && p.last == nil; i++ {
		read := p.size
		p.span = spans[i]
		if err := p.read(c, c.e.store); err != nil {
			return nil, err
		}
		part := *p
		part.size, part.fetched = p.size-read, 0
		taken.add(part.cost())
		p.after, from = nil, i
	}
	taken.table += p.fetched
	if err := c.throttlePage(p, &taken); err != nil {
		return nil, err
	}
	out := &executeStatementOutput{items: p.items, last: p.last, consumed: taken.report(in.ReturnConsumedCapacity, s.name)}
	if p.last == nil {
		return out, nil
	}
	out.token, err = writeToken(from, p.last, s, in)
	return out, err
}

// openSelect plans a SELECT and prepares the page it reads.
func (c *call) openSelect(s *statement, tree *partiql.Select, consistent bool) (*page, *plan.Select, error) {
	request := &readInput{TableName: s.name, ConsistentRead: consistent}
	if tree.From.Index != "" {
		request.IndexName = &tree.From.Index
	}
	// The index is looked up first, because the statement is planned for its key.
	p, err := c.openPage(request, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	sel, err := plan.PlanSelect(tree, s.params, s.schema(p.index))
	if err != nil {
		return nil, nil, err
	}
	p.filter = sel.Filter
	names, flat := sel.Flat()
	if names != nil {
		p.projection = expression.ProjectAttributes(distinct(names))
	}
	if err := p.selectFrom(request); err != nil {
		return nil, nil, err
	}
	if !flat {
		p.projection, p.render = nil, rowOf(sel)
	}
	return p, sel, nil
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
			if err := checkKeyValue(schema.Hash[j].Name, v, true); err != nil {
				return nil, err
			}
		}
		for j, v := range k.SortEq {
			if err := checkKeyValue(schema.Range[j].Name, v, false); err != nil {
				return nil, err
			}
		}
		spans[i] = keySpan(p.space(), k)
	}
	return spans, nil
}

const msgToken = "Invalid NextToken"

// nextToken is where a SELECT goes on: in which of its ranges and behind which key.
type nextToken struct {
	Version int             `json:"version"`
	Range   int             `json:"range"`
	Key     json.RawMessage `json:"key"`
	Request uint64          `json:"request"` // which statement it belongs to
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
	if t.Request != requestSum(s, in) {
		return 0, validation("NextToken does not match request")
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
