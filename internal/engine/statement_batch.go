package engine

import (
	"github.com/ddb-cli/ddb/internal/attr"
	plan "github.com/ddb-cli/ddb/internal/engine/partiql"
	"github.com/ddb-cli/ddb/internal/jsonscan"
	"github.com/ddb-cli/ddb/internal/partiql"
)

type batchExecuteInput struct {
	Statements             []batchStatement `wire:"Statements,required,min=1,max=25"`
	ReturnConsumedCapacity string           `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
}

type batchStatement struct {
	Statement                           string       `wire:"Statement,required,min=1,max=8192"`
	Parameters                          []attr.Value `wire:"Parameters,min=1,compared"`
	ConsistentRead                      bool         `wire:"ConsistentRead"`
	ReturnValuesOnConditionCheckFailure string       `wire:"ReturnValuesOnConditionCheckFailure,enum=ALL_OLD|NONE"`
}

// batchMember is one statement of a batch: what it does, and what came of it.
type batchMember struct {
	name  string // of the table; empty until the statement has been planned
	read  *transactRead
	write *statementWrite
	err   error

	item   []byte
	cost   cost
	failed float64 // capacity of a write that was tried and refused
}

type batchExecuteOutput struct {
	members  []*batchMember
	consumed []*consumedCapacity
}

// batchExecuteStatement carries out statements on one item each. Each fails or succeeds by itself; only what is wrong
// with the batch as a whole refuses it.
func batchExecuteStatement(c *call, in *batchExecuteInput) (*batchExecuteOutput, error) {
	out := &batchExecuteOutput{}
	reads, writes := 0, 0
	for i := range in.Statements {
		m := &batchMember{}
		out.members = append(out.members, m)
		var kind memberKind
		kind, m.err = c.planMember(m, &in.Statements[i])
		switch kind {
		case memberReads:
			reads++
		case memberWrites:
			writes++
		}
	}
	if reads > 0 && writes > 0 {
		return nil, validation("Read and write requests together in the same batch is not supported.")
	}
	seen := map[string]bool{}
	for _, m := range out.members {
		if m.err != nil {
			continue
		}
		row := m.row()
		if seen[row] {
			return nil, validation(msgDuplicateKeys)
		}
		seen[row] = true
	}
	for i, m := range out.members {
		if m.err == nil {
			m.err = c.runMember(m, in.Statements[i].ConsistentRead)
		}
	}
	out.report(in.ReturnConsumedCapacity)
	return out, nil
}

// report sums the capacity by table. A write that was tried and refused counts in the total of its table but in no arm, and
// a table on which nothing succeeded is left out.
func (o *batchExecuteOutput) report(wanted string) {
	costs, failed := newTableCosts(), map[string]float64{}
	for _, m := range o.members {
		if m.err == nil {
			costs.of(m.name).add(m.cost)
		} else {
			failed[m.name] += m.failed
		}
	}
	for _, name := range costs.names {
		if consumed := costs.costs[name].report(wanted, name); consumed != nil {
			consumed.CapacityUnits += failed[name]
			o.consumed = append(o.consumed, consumed)
		}
	}
}

func (m *batchMember) row() string {
	if m.read != nil {
		return string(m.read.key.row)
	}
	return string(m.write.write.key.row)
}

// memberKind is what a statement does to a table, as far as its text tells.
type memberKind uint8

const (
	memberUnknown memberKind = iota // it cannot be read, or does not belong into a batch
	memberReads
	memberWrites
)

// planMember plans a statement of a batch.
func (c *call) planMember(m *batchMember, in *batchStatement) (memberKind, error) {
	s, err := readStatement(in.Statement, in.Parameters)
	if s == nil {
		return memberUnknown, err
	}
	kind := kindOfMember(s.tree)
	if _, ok := s.tree.(*partiql.Exists); ok && err == nil {
		err = validation(msgExists)
	}
	if err == nil {
		err = c.findTable(s)
	}
	if err != nil {
		if asAPIError(err).Type == "ResourceNotFoundException" {
			m.name = s.name
		}
		return kind, err
	}
	if sel, ok := s.tree.(*partiql.Select); ok {
		m.read, err = c.planSingle(s, sel, "Select statements within BatchExecuteStatement must specify the primary key in the where clause.")
	} else {
		m.write, err = c.planStatementWrite(s, in.ReturnValuesOnConditionCheckFailure)
	}
	if err == nil {
		m.name = s.name
	}
	return kind, err
}

func kindOfMember(tree partiql.Statement) memberKind {
	switch tree.(type) {
	case *partiql.Select:
		return memberReads
	case *partiql.Insert, *partiql.Update, *partiql.Delete:
		return memberWrites
	}
	return memberUnknown
}

// planSingle plans a SELECT that must name one item by its whole key and ask nothing else of it; otherwise is what it
// answers.
func (c *call) planSingle(s *statement, tree *partiql.Select, otherwise string) (*transactRead, error) {
	if tree.From.Index != "" {
		return nil, validation(otherwise)
	}
	sel, err := plan.PlanSelect(tree, s.prepared, s.params, s.schema(nil))
	if err != nil {
		return nil, err
	}
	if sel.Key == nil || !sel.Alone {
		return nil, validation(otherwise)
	}
	r := &transactRead{name: s.name, table: s.table}
	if sel.Columns != nil {
		r.render = rowOf(sel)
	}
	r.key, c.scratch, err = requestKeyOf(s.table, sel.Key, c.scratch)
	return r, err
}

func (c *call) runMember(m *batchMember, consistent bool) error {
	if m.write != nil {
		return c.writeMember(m)
	}
	if err := c.ctx.Err(); err != nil {
		return err
	}
	im, err := c.e.load(c, m.read.key)
	if err != nil {
		return err
	}
	m.cost.table = readUnits(billed(m.read.table, im), consistent)
	if err := c.chargeRead(m.read.table, m.read.key.row, m.cost.table); err != nil {
		return err
	}
	if im == nil {
		return nil
	}
	if err := c.grow(len(im.Wire), nil); err != nil {
		return err
	}
	m.item, err = m.read.shown(im.Wire)
	return err
}

// writeMember carries out a statement that writes. What it answers with counts towards the room of those behind it.
func (c *call) writeMember(m *batchMember) (err error) {
	mark := len(c.scratch)
	if err := c.e.mutate(c, m.write.write); err != nil {
		if n := len(asAPIError(err).Item); n > 0 {
			c.grown += n
		} else {
			c.scratch = c.scratch[:mark]
		}
		return m.refused(err)
	}
	m.cost = m.write.write.cost
	if m.item, err = m.write.answer(); m.item == nil {
		c.scratch = c.scratch[:mark] // nobody sees the image, so the next statement may have the memory
	}
	c.grown += len(m.item)
	return err
}

// refused settles what a refused write leaves behind. What failed on the item as it is has cost the write that was tried; what
// the item shows to be no valid request is answered without its table, as it would be before it ran.
func (m *batchMember) refused(err error) error {
	if asAPIError(err).Type == "ValidationException" {
		m.name = ""
		return err
	}
	m.failed = m.write.write.cost.total()
	return err
}

// statementCodes are the codes of errors in a batch by the exceptions they stand for (API reference,
// BatchStatementError).
var statementCodes = map[string]string{
	"ConditionalCheckFailedException": "ConditionalCheckFailed",
	"DuplicateItemException":          "DuplicateItem",
	"ResourceNotFoundException":       "ResourceNotFound",
	"ValidationException":             "ValidationError",
	"AccessDeniedException":           "AccessDenied",
	"TransactionConflictException":    "TransactionConflict",

	"ItemCollectionSizeLimitExceededException": "ItemCollectionSizeLimitExceeded",
	"ProvisionedThroughputExceededException":   "ProvisionedThroughputExceeded",
	"RequestLimitExceeded":                     "RequestLimitExceeded",
	"ThrottlingException":                      "ThrottlingError",
}

func (o *batchExecuteOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"Responses":[`...)
	for i, m := range o.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		if m.err != nil {
			dst = appendStatementError(appendMember(dst, "Error"), asAPIError(m.err))
		}
		if m.name != "" {
			dst = jsonscan.AppendQuoted(appendMember(dst, "TableName"), m.name)
		}
		if m.item != nil {
			dst = append(appendMember(dst, "Item"), m.item...)
		}
		dst = append(dst, '}')
	}
	return append(appendConsumedList(append(dst, ']'), o.consumed), '}')
}

func appendStatementError(dst []byte, err *apiError) []byte {
	code, ok := statementCodes[err.Type]
	if !ok {
		code = "InternalServerError"
	}
	dst = jsonscan.AppendQuoted(append(dst, `{"Code":`...), code)
	dst = jsonscan.AppendQuoted(append(dst, `,"Message":`...), err.Message)
	if err.Item != nil {
		dst = append(append(dst, `,"Item":`...), err.Item...)
	}
	return append(dst, '}')
}
