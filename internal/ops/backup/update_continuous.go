package backup

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateContinuousInput says whether, and for how many days (1 to 35).
type UpdateContinuousInput struct {
	TableName                  string `json:"table_name" arg:"table"`
	PointInTimeRecoveryEnabled bool   `json:"point_in_time_recovery_enabled" flag:"enabled"`
	RecoveryPeriodInDays       *int32 `json:"recovery_period_in_days,omitempty" flag:"days"`
	op.Region
}

// UpdateContinuous turns point-in-time recovery on or off, or changes how many days it reaches back. The first time that can be restored
// to is when it was turned on; the latest is some five minutes ago (API reference, PointInTimeRecoveryDescription).
var UpdateContinuous = op.New(op.Spec{
	Tool: "update_continuous_backups", Title: "Update continuous backups", Use: "pitr update <table>",
	Short:   "Turn point-in-time recovery of a table on or off",
	API:     "UpdateContinuousBackups",
	Toolset: "backup", Actions: []string{"dynamodb:UpdateContinuousBackups"},
	Effect: op.Destroy, Idempotent: true, Contract: true,
}, updateContinuous, op.Table(func(in *UpdateContinuousInput) []string { return []string{in.TableName} }), op.EffectOf(continuousEffect))

func updateContinuous(ctx context.Context, env *op.Env, in *UpdateContinuousInput) (*types.ContinuousBackupsDescription, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.UpdateContinuousBackupsInput](in)
	req.PointInTimeRecoverySpecification = &types.PointInTimeRecoverySpecification{
		PointInTimeRecoveryEnabled: &in.PointInTimeRecoveryEnabled, RecoveryPeriodInDays: in.RecoveryPeriodInDays,
	}
	out, err := c.DynamoDB.UpdateContinuousBackups(ctx, req)
	if err != nil {
		return nil, err
	}
	return out.ContinuousBackupsDescription, nil
}

// continuousEffect is Destroy when recovery is turned off: the history goes with it, and a new one begins when it is
// turned on again.
func continuousEffect(in *UpdateContinuousInput) (op.Effect, error) {
	if in.PointInTimeRecoveryEnabled {
		return op.Write, nil
	}
	return op.Destroy, nil
}
