package partiql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// BatchExecuteInput has 1 to 25 statements (API reference, BatchExecuteStatement), each with its parameters.
type BatchExecuteInput struct {
	Statements []types.BatchStatementRequest `json:"statements" flag:"statements"`
	op.Accounting
	op.Region
}

// BatchExecute runs up to 25 statements, all reads or all writes, each by itself.
var BatchExecute = op.New(op.Spec{
	Tool: "batch_execute_statement", Title: "Batch execute PartiQL", Use: "item batch-statement",
	Short:   "Run up to 25 PartiQL statements",
	API:     "BatchExecuteStatement",
	Toolset: "partiql", Actions: []string{"dynamodb:PartiQLSelect", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"},
	Effect: op.Destroy,
}, batchExecute, op.Tables(batchTables), op.EffectOf(batchEffect))

func batchExecute(ctx context.Context, env *op.Env, in *BatchExecuteInput) (*dynamodb.BatchExecuteStatementOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.BatchExecuteStatementInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	return c.DynamoDB.BatchExecuteStatement(ctx, req)
}
