package access

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// GetPolicyInput names a table by name or ARN, or a stream by ARN.
type GetPolicyInput struct {
	ResourceArn string `json:"resource_arn" arg:"table"`
	op.Region
}

// GetPolicy gives the policy of a table or stream, as text.
var GetPolicy = op.New(op.Spec{
	Tool: "get_resource_policy", Title: "Get resource policy", Use: "policy get <table>",
	Short:   "Show the policy of a table or stream",
	API:     "GetResourcePolicy",
	Toolset: "access", Actions: []string{"dynamodb:GetResourcePolicy"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"Policy", "RevisionId"},
}, getPolicy, op.Table(func(in *GetPolicyInput) []string { return []string{in.ResourceArn} }))

func getPolicy(ctx context.Context, env *op.Env, in *GetPolicyInput) (*dynamodb.GetResourcePolicyOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.GetResourcePolicyInput](in)
	resource, err := op.TableARN(ctx, c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	req.ResourceArn = &resource
	return c.DynamoDB.GetResourcePolicy(ctx, req)
}
