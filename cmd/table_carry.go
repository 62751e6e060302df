package cmd

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/access"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/insights"
	"github.com/ddb-cli/ddb/internal/ops/kinesis"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/tag"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// A carrier carries plans out. What destroys was asked about for the plan as a whole, so its env asks no more; read-only mode and the
// allow-list hold as for every call.
type carrier struct {
	a    *app
	env  *op.Env
	wait waiting
	// quiet says no step.
	quiet bool
}

func (a *app) carrier(env *op.Env, w waiting) *carrier {
	asked := *env
	asked.Confirm = nil
	return &carrier{a: a, env: &asked, wait: w}
}

// carry does the steps of a plan in their order, and waits after each that takes its time. What is done when a step fails is said.
func (c *carrier) carry(ctx context.Context, p *tablefile.Plan) error {
	for i, s := range p.Steps {
		if !c.quiet {
			c.a.io.notef("ddb: %s: %s", p.Table, s.Text)
		}
		err := c.step(ctx, p.Table, s.Action)
		if err != nil {
			if left := len(p.Steps) - i; left > 1 || i > 0 {
				c.a.io.notef("ddb: %s: %d of %d changes were made; this one failed and those after it were not tried", p.Table, i, len(p.Steps))
			}
			return err
		}
	}
	return nil
}

func (c *carrier) step(ctx context.Context, name string, action tablefile.Action) error {
	var err error
	switch x := action.(type) {
	case *tablefile.Create:
		return c.create(ctx, x.Table)
	case *tablefile.Update:
		if _, err = table.Update.Call(ctx, c.env, updateOf(name, x)); err != nil {
			return err
		}
		return c.settled(ctx, name)
	case *tablefile.SetTTL:
		spec := &types.TimeToLiveSpecification{AttributeName: &x.Attribute, Enabled: &x.On}
		if _, err = ttl.Update.Call(ctx, c.env, &ttl.UpdateInput{TableName: name, TimeToLiveSpecification: spec}); err == nil {
			err = c.a.waitTTL(ctx, c.env, name, c.wait)
		}
	case *tablefile.SetPITR:
		err = c.pitr(ctx, name, x.Days)
	case *tablefile.SetTags:
		err = c.tags(ctx, name, x)
	case *tablefile.SetPolicy:
		err = c.policy(ctx, name, x.Policy)
	case *tablefile.SetInsights:
		in := &insights.UpdateInput{TableName: name, IndexName: x.Index, ContributorInsightsAction: types.ContributorInsightsActionDisable}
		if x.Mode != tablefile.Off {
			in.ContributorInsightsAction = types.ContributorInsightsActionEnable
			in.ContributorInsightsMode = types.ContributorInsightsMode(tablefile.APIWord("insights", x.Mode))
		}
		if _, err = insights.Update.Call(ctx, c.env, in); err == nil {
			_, err = c.a.waitInsights(ctx, c.env, name, x.Index, c.wait)
		}
	case *tablefile.SetScaling:
		err = c.scaling(ctx, name, x)
	case *tablefile.SetKinesis:
		err = c.kinesis(ctx, name, x)
	default:
		err = fmt.Errorf("a plan holds an unknown step %T", action)
	}
	return err
}

// settled waits for the table and its indexes and replicas: the service takes the next change only then.
func (c *carrier) settled(ctx context.Context, name string) error {
	_, err := c.a.waitActive(ctx, c.env, name, c.wait)
	return err
}

func (c *carrier) create(ctx context.Context, t *tablefile.Table) error {
	in := createOf(t)
	if t.Policy != "" && t.Policy != tablefile.Off && !strings.Contains(t.Policy, tablefile.TableARN) {
		in.ResourcePolicy = op.JSON(t.Policy)
	}
	out, err := table.Create.Call(ctx, c.env, in)
	if err != nil {
		return err
	}
	if err := c.settled(ctx, t.Name); err != nil {
		return err
	}
	if len(in.ResourcePolicy) == 0 && t.Policy != "" && t.Policy != tablefile.Off {
		policy := strings.ReplaceAll(t.Policy, tablefile.TableARN, aws.ToString(out.TableArn))
		_, err = access.PutPolicy.Call(ctx, c.env, &access.PutPolicyInput{ResourceArn: aws.ToString(out.TableArn), Policy: op.JSON(policy)})
	}
	return err
}

func (c *carrier) pitr(ctx context.Context, name string, days int) error {
	in := &backup.UpdateContinuousInput{TableName: name, PointInTimeRecoveryEnabled: days > 0}
	if days > 0 {
		d := int32(days)
		in.RecoveryPeriodInDays = &d
	}
	_, err := backup.UpdateContinuous.Call(ctx, c.env, in)
	if err == nil {
		err = c.a.waitPITR(ctx, c.env, name, c.wait)
	}
	return err
}

func (c *carrier) tags(ctx context.Context, name string, x *tablefile.SetTags) error {
	if len(x.Set) > 0 {
		in := &tag.SetInput{ResourceArn: name}
		for _, k := range slices.Sorted(maps.Keys(x.Set)) {
			v := x.Set[k]
			in.Tags = append(in.Tags, types.Tag{Key: &k, Value: &v})
		}
		if _, err := tag.Set.Call(ctx, c.env, in); err != nil {
			return err
		}
	}
	if len(x.Remove) == 0 {
		return nil
	}
	_, err := tag.Remove.Call(ctx, c.env, &tag.RemoveInput{ResourceArn: name, TagKeys: x.Remove})
	return err
}

func (c *carrier) policy(ctx context.Context, name, policy string) error {
	d, err := table.Describe.Call(ctx, c.env, &table.DescribeInput{TableName: name})
	if err != nil {
		return err
	}
	arn := aws.ToString(d.TableArn)
	if policy == tablefile.Off {
		_, err = access.DeletePolicy.Call(ctx, c.env, &access.DeletePolicyInput{ResourceArn: arn})
		return err
	}
	_, err = access.PutPolicy.Call(ctx, c.env, &access.PutPolicyInput{ResourceArn: arn, Policy: op.JSON(strings.ReplaceAll(policy, tablefile.TableARN, arn))})
	return err
}

func (c *carrier) kinesis(ctx context.Context, name string, x *tablefile.SetKinesis) error {
	precision := types.ApproximateCreationDateTimePrecision(tablefile.APIWord("precision", x.Precision))
	var err error
	switch x.Do {
	case "disable":
		_, err = kinesis.Disable.Call(ctx, c.env, &kinesis.DisableInput{TableName: name, StreamArn: x.Stream})
	case "enable":
		in := &kinesis.EnableInput{TableName: name, StreamArn: x.Stream}
		if precision != "" {
			in.EnableKinesisStreamingConfiguration = &types.EnableKinesisStreamingConfiguration{ApproximateCreationDateTimePrecision: precision}
		}
		_, err = kinesis.Enable.Call(ctx, c.env, in)
	default:
		if precision == "" {
			precision = types.ApproximateCreationDateTimePrecisionMillisecond
		}
		_, err = kinesis.Update.Call(ctx, c.env, &kinesis.UpdateInput{
			TableName: name, StreamArn: x.Stream,
			UpdateKinesisStreamingConfiguration: &types.UpdateKinesisStreamingConfiguration{ApproximateCreationDateTimePrecision: precision},
		})
	}
	if err == nil {
		_, err = c.a.waitKinesis(ctx, c.env, name, x.Stream, c.wait)
	}
	return err
}
