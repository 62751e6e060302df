package backup

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput says whose backups, of which kind, from which time.
type ListInput struct {
	TableName               string     `json:"table_name" arg:"table"`
	BackupType              string     `json:"backup_type,omitempty" flag:"type" help:"USER, SYSTEM, AWS_BACKUP or ALL; USER when left out"`
	ExclusiveStartBackupArn string     `json:"exclusive_start_backup_arn,omitempty" flag:"start-after" help:"go on after this backup ARN"`
	Limit                   *int32     `json:"limit,omitempty" flag:"page-size" help:"backups in one call, 1 to 100"`
	TimeRangeLowerBound     *time.Time `json:"time_range_lower_bound,omitempty" flag:"since" mcp:"-" help:"only backups made at this time or later"`
	TimeRangeUpperBound     *time.Time `json:"time_range_upper_bound,omitempty" flag:"until" mcp:"-" help:"only backups made before this time"`
	op.Region
}

// List names the backups of a table, or at the terminal of all tables, in the order the service has them.
var List = op.NewStream(op.Spec{
	Tool: "list_backups", Title: "List backups", Use: "backup list <table>",
	Short:   "List the backups of a table",
	API:     "ListBackups",
	Toolset: "backup", Actions: []string{"dynamodb:ListBackups"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"BackupSummaries", "LastEvaluatedBackupArn"},
}, list, op.ListPages(
	func(out *dynamodb.ListBackupsOutput) []types.BackupSummary { return out.BackupSummaries },
	func(in *ListInput) *string { return &in.ExclusiveStartBackupArn },
	func(out *dynamodb.ListBackupsOutput) **string { return &out.LastEvaluatedBackupArn },
), op.Table(func(in *ListInput) []string { return []string{in.TableName} }))

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodb.ListBackupsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.ListBackupsInput](in)
	if in.TableName == "" {
		req.TableName = nil // all tables, which the terminal may ask for
	}
	out := new(dynamodb.ListBackupsOutput)
	rows, last, err := op.AllowedPage(env, in.ExclusiveStartBackupArn, func(start string) ([]types.BackupSummary, string, error) {
		req.ExclusiveStartBackupArn = op.Optional(start)
		var err error
		if out, err = c.DynamoDB.ListBackups(ctx, req); err != nil {
			return nil, "", err
		}
		return out.BackupSummaries, aws.ToString(out.LastEvaluatedBackupArn), nil
	},
		func(b types.BackupSummary) string { return aws.ToString(b.TableName) },
		func(b types.BackupSummary) string { return aws.ToString(b.BackupArn) })
	if err != nil {
		return nil, err
	}
	out.BackupSummaries, out.LastEvaluatedBackupArn = rows, op.Optional(last)
	return out, nil
}
