package s3export

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// StartInput says which table, where to, and what of it.
type StartInput struct {
	TableArn                       string                                `json:"table_arn" arg:"table"`
	S3Bucket                       string                                `json:"s3_bucket" arg:"bucket"`
	S3Prefix                       string                                `json:"s3_prefix,omitempty" flag:"prefix" help:"folder in the bucket"`
	ExportTime                     *time.Time                            `json:"export_time,omitempty" flag:"time" help:"the time to export, within the recovery period; now when left out"`
	ExportFormat                   types.ExportFormat                    `json:"export_format,omitempty" flag:"format"`
	ExportType                     types.ExportType                      `json:"export_type,omitempty" flag:"type"`
	IncrementalExportSpecification *types.IncrementalExportSpecification `json:"incremental_export_specification,omitempty" flag:"incremental"`
	FilterSpecification            *types.FilterSpecification            `json:"filter_specification,omitempty" flag:"filter"`
	ClientToken                    string                                `json:"client_token,omitempty" flag:"client-token" help:"makes a repetition harmless"`
	S3BucketOwner                  string                                `json:"s3_bucket_owner,omitempty" flag:"bucket-owner" help:"account id of the owner, when the bucket is not yours"`
	S3SseAlgorithm                 types.S3SseAlgorithm                  `json:"s3_sse_algorithm,omitempty" flag:"sse-algorithm"`
	S3SseKmsKeyId                  string                                `json:"s3_sse_kms_key_id,omitempty" flag:"sse-kms-key-id" help:"KMS key for SSE KMS"`
	op.Region
}

// Start writes a table as it was at a time to S3. Point-in-time recovery must be on.
var Start = op.New(op.Spec{
	Tool: "export_table_to_point_in_time", Title: "Export table to S3", Use: "s3-export start <table> <bucket>",
	Short:   "Export a table to S3",
	API:     "ExportTableToPointInTime",
	Toolset: "export", Actions: []string{"dynamodb:ExportTableToPointInTime", "s3:PutObject", "s3:AbortMultipartUpload"},
	Effect: op.Write,
}, start, op.Table(func(in *StartInput) []string { return []string{in.TableArn} }))

func start(ctx context.Context, env *op.Env, in *StartInput) (*types.ExportDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.ExportTableToPointInTimeInput](in)
	table, err := op.TableARN(ctx, c, in.TableArn)
	if err != nil {
		return nil, err
	}
	req.TableArn = &table
	out, err := c.DynamoDB.ExportTableToPointInTime(ctx, req)
	if err != nil {
		return nil, err
	}
	return out.ExportDescription, nil
}
