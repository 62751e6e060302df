package engine

import "github.com/ddb-cli/ddb/internal/attr"

type deleteItemInput struct {
	newerProgram
	TableName                   string    `wire:"TableName,required,min=1,max=1024,table"`
	Key                         attr.Item `wire:"Key,required"`
	ReturnConsumedCapacity      string    `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	ReturnValues                string    `wire:"ReturnValues,enum=ALL_NEW|UPDATED_OLD|ALL_OLD|NONE|UPDATED_NEW"`
	ReturnItemCollectionMetrics string    `wire:"ReturnItemCollectionMetrics,enum=SIZE|NONE"`
	conditionInput
}

func deleteItem(c *call, in *deleteItemInput) (*writeOutput, error) {
	g, err := in.request(in.ReturnValues)
	if err != nil {
		return nil, err
	}
	t, err := c.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := checkScalars(t, g.condition); err != nil {
		return nil, err
	}
	w := write{table: t, shows: in.ReturnValues == "ALL_OLD" || g.returnOld, change: func(w *write) (*Image, error) { return nil, g.check(w.old) }}
	if w.key, c.scratch, err = requestKeyOf(t, in.Key, c.scratch); err != nil {
		return nil, err
	}
	if err := c.e.mutate(c, &w); err != nil {
		return nil, err
	}
	out := &writeOutput{consumed: w.cost.report(in.ReturnConsumedCapacity, in.TableName)}
	if in.ReturnValues == "ALL_OLD" && w.old != nil {
		out.attributes = w.old.Wire
	}
	out.metrics, err = c.collectionMetrics(in.ReturnItemCollectionMetrics, t, parsedItem(in.Key))
	return out, err
}
