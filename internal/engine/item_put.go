package engine

import (
	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

type putItemInput struct {
	newerProgram
	TableName                   string `wire:"TableName,required,min=1,max=1024,table"`
	Item                        Image  `wire:"Item,required"`
	ReturnConsumedCapacity      string `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	ReturnValues                string `wire:"ReturnValues,enum=ALL_NEW|UPDATED_OLD|ALL_OLD|NONE|UPDATED_NEW"`
	ReturnItemCollectionMetrics string `wire:"ReturnItemCollectionMetrics,enum=SIZE|NONE"`
	conditionInput
}

func putItem(c *call, in *putItemInput) (*writeOutput, error) {
	g, err := in.request(in.ReturnValues)
	if err != nil {
		return nil, err
	}
	if in.Item.Size > attr.MaxItemSize {
		return nil, errItemSize()
	}
	t, err := c.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := checkScalars(t, g.condition); err != nil {
		return nil, err
	}
	w := write{table: t, shows: in.ReturnValues == "ALL_OLD" || g.returnOld, change: func(w *write) (*Image, error) { return w.put(&in.Item, g) }}
	if w.key, c.scratch, err = itemKeyOf(t, &in.Item, c.scratch); err != nil {
		return nil, err
	}
	if err := c.e.mutate(c, &w); err != nil {
		return nil, err
	}
	out := &writeOutput{consumed: w.cost.report(in.ReturnConsumedCapacity, in.TableName)}
	if in.ReturnValues == "ALL_OLD" && w.old != nil {
		out.attributes = w.old.Wire
	}
	out.metrics, err = c.collectionMetrics(in.ReturnItemCollectionMetrics, t, &in.Item)
	return out, err
}

// parameters refuses Expected beside a ConditionExpression, and substitutions without one.
func (in *conditionInput) parameters() error {
	return in.alone([]param{{"Expected", in.Expected != nil}, {"ConditionalOperator", in.ConditionalOperator != ""}},
		[]param{{"ConditionExpression", in.ConditionExpression != nil}})
}

// alone is together for a write of one item, which does not tell what expression is missing, and whose ConditionalOperator needs conditions to join.
func (in *conditionInput) alone(legacy, expressions []param) error {
	if _, ok := in.Expected[""]; ok {
		return attr.ErrNoName()
	}
	if err := in.noNames(); err != nil {
		return err
	}
	if err := together(legacy, expressions, in.substitutions()); err != nil {
		return err
	}
	return joinable(in.ConditionalOperator, len(in.Expected))
}

// request checks all of a PutItem or DeleteItem that needs no table.
func (in *conditionInput) request(returnValues string) (g guard, err error) {
	if err = in.parameters(); err == nil {
		if g, err = in.guard(); err == nil && !honoured(returnValues) {
			err = validation(msgNotHonoured)
		}
	}
	return g, in.enveloped(err)
}

const msgNotHonoured = "ReturnValues can only be ALL_OLD or NONE"

// honoured reports whether PutItem and DeleteItem take a value of ReturnValues.
func honoured(returnValues string) bool {
	return returnValues == "" || returnValues == "ALL_OLD" || returnValues == "NONE"
}

// guard plans the condition of a request that has no other expression.
func (in *conditionInput) guard() (guard, error) {
	if in.Expected != nil || in.ConditionalOperator != "" {
		return in.legacyGuard()
	}
	x := in.context()
	g, err := newGuard(x, in.ConditionExpression, in.ReturnValuesOnConditionCheckFailure)
	if err != nil {
		return g, err
	}
	return g, x.Finish("ConditionExpression")
}

// writeOutput is the answer of PutItem, UpdateItem and DeleteItem.
type writeOutput struct {
	attributes []byte // wire form of an item; nil leaves it out
	consumed   *consumedCapacity
	metrics    *collectionMetrics
}

func (o *writeOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	if o.attributes != nil {
		dst = append(appendMember(dst, "Attributes"), o.attributes...)
	}
	dst = appendConsumed(dst, o.consumed)
	if o.metrics != nil {
		dst = encode(appendMember(dst, "ItemCollectionMetrics"), shapeMetrics(), o.metrics)
	}
	return append(dst, '}')
}

// appendConsumed appends the ConsumedCapacity member to an object under way.
func appendConsumed(dst []byte, consumed *consumedCapacity) []byte {
	if consumed == nil {
		return dst
	}
	return encode(appendMember(dst, "ConsumedCapacity"), shapeConsumed(), consumed)
}

// appendMember appends a member's name to an object under way, with a comma unless it is the first.
func appendMember(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, `":`...)
}

// errItemSize is the refusal of an item over attr.MaxItemSize that comes as a whole.
func errItemSize() error {
	return validation("Item size has exceeded the maximum allowed size")
}

// errUpdatedSize is the refusal of an item that an update makes larger than attr.MaxItemSize.
func errUpdatedSize() error {
	return validation("Item size to update has exceeded the maximum allowed size")
}

// collectionMetrics is the wire form of ItemCollectionMetrics.
type collectionMetrics struct {
	ItemCollectionKey   attr.Item `wire:"ItemCollectionKey"`
	SizeEstimateRangeGB []float64 `wire:"SizeEstimateRangeGB"`
}

var shapeMetrics = shapeOf[collectionMetrics]()

// collectionMetrics estimates the size of an item's collection, when it was asked for and the table has local indexes.
func (c *call) collectionMetrics(wanted string, t *catalog.Table, it attributes) (*collectionMetrics, error) {
	if wanted != "SIZE" || !hasLocalIndex(t) {
		return nil, nil
	}
	key := t.Key.Hash[0].Name
	v, _ := it.attribute(key)
	size, err := c.e.collectionSize(t, v)
	if err != nil {
		return nil, err
	}
	low := float64(size / (1 << 30))
	return &collectionMetrics{attr.Item{{Name: key, Value: v}}, []float64{low, low + 1}}, nil
}

func hasLocalIndex(t *catalog.Table) bool {
	for _, x := range t.Indexes {
		if x.Local {
			return true
		}
	}
	return false
}
