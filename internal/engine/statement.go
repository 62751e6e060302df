package engine

import (
	"errors"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	plan "github.com/ddb-cli/ddb/internal/engine/partiql"
	"github.com/ddb-cli/ddb/internal/partiql"
)

type executeStatementInput struct {
	Statement                           string       `wire:"Statement,required,min=1,max=8192"`
	Parameters                          []attr.Value `wire:"Parameters,min=1,compared"`
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
	s, err := readStatement(in.Statement, in.Parameters)
	if err != nil {
		return nil, err
	}
	if _, ok := s.tree.(*partiql.Exists); ok {
		return nil, validation(msgExists)
	}
	if err := c.findTable(s); err != nil {
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
	if err := checkSourceNames(tree); err != nil {
		return s, err
	}
	if s.prepared, err = plan.Prepare(tree, params); err != nil {
		return s, err
	}
	if d, ok := tree.(*partiql.Delete); ok { // which looks at its condition first
		err = checkName(d.From)
	}
	return s, err
}

// checkSourceNames looks at the form of the names that SELECT and UPDATE read from. INSERT finds no table by a wrong one (DynamoDB
// Local 2.6.1, whose statements are otherwise those of the service).
func checkSourceNames(tree partiql.Statement) error {
	switch tree := tree.(type) {
	case *partiql.Select:
		return checkName(tree.From)
	case *partiql.Exists:
		return checkName(tree.Select.From)
	case *partiql.Update:
		return checkName(tree.Table)
	}
	return nil
}

func checkName(from partiql.Source) error {
	if !isTableName(from.Table) && !strings.HasPrefix(from.Table, "arn:") || from.Index != "" && !isTableName(from.Index) {
		return validation("Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.")
	}
	return nil
}

// isTableName tells whether a name may be one of a table or an index.
func isTableName(name string) bool {
	return len(name) >= 3 && len(name) <= 255 && !strings.ContainsFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '.')
	})
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
