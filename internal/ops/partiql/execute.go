// Package partiql holds the operations that run PartiQL statements: one, a batch, a transaction. It asks package internal/partiql which tables a
// statement touches, so that the gate knows before the service does.
package partiql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
)

// ExecuteInput is a statement with the values of its question marks.
type ExecuteInput struct {
	Statement      string                 `json:"statement" arg:"statement"`
	Parameters     []types.AttributeValue `json:"parameters,omitempty" flag:"parameters" jsonschema:"attribute values of the ?"`
	ConsistentRead *bool                  `json:"consistent_read,omitempty" flag:"consistent"`
	Limit          *int32                 `json:"limit,omitempty" flag:"page-size"`
	NextToken      string                 `json:"next_token,omitempty" flag:"next-token" help:"go on where an earlier answer ended"`
	op.Accounting
	op.Region
}

// Execute runs a SELECT, INSERT, UPDATE or DELETE of at most 8,192 characters (API reference, ExecuteStatement). A SELECT that names no partition key reads
// the whole table, which the scan guard watches.
var Execute = op.NewStream(op.Spec{
	Tool: "execute_statement", Title: "Execute PartiQL statement", Use: "sql <statement>",
	Short:   "Run a PartiQL statement: SELECT, INSERT, UPDATE or DELETE",
	API:     "ExecuteStatement",
	Toolset: "partiql",
	Actions: []string{"dynamodb:PartiQLSelect", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"},
	Effect:  op.Destroy,
	Nulls:   []string{"NextToken"},
}, execute, op.Pages[ExecuteInput, dynamodb.ExecuteStatementOutput, Item]{
	Rows: func(out *dynamodb.ExecuteStatementOutput) []Item { return out.Items },
	Next: func(in *ExecuteInput, out *dynamodb.ExecuteStatementOutput) bool {
		in.NextToken = aws.ToString(out.NextToken)
		return in.NextToken != ""
	},
	Sum: func(total, page *dynamodb.ExecuteStatementOutput) {
		total.NextToken, total.LastEvaluatedKey = page.NextToken, page.LastEvaluatedKey
		total.ConsumedCapacity = op.SumCapacity(total.ConsumedCapacity, page.ConsumedCapacity)
	},
	Cut: func(total, _ *dynamodb.ExecuteStatementOutput, in *ExecuteInput, _ int) {
		total.NextToken, total.LastEvaluatedKey = nil, nil // a token leads behind its page only
		if in.NextToken != "" {
			total.NextToken = &in.NextToken
		}
	},
}, op.Tables(tables), op.EffectOf(effect))

// Item is a row of a SELECT: attributes by name, or the values of its columns.
type Item = map[string]types.AttributeValue

func execute(ctx context.Context, env *op.Env, in *ExecuteInput) (*dynamodb.ExecuteStatementOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	whole, guarded := wholeOf(ctx, env, c, in)
	if guarded {
		if err := query.Guard(ctx, env, whole); err != nil {
			return nil, err
		}
	}
	req := op.Request[dynamodb.ExecuteStatementInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	req.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	out, err := c.DynamoDB.ExecuteStatement(ctx, req)
	if err == nil && guarded {
		env.Scans.Spend(whole.What, out.ConsumedCapacity)
	}
	return out, err
}
