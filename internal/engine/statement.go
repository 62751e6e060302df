package engine

import (
	"errors"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	plan "github.com/ddb-cli/ddb/internal/engine/partiql"
	"github.com/ddb-cli/ddb/internal/partiql"
)

type executeStatementInput struct {
	Statement                           string       `wire:"Statement,required,min=1,max=8192"`
	Parameters                          []attr.Value `wire:"Parameters,min=1"`
	ConsistentRead                      bool         `wire:"ConsistentRead"`
	NextToken                           string       `wire:"NextToken,min=1,max=32768"`
	ReturnConsumedCapacity              string       `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	Limit                               *int32       `wire:"Limit,min=1"`
	ReturnValuesOnConditionCheckFailure string       `wire:"ReturnValuesOnConditionCheckFailure,enum=ALL_OLD|NONE"`
}

type executeStatementOutput struct {
	items    []byte // separated by commas
	token    string
	last     []byte // key the next page goes on from
	consumed *consumedCapacity
}

const msgExists = "EXISTS can only be used in ExecuteTransaction write requests."

func executeStatement(c *call, in *executeStatementInput) (*executeStatementOutput, error) {
	s, err := c.parseStatement(in.Statement, in.Parameters)
	if err != nil {
		return nil, err
	}
	if sel, ok := s.tree.(*partiql.Select); ok {
		return c.executeSelect(s, sel, in)
	}
	w, err := c.planStatementWrite(s, in.ReturnValuesOnConditionCheckFailure)
	if err != nil {
		return nil, err
	}
	if err := c.e.mutate(c, w.write); err != nil {
		return nil, err
	}
	out := &executeStatementOutput{consumed: w.write.cost.report(in.ReturnConsumedCapacity, s.name)}
	out.items, err = w.answer()
	return out, err
}

func (o *executeStatementOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"Items":[`...)
	dst = append(append(dst, o.items...), ']')
	if o.token != "" {
		dst = append(append(dst, `,"NextToken":"`...), o.token...)
		dst = append(dst, '"')
	}
	if o.last != nil {
		dst = append(appendMember(dst, "LastEvaluatedKey"), o.last...)
	}
	return append(appendConsumed(dst, o.consumed), '}')
}

// statement is a statement that can be read, with its parameters and its table.
type statement struct {
	tree   partiql.Statement
	params []attr.Value
	name   string // of the table, as the statement gives it
	table  *catalog.Table

	prepared plan.Prepared
}

// parseStatement reads a statement and finds its table.
func (c *call) parseStatement(text string, params []attr.Value) (*statement, error) {
	s, err := readStatement(text, params)
	if err != nil {
		return nil, err
	}
	return s, c.findTable(s)
}

// readStatement reads a statement and checks what needs no table. What it returns with an error can be read, if it is not
// nil, and was refused after that.
func readStatement(text string, params []attr.Value) (*statement, error) {
	tree, err := partiql.Parse(text)
	if refused, ok := errors.AsType[*partiql.Error](err); ok {
		if refused.Syntax {
			return nil, validation(refused.Message)
		}
		return &statement{}, validation(refused.Message)
	}
	if err != nil {
		return nil, err
	}
	s := &statement{tree: tree, params: params, name: partiql.Tables(tree)[0]}
	s.prepared, err = plan.Prepare(tree, params)
	return s, err
}

func (c *call) findTable(s *statement) (err error) {
	s.table, err = c.table(s.name)
	return err
}

// schema is the key that the statement's conditions may pin: the index's, if it reads one.
func (s *statement) schema(x *catalog.Index) plan.Schema {
	k := s.table.Key
	if x != nil {
		k = x.Key
	}
	return plan.Schema{Hash: keyAttributes(k.Hash, x), Range: keyAttributes(k.Range, x)}
}
