package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// EndpointsInput has the region alone.
type EndpointsInput struct {
	op.Region
}

// Endpoints gives the endpoint of the region, and how long to keep it.
var Endpoints = op.New(op.Spec{
	Tool: "describe_endpoints", Title: "Describe endpoints", Use: "endpoints",
	Short:   "Show the endpoint of the region",
	API:     "DescribeEndpoints",
	Toolset: "account", Actions: []string{"dynamodb:DescribeEndpoints"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"Endpoints"},
}, endpoints)

func endpoints(ctx context.Context, env *op.Env, in *EndpointsInput) (*dynamodb.DescribeEndpointsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	return c.DynamoDB.DescribeEndpoints(ctx, &dynamodb.DescribeEndpointsInput{})
}
