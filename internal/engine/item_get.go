package engine

import (
	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

type getItemInput struct {
	newerProgram
	Key                      attr.Item         `wire:"Key,required"`
	TableName                string            `wire:"TableName,required,min=1,max=1024,table"`
	ReturnConsumedCapacity   string            `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	AttributesToGet          []string          `wire:"AttributesToGet,min=1"`
	ConsistentRead           bool              `wire:"ConsistentRead"`
	ProjectionExpression     *string           `wire:"ProjectionExpression"`
	ExpressionAttributeNames map[string]string `wire:"ExpressionAttributeNames"`
}

type getItemOutput struct {
	item     []byte // wire form; nil when there is no item
	consumed *consumedCapacity
}

func (in *getItemInput) parameters() error {
	return readParameters(in.AttributesToGet, in.ProjectionExpression, in.ExpressionAttributeNames)
}

func readParameters(attributesToGet []string, text *string, names map[string]string) error {
	if err := emptyAttribute(attributesToGet); err != nil {
		return err
	}
	if err := emptyNames(names); err != nil {
		return err
	}
	return together([]param{{"AttributesToGet", attributesToGet != nil}}, []param{{projectionParameter, text != nil}}, substitutions{names: names != nil})
}

func getItem(c *call, in *getItemInput) (*getItemOutput, error) {
	p, err := planProjection(in.AttributesToGet, in.ProjectionExpression, in.ExpressionAttributeNames)
	if err != nil {
		return nil, err
	}
	t, err := c.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := checkScalars(t, p); err != nil {
		return nil, err
	}
	var key itemKey
	if key, c.scratch, err = requestKeyOf(t, in.Key, c.scratch); err != nil {
		return nil, err
	}
	im, err := c.loadForAnswer(key)
	if err != nil {
		return nil, err
	}
	cost := cost{table: readUnits(billed(t, im), in.ConsistentRead)}
	if err := c.chargeRead(t, key.row, cost.table); err != nil {
		return nil, err
	}
	out := &getItemOutput{consumed: cost.report(in.ReturnConsumedCapacity, in.TableName)}
	if im != nil {
		out.item, err = projected(p, im.Wire)
	}
	return out, err
}

// planProjection plans what of an item a read returns: nil is everything.
func planProjection(attributesToGet []string, text *string, names map[string]string) (*expression.Projection, error) {
	if err := readParameters(attributesToGet, text, names); err != nil {
		return nil, err
	}
	if attributesToGet != nil {
		return projectAttributes(attributesToGet)
	}
	if text == nil {
		return nil, nil
	}
	x := expression.NewContext(names, nil)
	p, err := x.Projection(*text)
	if err != nil {
		return nil, err
	}
	return p, x.Finish()
}

func projectAttributes(names []string) (*expression.Projection, error) {
	seen := make(map[string]bool, len(names))
	for _, n := range names {
		if seen[n] {
			return nil, invalidParameter("Duplicate value in attribute name: " + n)
		}
		seen[n] = true
	}
	return expression.ProjectAttributes(names), nil
}

// projected is the part of an item that is asked for, in wire form.
func projected(p *expression.Projection, wire []byte) ([]byte, error) {
	if p == nil {
		return wire, nil
	}
	return p.AppendWire(make([]byte, 0, 256), wire)
}

func (o *getItemOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	if o.item != nil {
		dst = append(appendMember(dst, "Item"), o.item...)
	}
	return append(appendConsumed(dst, o.consumed), '}')
}
