package access

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// PutPolicyInput is a policy, as an object or as its text of at most 20 KB, and the table or stream it is for.
type PutPolicyInput struct {
	ResourceArn                     string  `json:"resource_arn" arg:"table"`
	Policy                          op.JSON `json:"policy" flag:"policy"`
	ExpectedRevisionId              string  `json:"expected_revision_id,omitempty" flag:"expected-revision-id" mcp:"-" help:"only if the policy is still this revision"`
	ConfirmRemoveSelfResourceAccess bool    `json:"confirm_remove_self_resource_access,omitempty" flag:"confirm-remove-self-resource-access" mcp:"-" help:"yes, even if the policy locks its own author out"`
	op.Region
}

// PutPolicy sets the policy of a table or stream, in the place of the one it has.
var PutPolicy = op.New(op.Spec{
	Tool: "put_resource_policy", Title: "Put resource policy", Use: "policy put <table>",
	Short:   "Set the policy of a table or stream",
	API:     "PutResourcePolicy",
	Toolset: "access", Actions: []string{"dynamodb:PutResourcePolicy"},
	Effect: op.Write, Idempotent: true, Contract: true,
	Nulls: []string{"RevisionId"},
}, putPolicy, op.Table(func(in *PutPolicyInput) []string { return []string{in.ResourceArn} }))

func putPolicy(ctx context.Context, env *op.Env, in *PutPolicyInput) (*dynamodb.PutResourcePolicyOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.PutResourcePolicyInput](in)
	resource, err := op.TableARN(ctx, c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	req.ResourceArn = &resource
	return c.DynamoDB.PutResourcePolicy(ctx, req)
}
