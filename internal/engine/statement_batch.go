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
	Parameters                          []attr.Value `wire:"Parameters,min=1"`
	ConsistentRead                      bool         `wire:"ConsistentRead"`
	ReturnValuesOnConditionCheckFailure string       `wire:"ReturnValuesOnConditionCheckFailure,enum=ALL_OLD|NONE"`
}

// batchMember is one statement of a batch: what it does, and what came of it.
type batchMember struct {
	name  string // of the table; empty until the statement has been planned
	read  *transactRead
	write *statementWrite
	err   error

	item []byte
	cost cost
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
	seen := map[string]bool{}
	for i := range in.Statements {
		m := &batchMember{}
		out.members = append(out.members, m)
		var read bool
		if read, m.err = c.planMember(m, &in.Statements[i]); m.err != nil {
			continue
		}
		row := m.row()
		if read {
			reads++
		} else {
			writes++
		}
		if seen[row] {
			return nil, validation(msgDuplicateKeys)
		}
		seen[row] = true
	}
	if reads > 0 && writes > 0 {
		return nil, validation("Read and write requests together in the same batch is not supported.")
	}
	costs, done := newTableCosts(), map[string]bool{}
	for i, m := range out.members {
		if m.err == nil {
			m.err = c.runMember(m, in.Statements[i].ConsistentRead)
		}
		if m.name != "" {
			costs.of(m.name).add(m.cost)
			done[m.name] = done[m.name] || m.err == nil
		}
	}
	for _, name := range costs.names {
		if !done[name] {
			continue // a table on which every statement failed is not reported, although a failure beside a success is charged
		}
		out.consumed = append(out.consumed, costs.costs[name].report(in.ReturnConsumedCapacity, name))
	}
	return out, nil
}

func (m *batchMember) row() string {
	if m.read != nil {
		return string(m.read.key.row)
	}
	return string(m.write.write.key.row)
}

// planMember plans a statement of a batch.
func (c *call) planMember(m *batchMember, in *batchStatement) (read bool, err error) {
	s, err := c.parseStatement(in.Statement, in.Parameters)
	if err != nil {
		return false, err
	}
	if sel, ok := s.tree.(*partiql.Select); ok {
		read = true
		m.read, err = c.planSingle(s, sel, "Select statements within BatchExecuteStatement must specify the primary key in the where clause.")
	} else {
		m.write, err = c.planStatementWrite(s, in.ReturnValuesOnConditionCheckFailure)
	}
	if err == nil {
		m.name = s.name
	}
	return read, err
}

// planSingle plans a SELECT that must name one item by its whole key and ask nothing else of it; otherwise is what it
// answers.
func (c *call) planSingle(s *statement, tree *partiql.Select, otherwise string) (*transactRead, error) {
	if tree.From.Index != "" {
		return nil, validation(otherwise)
	}
	sel, err := plan.PlanSelect(tree, s.params, s.schema(nil))
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
		err := c.e.mutate(c, m.write.write)
		m.cost = m.write.write.cost
		if err != nil {
			return err
		}
		m.item, err = m.write.answer()
		return err
	}
	im, err := c.e.load(c, m.read.key)
	if err != nil {
		return err
	}
	m.cost.table = readUnits(im.sizeOf(), consistent)
	if err := c.throttleRead(m.read.table, m.read.key.row, m.cost.table); err != nil {
		return err
	}
	if im != nil {
		m.item, err = m.read.shown(im.Wire)
	}
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
		dst = append(appendMember(dst, "Item"), err.Item...)
	}
	return append(dst, '}')
}
