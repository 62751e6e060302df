package vector

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// SearchInput names a vector index, a vector as DynamoDB numbers, and how many items are wanted.
type SearchInput struct {
	TableName                 string                 `json:"table_name" arg:"table"`
	IndexName                 string                 `json:"index_name" arg:"index"`
	SearchVector              []types.AttributeValue `json:"search_vector" flag:"vector"`
	TopK                      *int32                 `json:"top_k" flag:"top" help:"how many items, 1 to 100"`
	SearchConditionExpression string                 `json:"search_condition_expression,omitempty" flag:"search-condition-expression" help:"conditions on the index's search schema"`
	ProjectionExpression      string                 `json:"projection_expression,omitempty" flag:"projection-expression" help:"attributes to show"`
	ExpressionAttributeNames  map[string]string      `json:"expression_attribute_names,omitempty" flag:"expression-attribute-names" help:"names that stand for attributes, as JSON"`
	ExpressionAttributeValues attr.Item              `json:"expression_attribute_values,omitempty" flag:"expression-attribute-values" help:"values that stand in expressions, as JSON"`
	op.Accounting
	op.Region
}

// Search finds the items of a vector index that are nearest to a vector.
var Search = op.New(op.Spec{
	Tool: "search_vectors", Title: "Search vectors", Use: "vector search <table> <index>",
	Short:   "Find the items nearest to a vector",
	API:     "SearchVectors",
	Toolset: "vector", Actions: []string{"dynamodb:SearchVectors"},
	Effect: op.Read, Idempotent: true,
}, search, op.Table(func(in *SearchInput) []string { return []string{in.TableName} }))

func search(ctx context.Context, env *op.Env, in *SearchInput) (*dynamodb.SearchVectorsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.SearchVectorsInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	return c.DynamoDB.SearchVectors(ctx, req)
}
