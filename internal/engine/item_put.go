package engine

type putItemInput struct {
	TableName                   string `wire:"TableName,required,min=1,max=1024,table"`
	Item                        Image  `wire:"Item,required"`
	ReturnValues                string `wire:"ReturnValues,enum=ALL_NEW|UPDATED_OLD|ALL_OLD|NONE|UPDATED_NEW"`
	ReturnConsumedCapacity      string `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	ReturnItemCollectionMetrics string `wire:"ReturnItemCollectionMetrics,enum=SIZE|NONE"`
}

// writeOutput is the answer of PutItem, UpdateItem and DeleteItem.
type writeOutput struct {
	attributes []byte // wire form of an item; nil leaves it out
	consumed   *consumedCapacity
	metrics    *collectionMetrics
}

func putItem(c *call, in *putItemInput) (*writeOutput, error) {
	t, err := c.table(in.TableName)
	if err != nil {
		return nil, err
	}
	w := write{table: t, change: func(*write) (*Image, error) { return &in.Item, nil }}
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
	return out, nil
}

type collectionMetrics struct{}

func (o *writeOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	if o.attributes != nil {
		dst = append(append(dst, `"Attributes":`...), o.attributes...)
	}
	if o.consumed != nil {
		dst = appendConsumed(dst, o.consumed)
	}
	return append(dst, '}')
}

// appendConsumed appends the ConsumedCapacity member to an object under way.
func appendConsumed(dst []byte, consumed *consumedCapacity) []byte {
	if consumed == nil {
		return dst
	}
	dst = appendMember(dst, "ConsumedCapacity")
	return encode(dst, shapeConsumed(), consumed)
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
