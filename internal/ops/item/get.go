package item

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// GetInput names one item by its primary key: partition key, and sort key where the table has one.
type GetInput struct {
	TableName                string            `json:"table_name" arg:"table"`
	Key                      attr.Item         `json:"key" flag:"key,k"`
	ExpressionAttributeNames map[string]string `json:"expression_attribute_names,omitempty" flag:"expression-attribute-names"`
	ProjectionExpression     string            `json:"projection_expression,omitempty" flag:"projection-expression"`
	ConsistentRead           *bool             `json:"consistent_read,omitempty" flag:"consistent" mcp:"-"`
	op.Accounting
	op.Region
}

// Get reads one item, eventually consistent unless asked otherwise. Where there is none the answer has no Item, and no error.
var Get = op.New(op.Spec{
	Tool: "get_item", Title: "Get item", Use: "item get <table>",
	Short:   "Get one item by its primary key",
	API:     "GetItem",
	Toolset: "item", Actions: []string{"dynamodb:GetItem"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"Item", "ConsumedCapacity"},
}, get, op.Table(func(in *GetInput) []string { return []string{in.TableName} }))

func get(ctx context.Context, env *op.Env, in *GetInput) (*dynamodb.GetItemOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.GetItemInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	return c.DynamoDB.GetItem(ctx, req)
}
