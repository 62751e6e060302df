package engine

import (
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// exportFilter says which items an export writes, and which of their attributes (developer guide, "Filtering a table
// export"). Its expressions follow the rules of Query, or without a key condition those of Scan.
type exportFilter struct {
	FilterExpression       *string `wire:"FilterExpression"`
	ProjectionExpression   *string `wire:"ProjectionExpression"`
	KeyConditionExpression *string `wire:"KeyConditionExpression"`
	expressionInput
}

// empty reports whether a filter says nothing.
func (f *exportFilter) empty() bool {
	return f.FilterExpression == nil && f.ProjectionExpression == nil && f.KeyConditionExpression == nil &&
		f.ExpressionAttributeNames == nil && f.ExpressionAttributeValues == nil
}

var exportFilterShape = shapeOf[exportFilter]()

// json is the filter as it came; nil for none.
func (f *exportFilter) json() []byte {
	if f == nil {
		return nil
	}
	return encode(nil, exportFilterShape(), f)
}

// parseExportFilter reads back what json wrote.
func parseExportFilter(c *call, raw []byte) (*exportFilter, error) {
	if raw == nil {
		return nil, nil
	}
	f := new(exportFilter)
	return f, decode(c, exportFilterShape(), raw, f)
}

// exportPlan is a planned filter. The zero plan takes everything.
type exportPlan struct {
	keys       *expression.KeyCondition
	order      catalog.RowOrder
	filter     *expression.Condition
	projection *expression.Projection
}

// plan checks the filter against the keys of the table.
func (f *exportFilter) plan(t *catalog.Table) (*exportPlan, error) {
	p := new(exportPlan)
	if f == nil {
		return p, nil
	}
	x := f.context()
	var keys *expression.Condition
	var err error
	if f.FilterExpression != nil {
		if p.filter, err = x.Condition(expression.Filter, *f.FilterExpression); err != nil {
			return nil, err
		}
	}
	if f.KeyConditionExpression != nil {
		if keys, err = x.Condition(expression.KeyConditions, *f.KeyConditionExpression); err != nil {
			return nil, err
		}
	}
	if f.ProjectionExpression != nil {
		if p.projection, err = x.Projection(*f.ProjectionExpression); err != nil {
			return nil, err
		}
	}
	if err := x.Finish("FilterExpression"); err != nil {
		return nil, err
	}
	if err := checkScalars(t, p.filter, p.projection, keys); err != nil {
		return nil, err
	}
	if keys == nil {
		return p, nil
	}
	condition, err := keys.KeyCondition(keyAttributes(t.Key.Hash, nil), keyAttributes(t.Key.Range, nil))
	if err != nil {
		return nil, err
	}
	p.keys, p.order = &condition, t.Order
	return p, (&page{table: t, filter: p.filter}).checkFilter("Filter Expression")
}

// span is where the rows that satisfy the key condition lie in a space of the table's keys.
func (p *exportPlan) span(id storage.SpaceID) storage.Span {
	if p.keys == nil {
		return storage.RowSpan(id)
	}
	return keySpan(rowSpace{id, p.order}, *p.keys)
}

// match applies the filter to an item in wire form.
func (p *exportPlan) match(wire []byte) (bool, error) {
	if p.filter == nil {
		return true, nil
	}
	return p.filter.MatchWire(wire)
}

// project keeps the attributes asked for; scratch is memory it builds them in.
func (p *exportPlan) project(scratch *[]byte, wire []byte) ([]byte, error) {
	if p.projection == nil {
		return wire, nil
	}
	out, err := p.projection.AppendWire((*scratch)[:0], wire)
	*scratch = out
	return out, err
}
