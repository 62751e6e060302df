package item

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// PutInput is an item, and the condition under which it is written.
type PutInput struct {
	TableName                 string            `json:"table_name" arg:"table"`
	Item                      attr.Item         `json:"item" flag:"item"`
	ConditionExpression       string            `json:"condition_expression,omitempty" flag:"condition-expression"`
	ExpressionAttributeNames  map[string]string `json:"expression_attribute_names,omitempty" flag:"expression-attribute-names"`
	ExpressionAttributeValues attr.Item         `json:"expression_attribute_values,omitempty" flag:"expression-attribute-values"`
	ReturnValues              types.ReturnValue `json:"return_values,omitempty" flag:"return-values" mcp:"-"`
	op.Accounting
	op.Collections
	op.Region
}

// Put writes a whole item, in the place of one with the same key.
var Put = op.New(op.Spec{
	Tool: "put_item", Title: "Put item", Use: "item put <table>",
	Short:   "Put an item, replacing one with the same key",
	API:     "PutItem",
	Toolset: "item", Actions: []string{"dynamodb:PutItem"},
	Effect: op.Write, Idempotent: true, Contract: true,
	Nulls: []string{"Attributes", "ConsumedCapacity"},
}, put, op.Table(func(in *PutInput) []string { return []string{in.TableName} }))

func put(ctx context.Context, env *op.Env, in *PutInput) (*dynamodb.PutItemOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.PutItemInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	req.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	return c.DynamoDB.PutItem(ctx, req)
}
