package engine

import (
	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// maxTransactBytes is the most a transaction may hold (API reference, TransactWriteItems and TransactGetItems: 4 MB).
const maxTransactBytes = 4 << 20

type transactGetInput struct {
	TransactItems          []transactGetItem `wire:"TransactItems,required,min=1,max=100"`
	ReturnConsumedCapacity string            `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
}

type transactGetItem struct {
	Get *transactGet `wire:"Get,required"`
}

type transactGet struct {
	Key                      attr.Item         `wire:"Key,required"`
	TableName                string            `wire:"TableName,required,table"`
	ProjectionExpression     *string           `wire:"ProjectionExpression"`
	ExpressionAttributeNames map[string]string `wire:"ExpressionAttributeNames"`
}

// transactRead is one read of a transaction.
type transactRead struct {
	name       string
	table      *catalog.Table
	key        itemKey
	projection *expression.Projection
	render     func(dst, wire []byte) ([]byte, error) // makes the row in place of projection
}

// shown is the part of the item that is asked for.
func (r *transactRead) shown(wire []byte) ([]byte, error) {
	if r.render != nil {
		return r.render(nil, wire)
	}
	return projected(r.projection, wire)
}

type transactGetOutput struct {
	items    [][]byte // wire form, nil where there is no item
	consumed []*consumedCapacity
}

func transactGetItems(c *call, in *transactGetInput) (*transactGetOutput, error) {
	reads := make([]transactRead, len(in.TransactItems))
	for i, it := range in.TransactItems {
		var err error
		reads[i].name = it.Get.TableName
		if err := emptyNames(it.Get.ExpressionAttributeNames); err != nil {
			return nil, err
		}
		if it.Get.ProjectionExpression == nil {
			continue // names that nothing uses are taken, as in transactions of writes
		}
		if reads[i].projection, err = planProjection(nil, it.Get.ProjectionExpression, it.Get.ExpressionAttributeNames); err != nil {
			return nil, err
		}
	}
	failures := make([]error, len(reads))
	for i := range reads {
		r := &reads[i]
		var err error
		if r.table, err = c.table(r.name); err == nil {
			err = transactable(r.table)
		}
		if err != nil {
			return nil, err
		}
		if err := checkScalars(r.table, r.projection); err != nil {
			return nil, err
		}
		r.key, c.scratch, failures[i] = requestKeyOf(r.table, in.TransactItems[i].Get.Key, c.scratch)
	}
	if err := cancelledReads(failures); err != nil {
		return nil, err
	}
	return c.transactRead(reads, in.ReturnConsumedCapacity)
}

// transactRead reads several items from one state of the store, which no transaction is half in.
func (c *call) transactRead(reads []transactRead, capacity string) (*transactGetOutput, error) {
	seen := make(map[string]struct{}, len(reads))
	for _, r := range reads {
		seen[string(r.key.row)] = struct{}{}
	}
	if len(seen) < len(reads) {
		return nil, validation(msgSameItem)
	}
	if err := c.e.transactions.read(reads); err != nil {
		return nil, err
	}
	snapshot := c.e.store.Snapshot()
	defer snapshot.Close()
	out := &transactGetOutput{items: make([][]byte, len(reads))}
	costs := newTableCosts()
	size := 0
	failures := make([]error, len(reads))
	for i, r := range reads {
		if err := c.ctx.Err(); err != nil {
			return nil, err
		}
		im, err := c.e.loadFrom(snapshot, c, r.key)
		if err != nil {
			return nil, err
		}
		units := 2 * readUnits(billed(r.table, im), true)
		if failures[i] = c.chargeRead(r.table, r.key.row, units); failures[i] != nil {
			continue
		}
		costs.of(r.name).table += units
		if im == nil {
			continue
		}
		if size += im.Size; size > maxTransactBytes {
			return nil, validation("Transaction payload size cannot exceed 4MB")
		}
		if err := c.grow(len(im.Wire), nil); err != nil {
			return nil, err
		}
		if out.items[i], err = r.shown(im.Wire); err != nil {
			return nil, err
		}
		if r.render == nil && len(out.items[i]) == len("{}") {
			out.items[i] = nil // an item of which nothing is shown is left out, unlike in GetItem and in PartiQL's transactions
		}
	}
	if err := cancelled(failures); err != nil {
		return nil, err
	}
	out.consumed = costs.reportReads(capacity)
	return out, nil
}

func (o *transactGetOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"Responses":[`...)
	for i, item := range o.items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		if item != nil {
			dst = append(appendMember(dst, "Item"), item...)
		}
		dst = append(dst, '}')
	}
	dst = append(dst, ']')
	return append(appendConsumedList(dst, o.consumed), '}')
}

// tableCosts are the costs of a transaction by table, in the order in which the tables were named first.
type tableCosts struct {
	names []string
	costs map[string]*cost
}

func newTableCosts() *tableCosts { return &tableCosts{costs: map[string]*cost{}} }

func (t *tableCosts) of(name string) *cost {
	if t.costs[name] == nil {
		t.names = append(t.names, name)
		t.costs[name] = &cost{}
	}
	return t.costs[name]
}

// reportReads makes the answer to ReturnConsumedCapacity of a transaction that reads; transactions tell reads from writes.
func (t *tableCosts) reportReads(wanted string) []*consumedCapacity {
	return t.report(wanted, func(r *consumedCapacity) **float64 { return &r.ReadCapacityUnits }, func(u *capacityUnits) **float64 { return &u.ReadCapacityUnits })
}

// reportWrites is reportReads for a transaction that writes.
func (t *tableCosts) reportWrites(wanted string) []*consumedCapacity {
	return t.report(wanted, func(r *consumedCapacity) **float64 { return &r.WriteCapacityUnits }, func(u *capacityUnits) **float64 { return &u.WriteCapacityUnits })
}

// report puts the units of each table into the member that whole is of the answer, and those of the table and of each index into the member that arm
// is of theirs.
func (t *tableCosts) report(wanted string, whole func(*consumedCapacity) **float64, arm func(*capacityUnits) **float64) []*consumedCapacity {
	var out []*consumedCapacity
	for _, name := range t.names {
		r := t.costs[name].report(wanted, name)
		if r == nil {
			return nil
		}
		total := r.CapacityUnits
		*whole(r) = &total
		if r.Table != nil {
			n := r.Table.CapacityUnits
			*arm(r.Table) = &n
		}
		for _, indexes := range []map[string]capacityUnits{r.GlobalSecondaryIndexes, r.LocalSecondaryIndexes} {
			for name, u := range indexes {
				n := u.CapacityUnits
				*arm(&u) = &n
				indexes[name] = u
			}
		}
		out = append(out, r)
	}
	return out
}
