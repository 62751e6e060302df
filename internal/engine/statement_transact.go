package engine

import (
	"crypto/sha256"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	plan "github.com/ddb-cli/ddb/internal/engine/partiql"
	"github.com/ddb-cli/ddb/internal/partiql"
)

type executeTransactionInput struct {
	TransactStatements     []parameterizedStatement `wire:"TransactStatements,required,min=1,max=100"`
	ClientRequestToken     string                   `wire:"ClientRequestToken,min=1,max=36"`
	ReturnConsumedCapacity string                   `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
}

type parameterizedStatement struct {
	Statement                           string       `wire:"Statement,required,min=1,max=8192"`
	Parameters                          []attr.Value `wire:"Parameters,min=1,compared"`
	ReturnValuesOnConditionCheckFailure string       `wire:"ReturnValuesOnConditionCheckFailure,enum=ALL_OLD|NONE"`
}

type executeTransactionOutput struct {
	reads    *transactGetOutput
	consumed []*consumedCapacity
}

// executeTransaction carries out SELECTs, or writes with EXISTS among them, as one.
func executeTransaction(c *call, in *executeTransactionInput) (*executeTransactionOutput, error) {
	statements := make([]*statement, len(in.TransactStatements))
	reads := 0
	for i, text := range in.TransactStatements {
		s, err := readStatement(text.Statement, text.Parameters)
		if s == nil { // not a statement at all
			return nil, err
		}
		if err != nil {
			return nil, failedIn(i, err)
		}
		if err := checkInTransaction(s.tree); err != nil {
			return nil, failedIn(i, err)
		}
		if _, ok := s.tree.(*partiql.Select); ok {
			reads++
		}
		statements[i] = s
	}
	if reads > 0 && reads < len(statements) {
		return nil, validation("ExecuteTransaction API does not support both read and write operations in the same request.")
	}
	for _, s := range statements {
		if err := c.findTable(s); err != nil {
			return nil, err
		}
	}
	if reads > 0 {
		return c.transactSelects(statements, in.ReturnConsumedCapacity)
	}
	return c.transactStatements(statements, in)
}

// failedIn says in which statement of a transaction something is wrong with its form.
func failedIn(i int, err error) error {
	return validation("Validation failed in TransactStatements[" + strconv.Itoa(i) + "]: " + asAPIError(err).Message)
}

func (c *call) transactSelects(statements []*statement, capacity string) (*executeTransactionOutput, error) {
	const single = "Select statements within ExecuteTransaction must specify the primary key in the where clause."
	reads, failures := make([]transactRead, len(statements)), make([]error, len(statements))
	for i, s := range statements {
		tree := s.tree.(*partiql.Select)
		r, err := c.planSingle(s, tree, single)
		switch {
		case err == nil:
			reads[i] = *r
		case asAPIError(err).Message == single:
			return nil, failedIn(i, err)
		default:
			failures[i] = err
		}
	}
	if err := cancelled(failures); err != nil {
		return nil, err
	}
	out, err := c.transactRead(reads, capacity)
	if err != nil {
		return nil, err
	}
	return &executeTransactionOutput{reads: out}, nil
}

func (c *call) transactStatements(statements []*statement, in *executeTransactionInput) (*executeTransactionOutput, error) {
	actions := make([]transactAction, len(statements))
	for i, s := range statements {
		onFailure := in.TransactStatements[i].ReturnValuesOnConditionCheckFailure
		if exists, ok := s.tree.(*partiql.Exists); ok {
			var err error
			if actions[i], err = c.planExists(s, exists, onFailure); err != nil {
				return nil, failedIn(i, err)
			}
			continue
		}
		w, err := c.planStatementWrite(s, onFailure)
		if err != nil {
			actions[i] = transactAction{name: s.name, plan: func(*catalog.Table) (*write, error) { return nil, asAPIError(err) }}
			continue
		}
		actions[i] = transactAction{name: s.name, key: w.key, size: w.size, plan: func(*catalog.Table) (*write, error) { return w.write, nil }}
	}
	out, err := c.transact(actions, in.ClientRequestToken, in.digest(), in.ReturnConsumedCapacity, "")
	if err != nil {
		return nil, err
	}
	answer := &executeTransactionOutput{}
	for _, t := range out.tables {
		answer.consumed = append(answer.consumed, t.consumed)
	}
	return answer, nil
}

// checkInTransaction refuses what a statement may not have within a transaction.
func checkInTransaction(tree partiql.Statement) error {
	var returning partiql.Returning
	switch tree := tree.(type) {
	case *partiql.Select:
		if tree.From.Index != "" {
			return validation("Reads on indices are not supported within transactions.")
		}
	case *partiql.Exists:
		if tree.Select.From.Index != "" {
			return validation("Operations on indices are not supported in transactions")
		}
	case *partiql.Update:
		returning = tree.Returning
	case *partiql.Delete:
		returning = tree.Returning
		if err := checkReturningOfDelete(returning); err != nil {
			return err
		}
	}
	if returning != partiql.ReturnNone {
		return validation("RETURNING clause is not supported in ExecuteTransaction.")
	}
	return nil
}

// planExists plans EXISTS(SELECT …): a condition on one item.
func (c *call) planExists(s *statement, tree *partiql.Exists, onFailure string) (a transactAction, err error) {
	sel, err := plan.PlanSelect(tree.Select, s.prepared, s.params, s.schema(nil))
	if err != nil {
		return a, err
	}
	if sel.Key == nil || sel.Alone {
		return a, validation("EXISTS() must contain a single item read with additional condition")
	}
	g := guard{sel.Beside, onFailure == "ALL_OLD"}
	w := &write{table: s.table, change: func(w *write) (*Image, error) {
		// A SELECT finds nothing where no item is, whatever it asks of it.
		if w.old == nil {
			return nil, errConditionFailed(nil)
		}
		return w.old, g.check(w.old)
	}}
	w.key, c.scratch, err = requestKeyOf(s.table, sel.Key, c.scratch)
	return transactAction{name: s.name, key: parsedItem(sel.Key), size: attr.ItemSize(sel.Key), plan: func(*catalog.Table) (*write, error) { return w, nil }}, err
}

// digest stands for the statements and parameters a token is bound to.
func (in *executeTransactionInput) digest() []byte {
	var b []byte
	for _, s := range in.TransactStatements {
		b = appendText(appendText(b, &s.Statement), &s.ReturnValuesOnConditionCheckFailure)
		b = appendCanonicalValue(b, attr.Value{Kind: attr.L, List: s.Parameters})
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

func (o *executeTransactionOutput) appendJSON(dst []byte) []byte {
	if o.reads != nil {
		return o.reads.appendJSON(dst)
	}
	return append(appendConsumedList(append(dst, `{"Responses":[]`...), o.consumed), '}')
}
