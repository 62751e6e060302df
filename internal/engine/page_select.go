package engine

import (
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// readInput are the parameters that Query and Scan share.
type readInput struct {
	TableName              string   `wire:"TableName,required,min=1,max=1024,table"`
	ReturnConsumedCapacity string   `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	Select                 string   `wire:"Select,enum=SPECIFIC_ATTRIBUTES|COUNT|ALL_ATTRIBUTES|ALL_PROJECTED_ATTRIBUTES"`
	IndexName              *string  `wire:"IndexName,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	AttributesToGet        []string `wire:"AttributesToGet,min=1"`
	ConditionalOperator    string   `wire:"ConditionalOperator"`
	ConsistentRead         bool     `wire:"ConsistentRead"`
	ProjectionExpression   *string  `wire:"ProjectionExpression"`
	FilterExpression       *string  `wire:"FilterExpression"`
	expressionInput
}

// planRead plans the filter and the projection that the request gives as expressions, and AttributesToGet.
func (in *readInput) planRead(x *expression.Context) (filter *expression.Condition, projection *expression.Projection, err error) {
	if in.FilterExpression != nil {
		if filter, err = x.Condition(expression.Filter, *in.FilterExpression); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case in.ProjectionExpression != nil:
		projection, err = x.Projection(*in.ProjectionExpression)
	case in.AttributesToGet != nil:
		projection, err = projectAttributes(in.AttributesToGet)
	}
	return filter, projection, err
}

// knownSelect refuses a Select there is none of. The service looks at it with the expressions, Query before them and Scan behind.
func (in *readInput) knownSelect() error {
	const known = "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES"
	if in.Select == "" || slices.Contains(strings.Split(known, ", "), in.Select) {
		return nil
	}
	return violated([]violation{{value: "'" + in.Select + "'", path: pathSelect, rule: "Member must satisfy enum value set: [" + known + "]"}})
}

// checkSelect checks what needs no table: whether Select and the projection go together. It is reported as a violation of the request (ExtendDB/extenddb
// 211; nubo-db/dynoxide 96 from ap-south-1; of a Scan captured in October 2026: source of nubo-db/dynoxide 3.2).
func (in *readInput) checkSelect() error {
	refused := func(message string) error { return validation(envelope + message) }
	with := ""
	switch {
	case in.ProjectionExpression != nil:
		with = "ProjectionExpression"
	case in.AttributesToGet != nil:
		with = "AttributesToGet"
	}
	switch {
	case in.Select == "COUNT" && with != "":
		return refused("Cannot specify the " + with + " when choosing to get only the Count")
	case in.Select == "ALL_ATTRIBUTES" && with != "":
		return refused("Cannot specify the " + with + " when choosing to get ALL_ATTRIBUTES")
	case in.Select == "ALL_PROJECTED_ATTRIBUTES" && with != "":
		return refused("Cannot specify the " + with + " when choosing to get ALL_PROJECTED_ATTRIBUTES")
	case in.Select == "ALL_PROJECTED_ATTRIBUTES" && in.IndexName == nil:
		return refused("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	case in.Select == "SPECIFIC_ATTRIBUTES" && with == "":
		return refused("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	}
	return nil
}

// openPage finds table and index of a read of at most limit rows.
func (c *call) openPage(in *readInput, limit *cut, filter *expression.Condition, projection *expression.Projection) (*page, error) {
	t, err := c.table(in.TableName)
	if err != nil {
		return nil, err
	}
	p := &page{table: t, filter: filter, projection: projection, countOnly: in.Select == "COUNT", consistent: in.ConsistentRead}
	if limit != nil {
		p.limit = int(*limit)
	}
	if in.IndexName == nil {
		return p, checkScalars(t, filter, projection)
	}
	if p.index = t.Index(*in.IndexName); p.index == nil || p.index.Status == catalog.Deleting {
		return nil, validation("The table does not have the specified index: " + *in.IndexName)
	}
	if p.index.Vector != nil {
		return nil, c.errVectorIndex()
	}
	if p.index.Backfilling || p.index.Status == catalog.Creating {
		return nil, validation("Cannot read from backfilling global secondary index: " + p.index.Name)
	}
	if p.consistent && !p.index.Local {
		return nil, validation("Consistent reads are not supported on global secondary indexes")
	}
	return p, checkScalars(t, filter, projection)
}

// selectFrom decides whether the index holds what is asked for. A local index fetches what it lacks from the table; a
// global one cannot.
func (p *page) selectFrom(in *readInput) error {
	if p.index == nil {
		return nil
	}
	var missing []string
	if p.projection != nil {
		for _, name := range p.projection.Attributes() {
			if !p.index.Holds(name) {
				missing = append(missing, name)
			}
		}
	}
	all := in.Select == "ALL_ATTRIBUTES" && p.index.Projection != "ALL"
	if p.index.Local {
		if p.filter != nil {
			lacks := func(name string) bool { return !p.index.Holds(name) }
			p.fetch = slices.ContainsFunc(p.filter.Attributes(), lacks)
		}
		p.fetch = p.fetch || all || len(missing) > 0
		return nil
	}
	switch {
	case all:
		return invalidParameter("Select type ALL_ATTRIBUTES is not supported for global secondary index " + p.index.Name +
			" because its projection type is not ALL")
	case len(missing) > 0:
		slices.Sort(missing)
		return invalidParameter("Global secondary index " + p.index.Name + " does not project [" + strings.Join(missing, ", ") + "]")
	}
	return nil
}

// keyAttributes is a part of the key schema of a table (x nil) or an index as the expression package takes it.
func keyAttributes(keys []catalog.KeyAttribute, x *catalog.Index) []expression.KeyAttr {
	index := ""
	if x != nil {
		index = x.Name
	}
	out := make([]expression.KeyAttr, len(keys))
	for i, k := range keys {
		out[i] = expression.KeyAttr{Name: k.Name, Kind: k.Type, Index: index}
	}
	return out
}
