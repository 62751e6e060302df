package item

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// DeleteInput is a key, and the condition under which its item goes.
type DeleteInput struct {
	TableName                 string            `json:"table_name" arg:"table"`
	Key                       attr.Item         `json:"key" flag:"key,k"`
	ConditionExpression       string            `json:"condition_expression,omitempty" flag:"condition-expression"`
	ExpressionAttributeNames  map[string]string `json:"expression_attribute_names,omitempty" flag:"expression-attribute-names"`
	ExpressionAttributeValues attr.Item         `json:"expression_attribute_values,omitempty" flag:"expression-attribute-values"`
	ReturnValues              types.ReturnValue `json:"return_values,omitempty" flag:"return-values" mcp:"-"`
	op.Accounting
	op.Collections
	op.Region
}

// Delete deletes one item. Where there is none nothing is wrong, unless a condition needs it (API reference, DeleteItem).
var Delete = op.New(op.Spec{
	Tool: "delete_item", Title: "Delete item", Use: "item delete <table>",
	Short:   "Delete one item",
	API:     "DeleteItem",
	Toolset: "item", Actions: []string{"dynamodb:DeleteItem"},
	Effect: op.Destroy, Idempotent: true, Contract: true,
	Nulls: []string{"Attributes", "ConsumedCapacity", "ItemCollectionMetrics"},
}, remove, op.Table(func(in *DeleteInput) []string { return []string{in.TableName} }))

func remove(ctx context.Context, env *op.Env, in *DeleteInput) (*dynamodb.DeleteItemOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.DeleteItemInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	req.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	req.ReturnItemCollectionMetrics = types.ReturnItemCollectionMetricsSize
	return c.DynamoDB.DeleteItem(ctx, req)
}
