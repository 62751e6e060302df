package transact

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// GetInput names up to 100 items by table and key.
type GetInput struct {
	TransactItems []types.TransactGetItem `json:"transact_items" flag:"transact-items" help:"the actions, as the API spells them"`
	op.Accounting
	op.Region
}

// Get reads up to 100 items as they were at one moment.
var Get = op.New(op.Spec{
	Tool: "transact_get_items", Title: "Get items in a transaction", Use: "item transact-get",
	Short:   "Get up to 100 items as they are at one moment",
	API:     "TransactGetItems",
	Toolset: "item", Actions: []string{"dynamodb:GetItem"},
	Effect: op.Read, Idempotent: true,
}, get, op.Table(getTables))

func getTables(in *GetInput) []string {
	var tables []string
	for _, i := range in.TransactItems {
		if i.Get != nil {
			tables = append(tables, aws.ToString(i.Get.TableName))
		}
	}
	return tables
}

func get(ctx context.Context, env *op.Env, in *GetInput) (*dynamodb.TransactGetItemsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.TransactGetItemsInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	return c.DynamoDB.TransactGetItems(ctx, req)
}
