package ttl

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// UpdateInput names a table and the attribute, a number of epoch seconds.
type UpdateInput struct {
	TableName               string                         `json:"table_name" arg:"table"`
	TimeToLiveSpecification *types.TimeToLiveSpecification `json:"time_to_live_specification" flag:"time-to-live-specification"`
	op.Region
}

// Update turns expiry of items on or off. Turned on, it deletes items whose time has passed.
var Update = op.New(op.Spec{
	Tool: "update_time_to_live", Title: "Update time to live", Use: "ttl update <table>",
	Short:   "Turn expiry of items on or off",
	API:     "UpdateTimeToLive",
	Toolset: "table", Actions: []string{"dynamodb:UpdateTimeToLive"},
	Effect: op.Destroy, Contract: true,
}, update, op.Table(func(in *UpdateInput) []string { return []string{in.TableName} }), op.EffectOf(effect))

// effect is Destroy when expiry is turned on: items go by it that cannot be had back by turning it off.
func effect(in *UpdateInput) (op.Effect, error) {
	if s := in.TimeToLiveSpecification; s != nil && s.Enabled != nil && !*s.Enabled {
		return op.Write, nil
	}
	return op.Destroy, nil
}

func update(ctx context.Context, env *op.Env, in *UpdateInput) (*types.TimeToLiveSpecification, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.UpdateTimeToLive(ctx, op.Request[dynamodb.UpdateTimeToLiveInput](in))
	if err != nil {
		return nil, err
	}
	return out.TimeToLiveSpecification, nil
}
