package engine

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

type queryInput struct {
	newerProgram
	readInput
	Limit                  *cut                       `wire:"Limit,min=1"`
	KeyConditions          map[string]filterCondition `wire:"KeyConditions"`
	QueryFilter            map[string]filterCondition `wire:"QueryFilter"`
	ScanIndexForward       *bool                      `wire:"ScanIndexForward"`
	ExclusiveStartKey      attr.Item                  `wire:"ExclusiveStartKey,start"`
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
	if in.ExclusiveStartKey != nil {
		if p.after, err = p.startRow(in.ExclusiveStartKey); err != nil {
			return nil, err
		}
	}
	condition, err := plan.keys.KeyCondition(keyAttributes(p.schema().Hash, p.index), keyAttributes(p.schema().Range, p.index))
	if err != nil {
		return nil, err
	}
	p.span = keySpan(p.space(), condition)
	if in.ExclusiveStartKey != nil {
		if err := p.startsWithin(in.ExclusiveStartKey, condition); err != nil {
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
	if err := emptyAttribute(in.AttributesToGet); err != nil {
		return err
	}
	err := in.together([]param{
		{"AttributesToGet", in.AttributesToGet != nil},
		{"QueryFilter", in.QueryFilter != nil},
		{"ConditionalOperator", in.ConditionalOperator != ""},
		{"KeyConditions", in.KeyConditions != nil && in.KeyConditionExpression != nil},
	}, []param{
		{projectionParameter, in.ProjectionExpression != nil},
		{"FilterExpression", in.FilterExpression != nil},
		{"KeyConditionExpression", in.KeyConditionExpression != nil},
	})
	if err == nil {
		err = in.knownSelect()
	}
	if err != nil {
		return err
	}
	return joinable(in.ConditionalOperator, len(in.QueryFilter))
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
		if plan.keys, err = x.Condition(expression.KeyConditions, *in.KeyConditionExpression); err == nil && len(plan.keys.Nested()) > 0 {
			// Before a table is looked for, and not as other expressions that reach into keys (change log of nubo-db/dynoxide 0.11.2).
			err = validation("Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes")
		}
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
	return plan, in.checkSelect()
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
func keySpan(s rowSpace, k expression.KeyCondition) storage.Span {
	prefix := s.appendPartition(nil, k.Hash...)
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
