package account

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestLimits(t *testing.T) {
	got := optest.Call(t, optest.Env(t), Limits, `{}`)
	for _, name := range Limits.Spec().Nulls {
		if n, ok := got[name].(float64); !ok || n <= 0 {
			t.Errorf("%s is %v", name, got[name])
		}
	}
}

func TestEndpoints(t *testing.T) {
	got := optest.Call(t, optest.Env(t), Endpoints, `{"region_name":"eu-west-1"}`)
	if list, ok := got["Endpoints"].([]any); !ok || len(list) != 1 {
		t.Errorf("result %s", optest.JSON(t, got))
	}
}

func TestWhoami(t *testing.T) {
	env := optest.Env(t)
	env.ReadOnly, env.Tables = true, []string{"dev-*"}
	got := optest.JSON(t, optest.Call(t, env, Whoami, `{"region_name":"eu-west-1"}`))
	for _, want := range []string{`"Account":"000000000000"`, `"Region":"eu-west-1"`, `"ReadOnly":true`, `"AllowedTables":["dev-*"]`, `"Embedded":true`, `"Profile":null`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}

// TestWhoamiTellsTheLimits works where the default region is none of those allowed, and tells every limit of nested gates.
func TestWhoamiTellsTheLimits(t *testing.T) {
	env := optest.Env(t)
	env.Regions, env.Tables, env.Effects = []string{"mars-*"}, []string{"a*", "b*"}, []op.Effect{op.Read, op.Write}
	env.Scans, env.Asks = &op.ScanGuard{Mode: op.ScanEnforce, Units: 500}, "always"
	narrow := env.Narrowed(op.Gate{Tables: []string{"*1"}})
	got := optest.JSON(t, optest.Call(t, narrow, Whoami, `{}`))
	for _, want := range []string{
		`"AllowedTables":["*1 (within a*, b*)"]`, `"AllowedEffects":["read","write"]`, `"AllowedRegions":["mars-*"]`, `"Confirm":"always"`, `"ScanGuard":"enforce over 500 read units"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if e := optest.Fail(t, narrow, Whoami, `{"region_name":"eu-west-1"}`); e.Code != op.CodeRegionNotAllowed {
		t.Errorf("a region named: %#v", e)
	}
	if e := optest.Fail(t, narrow, Limits, `{}`); e.Code != op.CodeRegionNotAllowed {
		t.Errorf("another tool in the default region: %#v", e)
	}
}

// stuck is an STS that never answers, and counts how often it was asked.
type stuck struct{ asked int }

func (s *stuck) GetCallerIdentity(ctx context.Context, _ *sts.GetCallerIdentityInput, opts ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	s.asked++
	o := sts.Options{}
	for _, opt := range opts {
		opt(&o)
	}
	if o.Retryer == nil || o.Retryer.MaxAttempts() != 1 {
		return nil, errors.New("retries are on")
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestWhoamiWithoutAnIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		identity := &stuck{}
		env := &op.Env{Clients: func(context.Context, string) (*op.Clients, error) {
			return &op.Clients{STS: identity, Region: "eu-west-1", Profile: "dev"}, nil
		}}
		start := time.Now()
		out, err := Whoami.Call(t.Context(), env, &WhoamiInput{})
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != identityTime {
			t.Errorf("it took %v", took)
		}
		if out.IdentityError != "no answer within 2s" || out.Account != "" || out.Region != "eu-west-1" || out.Profile != "dev" || identity.asked != 1 {
			t.Errorf("result %+v, asked %d times", out, identity.asked)
		}
	})
}
