package access

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// DeletePolicyInput names a table by name or ARN, or a stream by ARN, and perhaps the revision that its policy must still have.
type DeletePolicyInput struct {
	ResourceArn        string `json:"resource_arn" arg:"table"`
	ExpectedRevisionId string `json:"expected_revision_id,omitempty" flag:"expected-revision-id" help:"only if the policy is still this revision"`
	op.Region
}

// DeletePolicy removes the policy of a table or stream. Where there is none nothing is wrong, unless a revision is expected (API
// reference, DeleteResourcePolicy). The change takes its time: reads may tell of the old policy for some seconds.
var DeletePolicy = op.New(op.Spec{
	Tool: "delete_resource_policy", Title: "Delete resource policy", Use: "policy delete <table>",
	Short:   "Remove the policy of a table or stream",
	API:     "DeleteResourcePolicy",
	Toolset: "access", Actions: []string{"dynamodb:DeleteResourcePolicy"},
	Effect: op.Destroy, Idempotent: true,
	Nulls: []string{"RevisionId"},
}, deletePolicy, op.Table(func(in *DeletePolicyInput) []string { return []string{in.ResourceArn} }))

func deletePolicy(ctx context.Context, env *op.Env, in *DeletePolicyInput) (*dynamodb.DeleteResourcePolicyOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.DeleteResourcePolicyInput](in)
	resource, err := op.TableARN(ctx, c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	req.ResourceArn = &resource
	return c.DynamoDB.DeleteResourcePolicy(ctx, req)
}
