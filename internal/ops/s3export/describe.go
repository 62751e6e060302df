package s3export

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// DescribeInput names one export by its ARN.
type DescribeInput struct {
	ExportArn string `json:"export_arn" arg:"export-arn"`
	op.Region
}

// Describe tells how far an export is, and where it went.
var Describe = op.New(op.Spec{
	Tool: "describe_export", Title: "Describe export", Use: "s3-export describe <export-arn>",
	Short:   "Describe an export to S3",
	API:     "DescribeExport",
	Toolset: "export", Actions: []string{"dynamodb:DescribeExport"},
	Effect: op.Read, Idempotent: true, Contract: true,
}, describe, op.Table(func(in *DescribeInput) []string { return []string{in.ExportArn} }))

func describe(ctx context.Context, env *op.Env, in *DescribeInput) (*types.ExportDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.DescribeExport(ctx, op.Request[dynamodb.DescribeExportInput](in))
	if err != nil {
		return nil, err
	}
	return out.ExportDescription, nil
}
