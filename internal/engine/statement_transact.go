package engine

import (
	"crypto/sha256"
	"errors"
	"strconv"
	"strings"

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
	missing := make([]error, len(statements))
	for i, s := range statements {
		missing[i] = c.findTable(s)
	}
	if reads > 0 {
		return c.transactSelects(statements, missing, in.ReturnConsumedCapacity)
	}
	return c.transactStatements(statements, missing, in)
}

// failedIn says in which statement of a transaction something is wrong with its form.
func failedIn(i int, err error) error {
	if api := asAPIError(err); api.Type != "ValidationException" {
		return api
	}
	return validation("Validation failed in TransactStatements[" + strconv.Itoa(i) + "]: " + asAPIError(err).Message)
}

// What is wrong with the tables and keys of statements cancels the transaction, and every statement is told of (floci-io/floci 3674 and source, eu-west-2,
// September 2026).

func (c *call) transactSelects(statements []*statement, failures []error, capacity string) (*executeTransactionOutput, error) {
	const single = "Select statements within ExecuteTransaction must specify the primary key in the where clause."
	reads := make([]transactRead, len(statements))
	for i, s := range statements {
		if failures[i] != nil {
			continue
		}
		r, err := c.planSingle(s, s.tree.(*partiql.Select), single)
		if err == nil {
			reads[i] = *r
			continue
		}
		api := asAPIError(err)
		if !isKeyError(err) && !strings.HasPrefix(api.Message, emptyKey) {
			return nil, failedIn(i, api)
		}
		failures[i] = keyRefusal(err)
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

func isKeyError(err error) bool {
	_, ok := errors.AsType[*plan.KeyError](err)
	return ok
}

// keyRefusal words what is wrong with a key as the operations on items do.
func keyRefusal(err error) error {
	if isKeyError(err) {
		return validation(msgKeySchema)
	}
	return err
}

// planWithin plans a statement that writes, with its key checked as that of an action on an item.
func (c *call) planWithin(s *statement, onFailure string) (w *statementWrite, err error) {
	if _, ok := s.tree.(*partiql.Insert); ok {
		if _, c.scratch, err = itemKeyOf(s.table, newImage(s.prepared.Item), c.scratch); err != nil {
			return nil, err
		}
	}
	w, err = c.planStatementWrite(s, onFailure)
	return w, keyRefusal(err)
}

func (c *call) transactStatements(statements []*statement, failures []error, in *executeTransactionInput) (*executeTransactionOutput, error) {
	actions := make([]transactAction, len(statements))
	for i, s := range statements {
		onFailure := in.TransactStatements[i].ReturnValuesOnConditionCheckFailure
		if failures[i] != nil {
			continue
		}
		if exists, ok := s.tree.(*partiql.Exists); ok {
			var err error
			if actions[i], err = c.planExists(s, exists, onFailure); err != nil {
				return nil, failedIn(i, err)
			}
			continue
		}
		w, err := c.planWithin(s, onFailure)
		if err != nil {
			failures[i] = asAPIError(err)
			continue
		}
		actions[i] = transactAction{name: s.name, key: w.key, size: w.size, plan: func(*catalog.Table) (*write, error) { return w.write, nil }}
	}
	if err := cancelled(failures); err != nil {
		return nil, err
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
	w := &write{table: s.table, shows: g.returnOld, change: func(w *write) (*Image, error) {
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
		b = appendCanonicalValue(b, &attr.Value{Kind: attr.L, List: s.Parameters})
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
