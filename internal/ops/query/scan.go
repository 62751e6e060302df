package query

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// ScanInput names a table or index, or one of the segments of a parallel scan.
type ScanInput struct {
	TableName                 string            `json:"table_name" arg:"table"`
	IndexName                 string            `json:"index_name,omitempty" flag:"index"`
	FilterExpression          string            `json:"filter_expression,omitempty" flag:"filter-expression"`
	ProjectionExpression      string            `json:"projection_expression,omitempty" flag:"projection-expression"`
	ExpressionAttributeNames  map[string]string `json:"expression_attribute_names,omitempty" flag:"expression-attribute-names"`
	ExpressionAttributeValues attr.Item         `json:"expression_attribute_values,omitempty" flag:"expression-attribute-values"`
	Select                    types.Select      `json:"select,omitempty" flag:"select"`
	Limit                     *int32            `json:"limit,omitempty" flag:"page-size"`
	ExclusiveStartKey         attr.Item         `json:"exclusive_start_key,omitempty" flag:"start-key"`
	ConsistentRead            *bool             `json:"consistent_read,omitempty" flag:"consistent" mcp:"-"`
	Segment                   *int32            `json:"segment,omitempty" flag:"segment" mcp:"-"`
	TotalSegments             *int32            `json:"total_segments,omitempty" flag:"total-segments" mcp:"-"`
	op.Accounting
	op.Region
}

// Scan reads all items of a table or index, in no order.
var Scan = op.NewStream(op.Spec{
	Tool: "scan", Title: "Scan", Use: "scan <table>",
	Short:   "Read all items of a table or index",
	API:     "Scan",
	Toolset: "item", Actions: []string{"dynamodb:Scan"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"Items", "LastEvaluatedKey", "ConsumedCapacity"},
}, scan, pages(
	func(out *dynamodb.ScanOutput) answer {
		return answer{out.Items, &out.Count, &out.ScannedCount, &out.LastEvaluatedKey, &out.ConsumedCapacity}
	},
	func(in *ScanInput) *attr.Item { return &in.ExclusiveStartKey },
), op.Table(func(in *ScanInput) []string { return []string{in.TableName} }))

func scan(ctx context.Context, env *op.Env, in *ScanInput) (*dynamodb.ScanOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	guarded := Watched(env, c)
	if guarded {
		if err := Guard(ctx, env, in.reading()); err != nil {
			return nil, err
		}
	}
	req := op.Request[dynamodb.ScanInput](in)
	if req.ReturnConsumedCapacity = in.Capacity(); guarded && req.ReturnConsumedCapacity == types.ReturnConsumedCapacityNone {
		req.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal // the guard lives by it
	}
	out, err := c.DynamoDB.Scan(ctx, req)
	if err == nil && guarded {
		env.Scans.Spend(scanned(in), out.ConsumedCapacity)
	}
	return out, err
}
