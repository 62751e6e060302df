package cmd

import (
	"context"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/ops/item"
)

// updateMany changes all items that are meant, each under the condition that it still is.
func (a *app) updateMany(ctx context.Context, m *many, in *item.UpdateInput, e *expressions, condition string, positions []string) error {
	what, err := a.itemsMeant(ctx, m, in.TableName, positions)
	if err != nil {
		return err
	}
	if in.ConditionExpression, err = m.condition(e, what, condition); err != nil {
		return err
	}
	in.ExpressionAttributeNames, in.ExpressionAttributeValues = e.holders.Names, e.holders.Values
	env, err := a.agreed(ctx, item.Update.Spec(), in.TableName, "Updating "+what.words)
	if err != nil {
		return err
	}
	var t tally
	err = t.write(ctx, what.each, func(ctx context.Context, key attr.Item) error {
		one := *in
		one.Key = key
		_, err := item.Update.Call(ctx, env, &one)
		return explainUpdate(err)
	})
	return a.manyDone(ctx, &t, "updated", in.TableName, err)
}

// deleteMany deletes all items that are meant: in batches where nothing can change what they are, one by one under the condition otherwise.
func (a *app) deleteMany(ctx context.Context, m *many, in *item.DeleteInput, e *expressions, condition string, positions []string) error {
	what, err := a.itemsMeant(ctx, m, in.TableName, positions)
	if err != nil {
		return err
	}
	env, err := a.agreed(ctx, item.Delete.Spec(), in.TableName, "Deleting "+what.words)
	if err != nil {
		return err
	}
	var t tally
	if what.fixed && condition == "" {
		w := &batchWriter{ctx: ctx, env: env, table: in.TableName, schema: what.schema}
		n := 0
		err = what.each(func(key attr.Item) error { n++; return w.remove(n, key) })
		if err == nil {
			err = w.flush()
		}
		t.done.Store(int64(w.written))
		if a.dryRun() {
			t.done.Store(int64(n))
		}
		return a.manyDone(ctx, &t, "deleted", in.TableName, err)
	}
	if in.ConditionExpression, err = m.condition(e, what, condition); err != nil {
		return err
	}
	in.ExpressionAttributeNames, in.ExpressionAttributeValues = e.holders.Names, e.holders.Values
	err = t.write(ctx, what.each, func(ctx context.Context, key attr.Item) error {
		one := *in
		one.Key = key
		_, err := item.Delete.Call(ctx, env, &one)
		return err
	})
	return a.manyDone(ctx, &t, "deleted", in.TableName, err)
}

// condition is what must hold of each item at the moment of its write: that it is one of those meant, or at least that it is there, and what --if says.
func (m *many) condition(e *expressions, what *meant, other string) (string, error) {
	if m.where == "" {
		return other, nil
	}
	if what.fixed { // keys do not change; but an update must not make an item again that was deleted meanwhile
		return both("attribute_exists("+e.holders.Name(what.schema.key[0].Name)+")", other), nil
	}
	where, err := e.holders.Condition(m.where)
	if err != nil {
		return "", inFlag("where", err)
	}
	return both(where, other), nil
}
