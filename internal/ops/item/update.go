package item

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateInput is a key, what to do to its item, and under which condition.
type UpdateInput struct {
	TableName                 string            `json:"table_name" arg:"table"`
	Key                       attr.Item         `json:"key" flag:"key,k"`
	UpdateExpression          string            `json:"update_expression,omitempty" flag:"update-expression"`
	ConditionExpression       string            `json:"condition_expression,omitempty" flag:"condition-expression"`
	ExpressionAttributeNames  map[string]string `json:"expression_attribute_names,omitempty" flag:"expression-attribute-names"`
	ExpressionAttributeValues attr.Item         `json:"expression_attribute_values,omitempty" flag:"expression-attribute-values"`
	ReturnValues              types.ReturnValue `json:"return_values,omitempty" flag:"return-values"`
	op.Accounting
	op.Collections
	op.Region
}

// Update changes attributes of one item. Where there is none it makes one of the key and what is set, unless a condition forbids it (API
// reference, UpdateItem).
var Update = op.New(op.Spec{
	Tool: "update_item", Title: "Update item", Use: "item update <table>",
	Short:   "Change attributes of an item, or make it",
	API:     "UpdateItem",
	Toolset: "item", Actions: []string{"dynamodb:UpdateItem"},
	Effect: op.Write, Contract: true,
	Nulls: []string{"Attributes", "ConsumedCapacity"},
}, update, op.Table(func(in *UpdateInput) []string { return []string{in.TableName} }))

func update(ctx context.Context, env *op.Env, in *UpdateInput) (*dynamodb.UpdateItemOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.UpdateItemInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	req.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	return c.DynamoDB.UpdateItem(ctx, req)
}
