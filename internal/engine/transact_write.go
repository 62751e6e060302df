package engine

import (
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

type transactWriteInput struct {
	TransactItems               []transactWriteItem `wire:"TransactItems,required,min=1,max=100"`
	ReturnConsumedCapacity      string              `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	ReturnItemCollectionMetrics string              `wire:"ReturnItemCollectionMetrics,enum=SIZE|NONE"`
	ClientRequestToken          string              `wire:"ClientRequestToken,min=1,max=36"`
}

type transactWriteItem struct {
	ConditionCheck *transactCheck  `wire:"ConditionCheck"`
	Put            *transactPut    `wire:"Put"`
	Delete         *transactDelete `wire:"Delete"`
	Update         *transactUpdate `wire:"Update"`
}

// transactCondition are the parameters of a condition within a transaction.
type transactCondition struct {
	TableName string `wire:"TableName,required,table"`
	expressionInput
	ReturnValuesOnConditionCheckFailure string `wire:"ReturnValuesOnConditionCheckFailure,enum=ALL_OLD|NONE"`
}

type transactCheck struct {
	Key                 attr.Item `wire:"Key,required"`
	ConditionExpression *string   `wire:"ConditionExpression,required"`
	transactCondition
}

type transactPut struct {
	Item                Image   `wire:"Item,required"`
	ConditionExpression *string `wire:"ConditionExpression"`
	transactCondition
}

type transactDelete struct {
	Key                 attr.Item `wire:"Key,required"`
	ConditionExpression *string   `wire:"ConditionExpression"`
	transactCondition
}

type transactUpdate struct {
	Key                 attr.Item `wire:"Key,required"`
	UpdateExpression    *string   `wire:"UpdateExpression,required"`
	ConditionExpression *string   `wire:"ConditionExpression"`
	transactCondition
}

// transactAction is one action of a transaction of writes, planned.
type transactAction struct {
	name string     // of the table, as the request gives it
	key  attributes // holds at least the key
	size int        // what it adds to the transaction's size
	plan func(t *catalog.Table) (*write, error)
}

type transactWriteOutput struct {
	tables []*tableWrites
}

func transactWriteItems(c *call, in *transactWriteInput) (*transactWriteOutput, error) {
	actions := make([]transactAction, len(in.TransactItems))
	for i := range in.TransactItems {
		var err error
		if actions[i], err = c.planAction(&in.TransactItems[i]); err != nil {
			return nil, err
		}
	}
	var digest []byte
	if in.ClientRequestToken != "" {
		digest = in.digest()
	}
	return c.transact(actions, in.ClientRequestToken, digest, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
}

// single refuses an item that does not hold one action.
func (it *transactWriteItem) single() error {
	n := 0
	for _, given := range [...]bool{it.ConditionCheck != nil, it.Put != nil, it.Delete != nil, it.Update != nil} {
		if given {
			n++
		}
	}
	switch {
	case n == 0:
		return validation("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
	case n > 1:
		return validation("TransactItems can only contain one of Check, Put, Update or Delete")
	}
	return nil
}

// transact carries out planned actions, all or none. A token makes the call idempotent: digest stands for the request's
// parameters.
func (c *call) transact(actions []transactAction, token string, digest []byte, capacity, metrics string) (*transactWriteOutput, error) {
	size := 0
	for _, a := range actions {
		if size += a.size; size > maxTransactBytes {
			return nil, validation("Transaction payload size cannot exceed 4MB. Payload Size: " + strconv.Itoa(size))
		}
	}
	writes, failures := make([]*write, len(actions)), make([]error, len(actions))
	for i, a := range actions {
		t, err := c.table(a.name)
		if err == nil {
			err = transactable(t)
		}
		if err != nil {
			return nil, err
		}
		if writes[i], failures[i] = a.plan(t); failures[i] != nil && !isRefusal(failures[i]) {
			return nil, failures[i]
		}
		if writes[i] != nil {
			writes[i].transacted = true
		}
	}
	// Every key is held against its table before items are compared (floci-io/floci 3674, eu-west-2).
	empty := emptyKeyIn(failures)
	if empty == nil {
		if err := cancelledReads(firstAlone(failures)); err != nil {
			return nil, err
		}
	}
	if repeated(planned(writes, failures)) {
		return nil, validation(msgSameItem)
	}
	if empty != nil {
		return nil, empty
	}
	leave, err := c.e.transactions.enter(c.tokenKey(token), writes, failures)
	if err != nil {
		return nil, err
	}
	defer leave()
	done, sizes, err := c.recall(token, digest)
	if err != nil {
		return nil, err
	}
	if done {
		return c.repeatAnswer(actions, writes, sizes, capacity)
	}
	if err := c.e.mutateWith(c, c.remember(token, digest, writes), writes...); err != nil {
		for i, w := range writes {
			failures[i] = w.err
			if w.err == nil && w.unmet {
				failures[i] = errConditionFailed(nil)
			}
		}
		if cancel := cancelled(failures); cancel != nil {
			return nil, cancel
		}
		return nil, err
	}
	return c.transactAnswer(actions, writes, capacity, metrics)
}

// planned are the writes that could be planned.
func planned(writes []*write, failures []error) (out []*write) {
	for i, w := range writes {
		if failures[i] == nil {
			out = append(out, w)
		}
	}
	return out
}

// transactAnswer collects the answer by table.
func (c *call) transactAnswer(actions []transactAction, writes []*write, capacity, metrics string) (*transactWriteOutput, error) {
	out := &transactWriteOutput{}
	costs := newTableCosts()
	byName := map[string]*tableWrites{}
	for i, a := range actions {
		w := byName[a.name]
		if w == nil {
			w = &tableWrites{name: a.name}
			byName[a.name] = w
			out.tables = append(out.tables, w)
		}
		w.writes, w.keys = append(w.writes, writes[i]), append(w.keys, a.key)
	}
	for _, w := range out.tables {
		if err := w.report(c, capacity, metrics, 2); err != nil {
			return nil, err
		}
		for _, x := range w.writes {
			costs.of(w.name).add(x.cost)
		}
	}
	for i, r := range costs.reportWrites(capacity) {
		out.tables[i].consumed = r
	}
	return out, nil
}

// repeatAnswer answers a call whose token says that it was carried out before: it takes the reads of the items as they
// were then (API reference, TransactWriteItems: ClientRequestToken), the larger of before and after.
func (c *call) repeatAnswer(actions []transactAction, writes []*write, sizes []int, capacity string) (*transactWriteOutput, error) {
	out := &transactWriteOutput{}
	costs := newTableCosts()
	for i, a := range actions {
		var size int
		if i < len(sizes) {
			size = sizes[i]
		} else {
			im, err := c.e.load(c, writes[i].key)
			if err != nil {
				return nil, err
			}
			size = billed(writes[i].table, im)
		}
		costs.of(a.name).table += 2 * readUnits(size, true)
	}
	for _, r := range costs.reportReads(capacity) {
		out.tables = append(out.tables, &tableWrites{name: r.TableName, consumed: r})
	}
	return out, nil
}

func (o *transactWriteOutput) appendJSON(dst []byte) []byte {
	return append(appendWritten(append(dst, '{'), o.tables), '}')
}
