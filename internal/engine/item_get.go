package engine

import "github.com/ddb-cli/ddb/internal/attr"

type getItemInput struct {
	TableName              string    `wire:"TableName,required,min=1,max=1024,table"`
	Key                    attr.Item `wire:"Key,required"`
	ConsistentRead         bool      `wire:"ConsistentRead"`
	ReturnConsumedCapacity string    `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
}

type getItemOutput struct {
	item     []byte
	consumed *consumedCapacity
}

func getItem(c *call, in *getItemInput) (*getItemOutput, error) {
	t, err := c.table(in.TableName)
	if err != nil {
		return nil, err
	}
	var key itemKey
	if key, c.scratch, err = requestKeyOf(t, in.Key, c.scratch); err != nil {
		return nil, err
	}
	im, err := c.e.load(c, key)
	if err != nil {
		return nil, err
	}
	cost := cost{table: readUnits(im.sizeOf(), in.ConsistentRead)}
	out := &getItemOutput{consumed: cost.report(in.ReturnConsumedCapacity, in.TableName)}
	if im != nil {
		out.item = im.Wire
	}
	return out, nil
}

func (o *getItemOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	if o.item != nil {
		dst = append(append(dst, `"Item":`...), o.item...)
	}
	return append(appendConsumed(dst, o.consumed), '}')
}
