package engine

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

type updateItemInput struct {
	newerProgram
	TableName                   string                     `wire:"TableName,required,min=1,max=1024,table"`
	Key                         attr.Item                  `wire:"Key,required"`
	AttributeUpdates            map[string]attributeUpdate `wire:"AttributeUpdates"`
	ReturnValues                string                     `wire:"ReturnValues,enum=ALL_NEW|UPDATED_OLD|ALL_OLD|NONE|UPDATED_NEW"`
	ReturnConsumedCapacity      string                     `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	ReturnItemCollectionMetrics string                     `wire:"ReturnItemCollectionMetrics,enum=SIZE|NONE"`
	UpdateExpression            *string                    `wire:"UpdateExpression"`
	conditionInput
}

// changer is what an update does to an item: a planned update expression, or the legacy AttributeUpdates.
type changer interface {
	// Attributes are the top-level attributes written to.
	Attributes() []string
	reaching
	// Cost is what the request counts against the limit on an item's size, by itself and whatever the item holds.
	Cost() int
	// OnlyDeletes reports that the update makes no item where there is none.
	OnlyDeletes() bool
	// Apply gives the item as the update leaves it; old is nil when there is none.
	Apply(old attr.Item) (attr.Item, error)
	// ApplyWire is Apply on an item in wire form, which it appends to dst; the item's size grows by grown bytes.
	ApplyWire(dst, old []byte) (wire []byte, grown int, err error)
	// ChangedWire gives what UPDATED_OLD or UPDATED_NEW returns of the item before or after, nil for nothing.
	ChangedWire(wire []byte) ([]byte, error)
}

func updateItem(c *call, in *updateItemInput) (*writeOutput, error) {
	in.handBack()
	g, u, err := in.plan()
	if err != nil {
		return nil, in.enveloped(err)
	}
	t, err := c.table(in.TableName)
	if err != nil {
		return nil, err
	}
	cost := 0
	if in.UpdateExpression != nil {
		cost = u.Cost()
	}
	w, err := c.newUpdate(t, in.Key, u, g, cost)
	if err != nil {
		return nil, err
	}
	w.legacy = in.AttributeUpdates != nil
	w.show(in.ReturnValues)
	if err := c.e.mutate(c, w); err != nil {
		return nil, err
	}
	out := &writeOutput{consumed: w.cost.report(in.ReturnConsumedCapacity, in.TableName)}
	if out.attributes, err = returned(in.ReturnValues, w, u); err != nil {
		return nil, err
	}
	out.metrics, err = c.collectionMetrics(in.ReturnItemCollectionMetrics, t, parsedItem(in.Key))
	return out, err
}

func (in *updateItemInput) parameters() error {
	if _, ok := in.AttributeUpdates[""]; ok {
		return attr.ErrNoName()
	}
	return in.alone([]param{
		{"AttributeUpdates", in.AttributeUpdates != nil},
		{"Expected", in.Expected != nil},
		{"ConditionalOperator", in.ConditionalOperator != ""},
	}, []param{{"UpdateExpression", in.UpdateExpression != nil}, {"ConditionExpression", in.ConditionExpression != nil}})
}

// plan plans both expressions of the request, the update first, as the service reports them.
func (in *updateItemInput) plan() (g guard, u changer, err error) {
	if err := in.parameters(); err != nil {
		return g, nil, err
	}
	if in.AttributeUpdates != nil || in.Expected != nil || in.ConditionalOperator != "" {
		return in.legacyPlan()
	}
	x := in.context()
	if c := in.ConditionExpression; c != nil && *c == "" { // comes before an update that is empty too
		g, err = newGuard(x, c, in.ReturnValuesOnConditionCheckFailure)
		return g, nil, err
	}
	if in.UpdateExpression != nil {
		if u, err = x.Update(*in.UpdateExpression); err != nil {
			return g, nil, err
		}
	}
	if g, err = newGuard(x, in.ConditionExpression, in.ReturnValuesOnConditionCheckFailure); err != nil {
		return g, nil, err
	}
	return g, u, x.Finish("UpdateExpression", "ConditionExpression")
}

// newUpdate makes the write of an update: guarded by g, changed by u (nil changes nothing, but makes the item if there is
// none). It is what UpdateItem, transactions and PartiQL share. cost is how many bytes the update is known to write before anything of the item is
// known: those of an UpdateExpression, and 0 elsewhere, where the service does not look.
func (c *call) newUpdate(t *catalog.Table, key attr.Item, u changer, g guard, cost int) (*write, error) {
	w := &write{table: t, update: true, shows: g.returnOld}
	var err error
	if w.key, c.scratch, err = requestKeyOf(t, key, c.scratch); err != nil {
		return nil, err
	}
	if err := checkScalars(t, g.condition); err != nil {
		return nil, err
	}
	if cost > attr.MaxItemSize {
		return nil, errUpdatedSize()
	}
	if u != nil {
		for _, name := range u.Attributes() {
			if t.Key.Has(name) {
				return nil, invalidParameter("Cannot update attribute " + name + ". This attribute is part of the key")
			}
		}
		if err := checkScalars(t, u); err != nil {
			return nil, err
		}
	}
	w.change = func(w *write) (*Image, error) {
		if err := g.check(w.old); err != nil {
			return nil, err
		}
		return c.applyUpdate(key, u, w.old)
	}
	return w, nil
}

// applyUpdate gives the new image of an item, nil where there is none and none is made; a new item begins with its key. The image lives in the call's scratch memory.
func (c *call) applyUpdate(key attr.Item, u changer, old *Image) (*Image, error) {
	switch {
	case u == nil && old == nil:
		return newImage(key), nil
	case u == nil:
		return &Image{Wire: slices.Clone(old.Wire), Size: old.Size}, nil
	case old == nil && u.OnlyDeletes():
		return nil, nil
	case old == nil:
		item, err := u.Apply(nil)
		if err != nil {
			return nil, err
		}
		return newImage(slices.Concat(key, item)), nil
	}
	start := len(c.scratch)
	out, grown, err := u.ApplyWire(c.scratch, old.Wire)
	if err != nil {
		return nil, err
	}
	c.scratch = out
	return &Image{Wire: out[start:len(out):len(out)], Size: old.Size + grown}, nil
}

// show notes what of the item the answer of an update holds.
func (w *write) show(wanted string) {
	switch wanted {
	case "ALL_NEW", "UPDATED_NEW":
		w.showsNew = true
	case "ALL_OLD", "UPDATED_OLD":
		w.shows = true
	}
}

// returned makes the answer to ReturnValues of an update.
func returned(wanted string, w *write, u changer) ([]byte, error) {
	switch wanted {
	case "ALL_NEW":
		if w.new != nil {
			return w.new.Wire, nil
		}
	case "ALL_OLD":
		if w.old != nil {
			return w.old.Wire, nil
		}
	case "UPDATED_OLD", "UPDATED_NEW":
		if u == nil {
			return nil, nil
		}
		of := w.new
		if wanted == "UPDATED_OLD" {
			of = w.old
		}
		if of != nil {
			return u.ChangedWire(of.Wire)
		}
	}
	return nil, nil
}

var _ changer = (*expression.Update)(nil)
