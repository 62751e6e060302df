package account

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ddb-cli/ddb/internal/op"
)

// identityTime bounds the question who is calling: the rest of the answer must not wait for it.
const identityTime = 2 * time.Second

// WhoamiInput asks for nothing but a region.
type WhoamiInput struct {
	op.Region
}

// WhoamiOutput says as whom, where and within which limits calls are made. Identity is missing, and IdentityError
// there, when STS could not tell.
type WhoamiOutput struct {
	Account       string
	Arn           string
	UserId        string `schema:"-"`
	IdentityError string
	Region        string
	Profile       string
	Endpoint      string `schema:"-"`
	Embedded      bool   `schema:"-"`
	ReadOnly      bool
	AllowedTables []string
	// AllowedEffects and AllowedRegions are empty where all are allowed.
	AllowedEffects []string `schema:"-"`
	AllowedRegions []string `schema:"-"`
}

// Whoami tells as whom calls are made, where they go, and what they may touch.
var Whoami = op.New(whoamiSpec, whoami)

var whoamiSpec = op.Spec{
	Tool: "whoami", Title: "Who am I", Use: "whoami",
	Short: "Show the identity, region, endpoint and limits in force",
	Long: "Show as whom calls are made (asked of STS, for two seconds at most), the region, endpoint and profile they go to, " +
		"and whether read-only mode or lists of allowed tables, effects or regions are on.",
	Toolset: "account", Actions: []string{"sts:GetCallerIdentity"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"Account", "Arn", "Profile"},
}

func whoami(ctx context.Context, env *op.Env, in *WhoamiInput) (*WhoamiOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out := &WhoamiOutput{
		Region: c.Region, Profile: c.Profile, Endpoint: c.Endpoint, Embedded: c.Embedded,
		ReadOnly: env.ReadOnly, AllowedTables: env.Tables, AllowedRegions: env.Regions,
	}
	for _, e := range env.Effects {
		out.AllowedEffects = append(out.AllowedEffects, e.String())
	}
	ctx, cancel := context.WithTimeout(ctx, identityTime)
	defer cancel()
	id, err := c.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, func(o *sts.Options) { o.Retryer = aws.NopRetryer{} })
	if err != nil {
		out.IdentityError = identityError(ctx, env, err)
		return out, nil
	}
	out.Account, out.Arn, out.UserId = aws.ToString(id.Account), aws.ToString(id.Arn), aws.ToString(id.UserId)
	return out, nil
}

// identityError says in one line why there is no identity.
func identityError(ctx context.Context, env *op.Env, err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer within " + identityTime.String()
	}
	if env.Explain == nil {
		return err.Error()
	}
	e := env.Explain(ctx, op.Failure{Err: err, Spec: whoamiSpec})
	return e.Code + ": " + e.Message
}
