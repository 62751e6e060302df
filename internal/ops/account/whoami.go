package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ddb-cli/ddb/internal/op"
)

// identityTime bounds the question who is calling: the rest of the answer must not wait for it.
const identityTime = 2 * time.Second

// WhoamiInput has the region alone, which decides where STS is asked.
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
	// AllowedTables, AllowedEffects and AllowedRegions are missing where all are allowed.
	AllowedTables  []string
	AllowedEffects []string `schema:"-"`
	AllowedRegions []string `schema:"-"`
	// Confirm says when the user is asked before a call that destroys, ScanGuard what is done about scans; missing where nobody is
	// asked by the server, and no scan is watched.
	Confirm   string `schema:"-"`
	ScanGuard string `schema:"-"`
}

// Whoami tells as whom calls are made, where they go, and what they may touch.
var Whoami = op.New(whoamiSpec, whoami)

var whoamiSpec = op.Spec{
	Tool: "whoami", Title: "Who am I", Use: "whoami",
	Short: "Show the identity, region, endpoint and limits in force",
	Long: "Show as whom calls are made (asked of STS, for two seconds at most), the region, endpoint and profile they go to, " +
		"and whether read-only mode or lists of allowed tables, effects or regions are on. A server tells when it asks before a call that destroys, and what it does about scans, too.",
	Toolset: "account", Actions: []string{"sts:GetCallerIdentity"},
	Effect: op.Read, Idempotent: true, Contract: true, AnyRegion: true,
	Nulls: []string{"Account", "Arn", "Profile"},
}

func whoami(ctx context.Context, env *op.Env, in *WhoamiInput) (*WhoamiOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out := &WhoamiOutput{
		Region: c.Region, Profile: c.Profile, Endpoint: c.Endpoint, Embedded: c.Embedded,
		ReadOnly: env.ReadOnly, AllowedTables: within(env.TableLimits()), AllowedEffects: env.EffectLimits(), AllowedRegions: within(env.RegionLimits()),
		Confirm: env.Asks,
	}
	if g := env.Scans; g != nil {
		out.ScanGuard = fmt.Sprintf("%s over %s read units", g.Mode, strconv.FormatFloat(g.Units, 'f', -1, 64))
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

// within writes lists that each must admit a name as one: the first, with the others behind each of its entries.
func within(lists [][]string) []string {
	if len(lists) < 2 {
		return slices.Concat(lists...)
	}
	var outer []string
	for _, list := range lists[1:] {
		outer = append(outer, strings.Join(list, ", "))
	}
	var all []string
	for _, glob := range lists[0] {
		all = append(all, glob+" (within "+strings.Join(outer, "; and within ")+")")
	}
	return all
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
