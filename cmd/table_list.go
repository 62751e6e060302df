package cmd

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/tag"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

// askedAtOnce is how many tables are asked for their settings together.
const askedAtOnce = 8

// lacking tells, by setting, whether a table is without it.
var lacking = map[string]func(context.Context, *op.Env, string) (bool, error){
	"pitr": func(ctx context.Context, env *op.Env, name string) (bool, error) {
		out, err := backup.DescribeContinuous.Call(ctx, env, &backup.DescribeContinuousInput{TableName: name})
		if err != nil {
			return false, err
		}
		p := out.PointInTimeRecoveryDescription
		return p == nil || p.PointInTimeRecoveryStatus != types.PointInTimeRecoveryStatusEnabled, nil
	},
	"ttl": func(ctx context.Context, env *op.Env, name string) (bool, error) {
		out, err := ttl.Describe.Call(ctx, env, &ttl.DescribeInput{TableName: name})
		if err != nil {
			return false, err
		}
		return out.TimeToLiveStatus != types.TimeToLiveStatusEnabled && out.TimeToLiveStatus != types.TimeToLiveStatusEnabling, nil
	},
	"protection": described(func(d *types.TableDescription) bool { return !aws.ToBool(d.DeletionProtectionEnabled) }),
	"stream": described(func(d *types.TableDescription) bool {
		return d.StreamSpecification == nil || !aws.ToBool(d.StreamSpecification.StreamEnabled)
	}),
	"indexes": described(func(d *types.TableDescription) bool {
		return len(d.GlobalSecondaryIndexes)+len(d.LocalSecondaryIndexes) == 0
	}),
	"items": described(func(d *types.TableDescription) bool { return aws.ToInt64(d.ItemCount) == 0 }),
	"tags": func(ctx context.Context, env *op.Env, name string) (bool, error) {
		d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
		if err != nil {
			return false, err
		}
		out, err := tag.List.Call(ctx, env, &tag.ListInput{ResourceArn: aws.ToString(d.TableArn)})
		if err != nil {
			return false, err
		}
		return len(out.Tags) == 0, nil
	},
}

const lackingNames = "pitr protection ttl stream tags indexes items"

func described(is func(*types.TableDescription) bool) func(context.Context, *op.Env, string) (bool, error) {
	return func(ctx context.Context, env *op.Env, name string) (bool, error) {
		d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
		if err != nil {
			return false, err
		}
		return is(d), nil
	}
}

func adornList(all map[string]adornment) {
	var without, patterns []string
	adorn(all, table.List, Adorn[table.ListInput, dynamodb.ListTablesOutput]{
		Args: "[PATTERN…]", Aliases: []string{"ls"},
		Long:    "List the tables of a region: all of them, or those whose name is one of the patterns, in which * stands for any text.",
		Example: "ddb table list\nddb table list 'Ord*'\nddb table list --without pitr\nddb table list --limit 10 -o json",
		Keep: func(row any) bool {
			name := fmt.Sprint(row)
			return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, name); return ok })
		},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *table.ListInput, []string) error {
			f.StringSliceVar(&without, "without", nil, "only tables without this `setting`: "+strings.ReplaceAll(lackingNames, " ", ", "))
			return func(_ context.Context, _ *app, _ *table.ListInput, args []string) error {
				for _, p := range args {
					if _, err := path.Match(p, ""); err != nil {
						return usage(fmt.Sprintf("%q is no pattern: a bracket is not closed", p), "* stands for any text and ? for one character: ddb table list 'dev-*'")
					}
				}
				patterns = args
				for _, w := range without {
					if lacking[w] == nil {
						return usage(fmt.Sprintf("--without knows no %q", w), "it is one of "+lackingNames)
					}
				}
				return nil
			}
		},
		After: func(ctx context.Context, a *app, _ *table.ListInput, out *dynamodb.ListTablesOutput) (*dynamodb.ListTablesOutput, error) {
			if len(without) == 0 {
				return out, nil
			}
			env, err := a.env(ctx)
			if err != nil {
				return nil, err
			}
			out.TableNames, err = namesWithout(ctx, env, out.TableNames, without)
			return out, err
		},
	})
}

// namesWithout are the tables that lack every setting, in their order.
func namesWithout(ctx context.Context, env *op.Env, names, settings []string) ([]string, error) {
	lacks := make([]bool, len(names))
	errs := make([]error, len(names))
	room := make(chan struct{}, askedAtOnce)
	var wait sync.WaitGroup
	for i, name := range names {
		room <- struct{}{}
		wait.Go(func() {
			defer func() { <-room }()
			lacks[i] = true
			for _, s := range settings {
				is, err := lacking[s](ctx, env, name)
				if lacks[i] = lacks[i] && is; err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	wait.Wait()
	kept := []string{}
	for i, name := range names {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if lacks[i] {
			kept = append(kept, name)
		}
	}
	return kept, nil
}
