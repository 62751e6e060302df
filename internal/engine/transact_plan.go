package engine

import (
	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// planAction checks an action as far as that needs no table.
func (c *call) planAction(it *transactWriteItem) (a transactAction, err error) {
	switch {
	case it.ConditionCheck != nil:
		return c.planCheck(it.ConditionCheck)
	case it.Put != nil:
		return c.planPut(it.Put)
	case it.Delete != nil:
		return c.planDelete(it.Delete)
	}
	return c.planUpdate(it.Update)
}

// plan plans the condition of an action that has no other expression. Without one, names and values are taken as they are (ExtendDB/extenddb 169;
// us-east-1 in October 2026: source of nubo-db/dynoxide 3.2).
func (in *transactCondition) plan(text *string) (guard, error) {
	x := in.context()
	if text != nil {
		return in.planLast(x, text)
	}
	if err := in.noNames(); err != nil {
		return guard{}, err
	}
	return guard{}, x.Refused()
}

// planLast plans the condition, which may be none, as the last of an action's expressions.
func (in *transactCondition) planLast(x *expression.Context, text *string) (guard, error) {
	if err := in.noNames(); err != nil {
		return guard{}, err
	}
	x.TellSize()
	g, err := newGuard(x, text, in.ReturnValuesOnConditionCheckFailure)
	if err != nil {
		return g, err
	}
	return g, x.Finish()
}

func (c *call) planCheck(in *transactCheck) (a transactAction, err error) {
	g, err := in.plan(in.ConditionExpression)
	if err != nil {
		return a, err
	}
	return transactAction{name: in.TableName, key: parsedItem(in.Key), size: attr.ItemSize(in.Key), plan: func(t *catalog.Table) (*write, error) {
		w := &write{table: t, check: true, shows: g.returnOld, change: func(w *write) (*Image, error) { return w.old, g.check(w.old) }}
		w.key, c.scratch, err = requestKeyOf(t, in.Key, c.scratch)
		return w, err
	}}, nil
}

func (c *call) planPut(in *transactPut) (a transactAction, err error) {
	if in.Item.Size > attr.MaxItemSize {
		return a, errItemSize()
	}
	g, err := in.plan(in.ConditionExpression)
	if err != nil {
		return a, err
	}
	return c.putAction(in.TableName, &in.Item, g), nil
}

// putAction is the action of a planned Put.
func (c *call) putAction(table string, item *Image, g guard) transactAction {
	return transactAction{name: table, key: item, size: item.Size, plan: func(t *catalog.Table) (*write, error) {
		w := &write{table: t, shows: g.returnOld, change: func(w *write) (*Image, error) { return w.put(item, g) }}
		var err error
		w.key, c.scratch, err = itemKeyOf(t, item, c.scratch)
		return w, err
	}}
}

func (c *call) planDelete(in *transactDelete) (a transactAction, err error) {
	g, err := in.plan(in.ConditionExpression)
	if err != nil {
		return a, err
	}
	return c.deleteAction(in.TableName, in.Key, g), nil
}

// deleteAction is the action of a planned Delete.
func (c *call) deleteAction(table string, key attr.Item, g guard) transactAction {
	return transactAction{name: table, key: parsedItem(key), size: attr.ItemSize(key), plan: func(t *catalog.Table) (*write, error) {
		w := &write{table: t, shows: g.returnOld, change: func(w *write) (*Image, error) { return nil, g.check(w.old) }}
		var err error
		w.key, c.scratch, err = requestKeyOf(t, key, c.scratch)
		return w, err
	}}
}

func (c *call) planUpdate(in *transactUpdate) (a transactAction, err error) {
	x := in.context()
	u, err := x.Update(*in.UpdateExpression)
	if err != nil {
		return a, err
	}
	g, err := in.planLast(x, in.ConditionExpression)
	if err != nil {
		return a, err
	}
	return c.updateAction(in.TableName, in.Key, u, g, attr.ItemSize(in.ExpressionAttributeValues)), nil
}

// updateAction is the action of a planned Update.
func (c *call) updateAction(table string, key attr.Item, u changer, g guard, valueBytes int) transactAction {
	return transactAction{name: table, key: parsedItem(key), size: attr.ItemSize(key) + valueBytes, plan: func(t *catalog.Table) (*write, error) {
		return c.newUpdate(t, key, u, g, 0)
	}}
}
