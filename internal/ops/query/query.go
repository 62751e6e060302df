package query

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// QueryInput names a partition key, and perhaps a range of sort keys, of a table or index.
type QueryInput struct {
	TableName                 string            `json:"table_name" arg:"table"`
	KeyConditionExpression    string            `json:"key_condition_expression" flag:"key-condition-expression"`
	IndexName                 string            `json:"index_name,omitempty" flag:"index"`
	FilterExpression          string            `json:"filter_expression,omitempty" flag:"filter-expression"`
	ProjectionExpression      string            `json:"projection_expression,omitempty" flag:"projection-expression"`
	ExpressionAttributeNames  map[string]string `json:"expression_attribute_names,omitempty" flag:"expression-attribute-names"`
	ExpressionAttributeValues attr.Item         `json:"expression_attribute_values,omitempty" flag:"expression-attribute-values"`
	Select                    types.Select      `json:"select,omitempty" flag:"select"`
	Limit                     *int32            `json:"limit,omitempty" flag:"page-size"`
	ScanIndexForward          *bool             `json:"scan_index_forward,omitempty" flag:"scan-index-forward"`
	ExclusiveStartKey         attr.Item         `json:"exclusive_start_key,omitempty" flag:"start-key"`
	ConsistentRead            *bool             `json:"consistent_read,omitempty" flag:"consistent" mcp:"-"`
	op.Accounting
	op.Region
}

// Query reads the items of one partition key in the order of their sort keys.
var Query = op.NewStream(op.Spec{
	Tool: "query", Title: "Query", Use: "query <table>",
	Short:   "Read the items of one partition key, in order",
	API:     "Query",
	Toolset: "item", Actions: []string{"dynamodb:Query"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"Items", "LastEvaluatedKey", "ConsumedCapacity"},
}, query, pages(
	func(out *dynamodb.QueryOutput) answer {
		return answer{out.Items, &out.Count, &out.ScannedCount, &out.LastEvaluatedKey, &out.ConsumedCapacity}
	},
	func(in *QueryInput) *attr.Item { return &in.ExclusiveStartKey },
), op.Table(func(in *QueryInput) []string { return []string{in.TableName} }))

func query(ctx context.Context, env *op.Env, in *QueryInput) (*dynamodb.QueryOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.QueryInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	return c.DynamoDB.Query(ctx, req)
}
