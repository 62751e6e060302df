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
}

// parseStatement reads a statement and finds its table.
func (c *call) parseStatement(text string, params []attr.Value) (*statement, error) {
	s, err := readStatement(text, params)
	if err != nil {
		return nil, err
	}
	return s, c.findTable(s)
}

func readStatement(text string, params []attr.Value) (*statement, error) {
	tree, err := partiql.Parse(text)
	if refused, ok := errors.AsType[*partiql.Error](err); ok {
		return nil, validation(refused.Message)
	}
	if err != nil {
		return nil, err
	}
	s := &statement{tree: tree, params: params, name: partiql.Tables(tree)[0]}
	return s, plan.CheckParameters(tree, params)
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
		return c.planInsert(s, tree)
	case *partiql.Update:
		return c.planStatementUpdate(s, tree, onFailure == "ALL_OLD")
	case *partiql.Delete:
		return c.planStatementDelete(s, tree, onFailure == "ALL_OLD")
	}
	return nil, validation(msgExists)
}

func noItem() ([]byte, error) { return nil, nil }

// planInsert plans an INSERT: like a put that must not find an item.
func (c *call) planInsert(s *statement, tree *partiql.Insert) (*statementWrite, error) {
	item, err := plan.Insert(tree, s.params)
	if err != nil {
		return nil, err
	}
	for _, k := range s.table.Key.Attributes() {
		v, ok := item.Get(k.Name)
		if !ok {
			return nil, validation("Key attribute should be present in the item: Key " + k.Name)
		}
		if v.Kind != k.Type {
			return nil, validation("Key attribute's data type should match its data type in table's schema: Key " + k.Name)
		}
	}
	im := newImage(item)
	if im.Size > attr.MaxItemSize {
		return nil, errItemSize(false)
	}
	w := &write{table: s.table, carried: im.Size, change: func(w *write) (*Image, error) {
		if w.old != nil {
			return nil, &apiError{Type: "DuplicateItemException", Message: "Duplicate primary key exists in table"}
		}
		return im, nil
	}}
	w.key, c.scratch, err = itemKeyOf(s.table, im, c.scratch)
	return &statementWrite{write: w, key: im, size: im.Size, answer: noItem}, err
}

// planStatementUpdate plans an UPDATE. Unlike UpdateItem it does not make an item that is not there.
func (c *call) planStatementUpdate(s *statement, tree *partiql.Update, returnOld bool) (*statementWrite, error) {
	p, err := plan.Update(tree, s.params, s.schema(nil))
	if err != nil {
		return nil, err
	}
	w, err := c.newUpdate(s.table, p.Key, p.Update, guard{p.Condition, returnOld})
	if err != nil {
		return nil, err
	}
	change := w.change
	w.change = func(w *write) (*Image, error) {
		if w.old == nil {
			return nil, errConditionFailed(nil)
		}
		return change(w)
	}
	out := &statementWrite{write: w, key: parsedItem(p.Key), size: attr.ItemSize(p.Key), answer: noItem}
	out.answer = func() ([]byte, error) { return returnedImage(tree.Returning, w, p.Update.Attributes()) }
	return out, nil
}

// returnedImage is what a RETURNING clause asks for. MODIFIED means the attributes an UPDATE names, each as a whole.
func returnedImage(r partiql.Returning, w *write, names []string) ([]byte, error) {
	im := w.new
	if r == partiql.AllOld || r == partiql.ModifiedOld {
		im = w.old
	}
	switch {
	case r == partiql.ReturnNone || im == nil:
		return nil, nil
	case r == partiql.AllOld || r == partiql.AllNew:
		return im.Wire, nil
	}
	it, err := im.Item()
	if err != nil {
		return nil, err
	}
	var out attr.Item
	for _, n := range names {
		if v, ok := it.Get(n); ok {
			out = append(out, attr.Attribute{Name: n, Value: v})
		}
	}
	if out == nil {
		return nil, nil
	}
	return attr.AppendItem(nil, out), nil
}

// planStatementDelete plans a DELETE. Deleting what is not there is no failure, whatever else the statement asks.
func (c *call) planStatementDelete(s *statement, tree *partiql.Delete, returnOld bool) (*statementWrite, error) {
	p, err := plan.Delete(tree, s.params, s.schema(nil))
	if err != nil {
		return nil, err
	}
	g := guard{p.Condition, returnOld}
	w := &write{table: s.table, change: func(w *write) (*Image, error) {
		if w.old == nil {
			return nil, nil
		}
		return nil, g.check(w.old)
	}}
	if w.key, c.scratch, err = requestKeyOf(s.table, p.Key, c.scratch); err != nil {
		return nil, err
	}
	out := &statementWrite{write: w, key: parsedItem(p.Key), size: attr.ItemSize(p.Key)}
	out.answer = func() ([]byte, error) { return returnedImage(tree.Returning, w, nil) }
	return out, nil
}
