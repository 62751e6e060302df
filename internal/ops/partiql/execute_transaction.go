package partiql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ExecuteTransactionInput has 1 to 100 statements (API reference, ExecuteTransaction), each with its parameters.
type ExecuteTransactionInput struct {
	TransactStatements []types.ParameterizedStatement `json:"transact_statements" flag:"statements"`
	ClientRequestToken string                         `json:"client_request_token,omitempty" flag:"client-request-token" help:"makes a repetition within ten minutes harmless"`
	op.Accounting
	op.Region
}

// ExecuteTransaction runs up to 100 statements, all reads or all writes, all of them or none.
var ExecuteTransaction = op.New(op.Spec{
	Tool: "execute_transaction", Title: "Execute PartiQL transaction", Use: "item transact-statement",
	Short:   "Run up to 100 PartiQL statements, all or none",
	API:     "ExecuteTransaction",
	Toolset: "partiql", Actions: []string{"dynamodb:PartiQLSelect", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"},
	Effect: op.Destroy,
}, executeTransaction, op.Tables(transactionTables), op.EffectOf(transactionEffect))

func executeTransaction(ctx context.Context, env *op.Env, in *ExecuteTransactionInput) (*dynamodb.ExecuteTransactionOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.ExecuteTransactionInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	return c.DynamoDB.ExecuteTransaction(ctx, req)
}
