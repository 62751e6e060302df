package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// LimitsInput has the region alone: quotas are those of the account in it.
type LimitsInput struct {
	op.Region
}

// Limits tells the capacity the account and each table may have.
var Limits = op.New(op.Spec{
	Tool: "describe_limits", Title: "Describe limits", Use: "limits",
	Short:   "Show the capacity quotas of the account",
	API:     "DescribeLimits",
	Toolset: "account", Actions: []string{"dynamodb:DescribeLimits"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"AccountMaxReadCapacityUnits", "AccountMaxWriteCapacityUnits", "TableMaxReadCapacityUnits", "TableMaxWriteCapacityUnits"},
}, limits)

func limits(ctx context.Context, env *op.Env, in *LimitsInput) (*dynamodb.DescribeLimitsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DescribeLimits(ctx, &dynamodb.DescribeLimitsInput{})
}
