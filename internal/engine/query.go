package engine

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

type queryInput struct {
	readInput
	Limit                  *int32                     `wire:"Limit,min=1,name=Limit,unvalued"` // said so by Query alone: change log of nubo-db/dynoxide 0.9.10
	KeyConditions          map[string]filterCondition `wire:"KeyConditions"`
	QueryFilter            map[string]filterCondition `wire:"QueryFilter"`
	ScanIndexForward       *bool                      `wire:"ScanIndexForward"`
	ExclusiveStartKey      attr.Item                  `wire:"ExclusiveStartKey"`
	KeyConditionExpression *string                    `wire:"KeyConditionExpression"`
}

func query(c *call, in *queryInput, out []byte) ([]byte, error) {
	plan, err := in.plan()
	if err != nil {
		return nil, err
	}
	p, err := c.openPage(&in.readInput, in.Limit, plan.filter, plan.projection)
	if err != nil {
		return nil, err
	}
	p.reverse = in.ScanIndexForward != nil && !*in.ScanIndexForward
	if err := checkScalars(p.table, plan.keys); err != nil {
		return nil, err
	}
	condition, err := plan.keys.KeyCondition(keyAttributes(p.schema().Hash, p.index), keyAttributes(p.schema().Range, p.index))
	if err != nil {
		return nil, err
	}
	p.span = keySpan(p.space(), condition)
	if in.ExclusiveStartKey != nil {
		if p.after, err = p.queryStart(in.ExclusiveStartKey, condition); err != nil {
			return nil, err
		}
	}
	parameter := "Filter Expression"
	if in.QueryFilter != nil {
		parameter = "QueryFilter"
	}
	if err := p.checkFilter(parameter); err != nil {
		return nil, err
	}
	if err := p.selectFrom(&in.readInput); err != nil {
		return nil, err
	}
	return p.answer(c, out, &in.readInput)
}

// queryPlan is what a request asks for before the table is known.
type queryPlan struct {
	filter     *expression.Condition
	projection *expression.Projection
	keys       *expression.Condition
}

// parameters: KeyConditions goes with the other expressions as long as it stands in for a KeyConditionExpression, which came later than they did.
func (in *queryInput) parameters() error {
	return in.together([]param{
		{"AttributesToGet", in.AttributesToGet != nil},
		{"QueryFilter", in.QueryFilter != nil},
		{"ConditionalOperator", in.ConditionalOperator != ""},
		{"KeyConditions", in.KeyConditions != nil && in.KeyConditionExpression != nil},
	}, []param{
		{projectionParameter, in.ProjectionExpression != nil},
		{"FilterExpression", in.FilterExpression != nil},
		{"KeyConditionExpression", in.KeyConditionExpression != nil},
	})
}

func (in *queryInput) plan() (*queryPlan, error) {
	if err := in.parameters(); err != nil {
		return nil, err
	}
	x := in.context()
	plan := new(queryPlan)
	var err error
	if plan.filter, plan.projection, err = in.planRead(x); err != nil {
		return nil, err
	}
	switch {
	case in.KeyConditionExpression != nil:
		plan.keys, err = x.Condition(expression.KeyConditions, *in.KeyConditionExpression)
	case in.KeyConditions == nil:
		err = validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	default:
		err = in.legacyPlan(plan)
	}
	if err != nil {
		return nil, err
	}
	if err := x.Finish(); err != nil {
		return nil, err
	}
	if err := in.checkSelect(); err != nil {
		if errors.Is(err, errNoSelection) {
			err = validation(envelope + errNoSelection.Message) // Query alone reports it so (change log of nubo-db/dynoxide 0.11.2)
		}
		return nil, err
	}
	return plan, nil
}

// checkFilter refuses a filter on the key of what is queried, since the key condition is for that, and on what an index does not hold.
func (p *page) checkFilter(parameter string) error {
	if p.filter == nil {
		return nil
	}
	var missing []string
	for _, name := range p.filter.Attributes() {
		if p.schema().Has(name) {
			return validation(parameter + " can only contain non-primary key attributes: Primary key attribute: " + name)
		}
		if p.index != nil && !p.index.Holds(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return invalidParameter("Secondary index " + p.index.Name + " does not project one or more filter attributes: [" + strings.Join(missing, ", ") + "]")
}

// keySpan is the range of rows that satisfy a key condition: all of them and no others.
func keySpan(id storage.SpaceID, k expression.KeyCondition) storage.Span {
	prefix := appendPartition(nil, id, k.Hash...)
	for _, v := range k.SortEq {
		prefix = attr.AppendKey(prefix, v)
	}
	with := func(v attr.Value) []byte { return attr.AppendKey(bytes.Clone(prefix), v) }
	all := storage.Span{Start: prefix, End: storage.PrefixEnd(prefix)}
	switch k.Op {
	case expression.Lt:
		return storage.Span{Start: all.Start, End: with(k.A)}
	case expression.Le:
		return storage.Span{Start: all.Start, End: storage.PrefixEnd(with(k.A))}
	case expression.Gt:
		return storage.Span{Start: storage.PrefixEnd(with(k.A)), End: all.End}
	case expression.Ge:
		return storage.Span{Start: with(k.A), End: all.End}
	case expression.BetweenOp:
		return storage.Span{Start: with(k.A), End: storage.PrefixEnd(with(k.B))}
	case expression.BeginsWith:
		// Without its end mark (two bytes) an encoded text is the prefix of all texts that begin with it.
		start := with(k.A)
		start = start[:len(start)-2]
		return storage.Span{Start: start, End: storage.PrefixEnd(start)}
	case expression.Eq:
		start := with(k.A)
		return storage.Span{Start: start, End: storage.PrefixEnd(start)}
	}
	return all
}

// queryStart finds the row a query goes on behind, and checks that it lies where the query reads.
func (p *page) queryStart(start attr.Item, k expression.KeyCondition) ([]byte, error) {
	row, err := p.startRow(start)
	if err != nil {
		return nil, err
	}
	for i, h := range p.schema().Hash {
		if v, _ := start.Get(h.Name); !v.Equal(k.Hash[i]) {
			return nil, validation("The provided starting key is outside query boundaries based on provided conditions")
		}
	}
	if bytes.Compare(row, p.span.Start) < 0 || p.span.End != nil && bytes.Compare(row, p.span.End) >= 0 {
		return nil, validation("The provided starting key does not match the range key predicate")
	}
	return row, nil
}

// startRow is the row key an ExclusiveStartKey names; the row itself may be gone. The key must hold the attributes of the
// key schemas and nothing else.
func (p *page) startRow(start attr.Item) ([]byte, error) {
	const invalid = "The provided starting key is invalid"
	if p.index == nil {
		key, _, err := requestKeyOf(p.table, start, nil)
		if err != nil {
			return nil, validation(invalid + ": " + asAPIError(err).Message)
		}
		return key.row, nil
	}
	if len(startKeyItem(p.table, p.index, parsedItem(start))) != len(start) {
		return nil, validation(invalid)
	}
	if _, _, err := itemKeyOf(p.table, parsedItem(start), nil); err != nil {
		return nil, validation(invalid)
	}
	row, ok := indexKey(p.table, p.index, parsedItem(start))
	if !ok {
		return nil, validation(invalid)
	}
	return row, nil
}
