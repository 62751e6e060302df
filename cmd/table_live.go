package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

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
	"github.com/ddb-cli/ddb/internal/wire"
)

// A liveTable is a table as the service describes it, with all that other operations tell of it. Unknown lists settings that could not be read, with the reason.
type liveTable struct {
	model   *tablefile.Table
	desc    *types.TableDescription
	pitr    *types.ContinuousBackupsDescription
	unknown map[string]error
	failed  []string // streams of Kinesis that could not be enabled
}

// live reads a table with all its settings. A setting that may not be read, or that the endpoint does not know, is left unsaid.
func live(ctx context.Context, env *op.Env, name string) (*liveTable, error) {
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	if err != nil {
		return nil, err
	}
	t, err := modelOf(d)
	if err != nil {
		return nil, err
	}
	l := &liveTable{model: t, desc: d, unknown: map[string]error{}}
	arn := aws.ToString(d.TableArn)
	reads := map[string]func() error{
		"ttl": func() error {
			out, err := ttl.Describe.Call(ctx, env, &ttl.DescribeInput{TableName: name})
			if err == nil {
				t.TTL = ttlOf(out.TimeToLiveStatus, out.AttributeName)
			}
			return err
		},
		"pitr": func() error {
			out, err := backup.DescribeContinuous.Call(ctx, env, &backup.DescribeContinuousInput{TableName: name})
			if err != nil {
				return err
			}
			l.pitr, t.PITR = out, daysOf(out)
			return nil
		},
		"tags": func() error {
			tags := map[string]string{}
			_, err := tag.List.Each(ctx, env, &tag.ListInput{ResourceArn: arn}, func(x types.Tag) error {
				if k := aws.ToString(x.Key); !strings.HasPrefix(k, "aws:") {
					tags[k] = aws.ToString(x.Value)
				}
				return nil
			})
			if err == nil {
				t.Tags = tags
			}
			return err
		},
		"policy": func() (err error) {
			t.Policy, err = policyOf(ctx, env, arn)
			return err
		},
		"kinesis": func() (err error) {
			t.Kinesis, l.failed, err = kinesisOf(ctx, env, name)
			return err
		},
		"insights": func() error { return insightsInto(ctx, env, t) },
	}
	if t.Billing == tablefile.Provisioned {
		reads["auto-scaling"] = func() error { return scalingInto(ctx, env, t, tablefile.Region(arn)) }
	}
	var (
		wg sync.WaitGroup
		mu sync.Mutex
	)
	for setting, read := range reads {
		wg.Go(func() {
			if err := read(); err != nil {
				mu.Lock()
				defer mu.Unlock()
				l.unknown[setting] = err
			}
		})
	}
	wg.Wait()
	for _, err := range l.unknown {
		if !leftOut(err) {
			return nil, err
		}
	}
	return l, nil
}

// leftOut tells an operation that is not allowed or not known at the endpoint from one that failed.
func leftOut(err error) bool {
	e, ok := errors.AsType[*op.Error](err)
	return ok && (codes[e.Code] == exitDenied || e.Code == "UnknownOperationException" || e.Code == "ValidationException")
}

// modelOf makes the model of what DescribeTable tells, through the JSON that a file may hold too.
func modelOf(d *types.TableDescription) (*tablefile.Table, error) {
	doc, err := wire.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("read the table's description: %w", err)
	}
	list, _, err := tablefile.Read("the description of "+aws.ToString(d.TableName), doc)
	if err != nil {
		return nil, err
	}
	t := list[0]
	t.Warm = aboveBase(t.Warm, t.Capacity)
	if t.Billing == tablefile.OnDemand && t.Max == nil {
		t.Max = unlimited()
	}
	for i := range t.Indexes {
		x := &t.Indexes[i]
		x.Warm = aboveBase(x.Warm, x.Capacity)
		if t.Billing == tablefile.OnDemand && x.Max == nil {
			x.Max = unlimited()
		}
	}
	return t, nil
}

func unlimited() *tablefile.Units {
	return &tablefile.Units{Read: tablefile.Unlimited, Write: tablefile.Unlimited}
}

// aboveBase is warm throughput beyond what every table has, or has by its capacity; that much alone says nothing.
func aboveBase(warm, capacity *tablefile.Units) *tablefile.Units {
	base := tablefile.Units{Read: 12000, Write: 4000} // developer guide, Warm throughput
	if capacity != nil {
		base.Read, base.Write = max(base.Read, capacity.Read), max(base.Write, capacity.Write)
	}
	if warm == nil || warm.Read <= base.Read && warm.Write <= base.Write {
		return nil
	}
	return warm
}

func ttlOf(description types.TimeToLiveStatus, attribute *string) string {
	if attribute == nil || description == types.TimeToLiveStatusDisabled || description == types.TimeToLiveStatusDisabling {
		return tablefile.Off
	}
	return *attribute
}

func daysOf(d *types.ContinuousBackupsDescription) *int {
	days := 0
	if d != nil && d.PointInTimeRecoveryDescription != nil && d.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled {
		if days = int(aws.ToInt32(d.PointInTimeRecoveryDescription.RecoveryPeriodInDays)); days == 0 {
			days = 35
		}
	}
	return &days
}

// policyOf is the policy with tablefile.TableARN for the table's own ARN.
func policyOf(ctx context.Context, env *op.Env, arn string) (string, error) {
	out, err := access.GetPolicy.Call(ctx, env, &access.GetPolicyInput{ResourceArn: arn})
	if e, ok := errors.AsType[*op.Error](err); ok && e.Code == "PolicyNotFoundException" {
		return tablefile.Off, nil
	}
	if err != nil {
		return "", err
	}
	return tablefile.CompactPolicy(strings.ReplaceAll(aws.ToString(out.Policy), arn, tablefile.TableARN))
}

func kinesisOf(ctx context.Context, env *op.Env, name string) (all []tablefile.Kinesis, failed []string, err error) {
	out, err := kinesis.Describe.Call(ctx, env, &kinesis.DescribeInput{TableName: name})
	if err != nil {
		return nil, nil, err
	}
	all = []tablefile.Kinesis{}
	for _, x := range out.KinesisDataStreamDestinations {
		switch x.DestinationStatus {
		case types.DestinationStatusActive, types.DestinationStatusEnabling, types.DestinationStatusUpdating:
			all = append(all, tablefile.Kinesis{Stream: aws.ToString(x.StreamArn), Precision: tablefile.Word("precision", string(x.ApproximateCreationDateTimePrecision))})
		case types.DestinationStatusEnableFailed:
			failed = append(failed, aws.ToString(x.StreamArn))
		}
	}
	return all, failed, nil
}

func insightsInto(ctx context.Context, env *op.Env, t *tablefile.Table) error {
	found := map[string]string{}
	_, err := insights.List.Each(ctx, env, &insights.ListInput{TableName: t.Name}, func(x types.ContributorInsightsSummary) error {
		if x.ContributorInsightsStatus == types.ContributorInsightsStatusEnabled || x.ContributorInsightsStatus == types.ContributorInsightsStatusEnabling {
			mode := tablefile.Word("insights", string(x.ContributorInsightsMode))
			if mode == "" {
				mode = "all"
			}
			found[aws.ToString(x.IndexName)] = mode
		}
		return nil
	})
	if err != nil {
		return err
	}
	word := func(index string) string {
		if m := found[index]; m != "" {
			return m
		}
		return tablefile.Off
	}
	t.Insights = word("")
	for i := range t.Indexes {
		t.Indexes[i].Insights = word(t.Indexes[i].Name)
	}
	return nil
}

// noteUnknown tells which settings could not be read.
func (a *app) noteUnknown(l *liveTable) {
	var names []string
	for name := range l.unknown {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		a.io.notef("ddb: warning: %s of %s cannot be read here and is left out: %v", name, l.model.Name, l.unknown[name])
	}
}
