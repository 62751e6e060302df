package engine

import (
	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	plan "github.com/ddb-cli/ddb/internal/engine/partiql"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// statementWrite is a planned INSERT, UPDATE or DELETE.
type statementWrite struct {
	write  *write
	key    attributes
	size   int
	answer func() ([]byte, error) // the item a RETURNING clause asks for, after the write
}

// planStatementWrite plans a statement that writes.
func (c *call) planStatementWrite(s *statement, onFailure string) (*statementWrite, error) {
	switch tree := s.tree.(type) {
	case *partiql.Insert:
		return c.planInsert(s)
	case *partiql.Update:
		return c.planStatementUpdate(s, tree, onFailure == "ALL_OLD")
	case *partiql.Delete:
		return c.planStatementDelete(s, tree, onFailure == "ALL_OLD")
	}
	return nil, validation(msgExists)
}

func noItem() ([]byte, error) { return nil, nil }

// planInsert plans an INSERT: like a put that must not find an item. What is wrong with the item is told before what is
// there is looked at.
func (c *call) planInsert(s *statement) (*statementWrite, error) {
	item := s.prepared.Item
	for _, k := range s.table.Key.Attributes() {
		v, ok := item.Get(k.Name)
		if !ok {
			return nil, validation("Key attribute should be present in the item: Key " + k.Name)
		}
		if err := plan.CheckKeyType(v, expression.KeyAttr{Name: k.Name, Kind: k.Type}); err != nil {
			return nil, err
		}
	}
	if err := item.CheckNesting(); err != nil {
		return nil, validation(err.Error())
	}
	im := newImage(item)
	if err := checkNewIndexKeys(s.table, im); err != nil {
		return nil, err
	}
	if im.Size > attr.MaxItemSize {
		return nil, errItemSize()
	}
	w := &write{table: s.table, carried: im.Size, change: func(w *write) (*Image, error) {
		if w.old != nil {
			return nil, &apiError{Type: "DuplicateItemException", Message: "Duplicate primary key exists in table"}
		}
		return im, nil
	}}
	var err error
	w.key, c.scratch, err = itemKeyOf(s.table, im, c.scratch)
	return &statementWrite{write: w, key: im, size: im.Size, answer: noItem}, err
}

// planStatementUpdate plans an UPDATE. Unlike UpdateItem it does not make an item that is not there, and only the item itself
// counts against the limit on its size.
func (c *call) planStatementUpdate(s *statement, tree *partiql.Update, returnOld bool) (*statementWrite, error) {
	p, err := plan.PlanWrite(tree.Where, s.params, s.schema(nil))
	if err != nil {
		return nil, err
	}
	u := s.prepared.Update
	w, err := c.newUpdate(s.table, p.Key, u, guard{p.Condition, returnOld}, 0)
	if err != nil {
		return nil, err
	}
	w.show(returnValues[tree.Returning])
	change := w.change
	w.change = func(w *write) (*Image, error) {
		if w.old == nil {
			return nil, errConditionFailed(nil)
		}
		return change(w)
	}
	out := &statementWrite{write: w, key: parsedItem(p.Key), size: attr.ItemSize(p.Key)}
	out.answer = func() ([]byte, error) { return returned(returnValues[tree.Returning], w, u) }
	return out, nil
}

// returnValues are the images of RETURNING as UpdateItem names them. MODIFIED means the parts of the item at the paths an
// UPDATE names, without its key.
var returnValues = [...]string{
	partiql.ReturnNone: "NONE", partiql.AllOld: "ALL_OLD", partiql.AllNew: "ALL_NEW",
	partiql.ModifiedOld: "UPDATED_OLD", partiql.ModifiedNew: "UPDATED_NEW",
}

// planStatementDelete plans a DELETE. Deleting what is not there is no failure, whatever else the statement asks.
func (c *call) planStatementDelete(s *statement, tree *partiql.Delete, returnOld bool) (*statementWrite, error) {
	p, err := plan.PlanWrite(tree.Where, s.params, s.schema(nil))
	if err != nil {
		return nil, err
	}
	if err := checkReturningOfDelete(tree.Returning); err != nil {
		return nil, err
	}
	if err := checkScalars(s.table, p.Condition); err != nil {
		return nil, err
	}
	g := guard{p.Condition, returnOld}
	w := &write{table: s.table, shows: returnOld, change: func(w *write) (*Image, error) {
		if w.old == nil {
			w.unmet = p.Condition != nil
			return nil, nil
		}
		return nil, g.check(w.old)
	}}
	if w.key, c.scratch, err = requestKeyOf(s.table, p.Key, c.scratch); err != nil {
		return nil, err
	}
	w.show(returnValues[tree.Returning])
	out := &statementWrite{write: w, key: parsedItem(p.Key), size: attr.ItemSize(p.Key)}
	out.answer = func() ([]byte, error) { return returned(returnValues[tree.Returning], w, nil) }
	return out, nil
}

func checkReturningOfDelete(r partiql.Returning) error {
	if r <= partiql.AllOld {
		return nil
	}
	return validation("Invalid returning clause: RETURNING " + r.String() + ". Only RETURNING ALL OLD * is allowed in DELETE statements.")
}
