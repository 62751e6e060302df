package s3import

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// StartInput says which objects, in which format, and the table to be.
type StartInput struct {
	S3BucketSource          *types.S3BucketSource          `json:"s3_bucket_source" flag:"source"`
	InputFormat             types.InputFormat              `json:"input_format" flag:"format"`
	TableCreationParameters *types.TableCreationParameters `json:"table_creation_parameters" flag:"table-creation-parameters"`
	InputFormatOptions      *types.InputFormatOptions      `json:"input_format_options,omitempty" flag:"format-options"`
	InputCompressionType    types.InputCompressionType     `json:"input_compression_type,omitempty" flag:"compression"`
	ClientToken             string                         `json:"client_token,omitempty" flag:"client-token" help:"makes a repetition harmless"`
	op.Region
}

// Start makes a new table out of objects in S3.
var Start = op.New(op.Spec{
	Tool: "import_table", Title: "Import table from S3", Use: "s3-import start",
	Short:   "Make a new table out of objects in S3",
	API:     "ImportTable",
	Toolset: "export", Actions: []string{
		"dynamodb:ImportTable", "s3:GetObject", "s3:ListBucket",
		"logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents", "logs:PutRetentionPolicy",
	},
	Effect: op.Write,
}, start, op.Table(importTarget))

func start(ctx context.Context, env *op.Env, in *StartInput) (*types.ImportTableDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.ImportTable(ctx, op.Request[dynamodb.ImportTableInput](in))
	if err != nil {
		return nil, err
	}
	return out.ImportTableDescription, nil
}

func importTarget(in *StartInput) []string {
	if in.TableCreationParameters == nil {
		return nil
	}
	return []string{aws.ToString(in.TableCreationParameters.TableName)}
}
