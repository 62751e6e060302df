package s3import

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names one import by its ARN.
type DescribeInput struct {
	ImportArn string `json:"import_arn" arg:"import-arn"`
	op.Region
}

// Describe tells how far an import is, and what went wrong.
var Describe = op.New(op.Spec{
	Tool: "describe_import", Title: "Describe import", Use: "s3-import describe <import-arn>",
	Short:   "Describe an import from S3",
	API:     "DescribeImport",
	Toolset: "export", Actions: []string{"dynamodb:DescribeImport"},
	Effect: op.Read, Idempotent: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.ImportArn} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*types.ImportTableDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.DescribeImport(ctx, op.Request[dynamodb.DescribeImportInput](in))
	if err != nil {
		return nil, err
	}
	return out.ImportTableDescription, nil
}
