package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/access"
	"github.com/ddb-cli/ddb/internal/ops/tag"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

func adornSettings(all map[string]adornment) {
	adorn(all, tag.Set, Adorn[tag.SetInput, struct{}]{
		Args: "TABLE KEY=VALUE…", Example: "ddb tag set Orders env=dev team=shop", Hide: []string{"tags"},
		Flags: func(*pflag.FlagSet) func(context.Context, *app, *tag.SetInput, []string) error {
			return func(_ context.Context, a *app, in *tag.SetInput, args []string) error {
				if len(args) == 0 || len(args) == 1 && in.Tags == nil {
					return usage("TABLE and KEY=VALUE are needed", "ddb tag set Orders env=dev")
				}
				var err error
				if in.ResourceArn, err = a.table(args[0]); err != nil {
					return err
				}
				tags, err := parseTags(args[1:])
				in.Tags = append(in.Tags, tags...)
				return err
			}
		},
	})
	adorn(all, tag.Remove, Adorn[tag.RemoveInput, struct{}]{
		Args: "TABLE KEY…", Example: "ddb tag remove Orders env team", Hide: []string{"tag-keys"},
		Flags: func(*pflag.FlagSet) func(context.Context, *app, *tag.RemoveInput, []string) error {
			return func(_ context.Context, a *app, in *tag.RemoveInput, args []string) error {
				if len(args) == 0 || len(args) == 1 && in.TagKeys == nil {
					return usage("TABLE and KEY are needed", "ddb tag remove Orders env")
				}
				var err error
				in.ResourceArn, err = a.table(args[0])
				in.TagKeys = append(in.TagKeys, args[1:]...)
				return err
			}
		},
	})
	adorn(all, tag.List, Adorn[tag.ListInput, struct{}]{Aliases: []string{"ls"}, Example: "ddb tag list Orders\nddb tag list Orders -o csv", Hide: []string{"next-token"}})
	adorn(all, access.PutPolicy, Adorn[access.PutPolicyInput, struct{}]{
		Args: "TABLE POLICY|-|@FILE", Hide: []string{"policy"},
		Example: "ddb policy put Orders @policy.json",
		Flags: func(*pflag.FlagSet) func(context.Context, *app, *access.PutPolicyInput, []string) error {
			return func(_ context.Context, a *app, in *access.PutPolicyInput, args []string) error {
				if len(args) == 0 || len(args) > 2 || len(args) == 1 && in.Policy == "" {
					return usage("TABLE and POLICY are needed", "ddb policy put Orders @policy.json")
				}
				var err error
				if in.ResourceArn, err = a.table(args[0]); err != nil || len(args) == 1 {
					return err
				}
				raw, err := a.source(args[1])
				if err != nil {
					return err
				}
				in.Policy = op.JSON(raw)
				return nil
			}
		},
	})
	adorn(all, access.GetPolicy, Adorn[access.GetPolicyInput, struct{}]{
		Example: "ddb policy get Orders\nddb policy get Orders --query Policy > policy.json",
	})
	adorn(all, access.DeletePolicy, Adorn[access.DeletePolicyInput, struct{}]{
		Example: "ddb policy delete Orders --yes",
		Ask:     func(in *access.DeletePolicyInput) string { return "Deleting the policy of " + in.ResourceArn },
	})
	adorn(all, ttl.Update, Adorn[ttl.UpdateInput, types.TimeToLiveSpecification]{
		Ask: func(in *ttl.UpdateInput) string {
			if s := in.TimeToLiveSpecification; s != nil {
				return "Deleting items of " + in.TableName + " when the time in " + aws.ToString(s.AttributeName) + " has passed"
			}
			return ""
		},
		Unasked: true,
	})
	adorn(all, ttl.Describe, Adorn[ttl.DescribeInput, struct{}]{Example: "ddb ttl status Orders"})
}

// ttlCommands are update_time_to_live as two verbs.
func ttlCommands(a *app) []*cobra.Command {
	var w waiting
	update := func(ctx context.Context, name, attribute string, on bool) error {
		in := &ttl.UpdateInput{TableName: name, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &attribute, Enabled: &on}}
		return a.invoke(ctx, ttl.Update, a.waitedFor("update_time_to_live", w, func(ctx context.Context, env *op.Env) error { return a.waitTTL(ctx, env, name, w) }), in, 0)
	}
	enable := &cobra.Command{
		Use: "enable TABLE ATTRIBUTE", Short: "Delete items when the time in an attribute has passed [API: UpdateTimeToLive]",
		Long:    "Delete items when the time in an attribute has passed. The attribute is a number of epoch seconds; the service deletes within a few days.\nWhere items have such a time, ddb says how many, and asks on a terminal.\n\n[API: UpdateTimeToLive]",
		Example: example("ddb ttl enable Sessions expires"), ValidArgsFunction: completeTables(a),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("TABLE and ATTRIBUTE are needed", "usage: "+c.UseLine())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			ctx, cancel := a.timeout(c.Context())
			defer cancel()
			name, err := a.table(args[0])
			if err != nil {
				return err
			}
			return update(ctx, name, args[1], true)
		},
	}
	disable := &cobra.Command{
		Use: "disable TABLE", Short: "Stop deleting expired items [API: UpdateTimeToLive]", Args: cobra.MaximumNArgs(1),
		Example: example("ddb ttl disable Sessions"), ValidArgsFunction: completeTables(a),
		RunE: func(c *cobra.Command, args []string) error {
			ctx, cancel := a.timeout(c.Context())
			defer cancel()
			name, err := a.table(append(args, ".")[0])
			if err != nil {
				return err
			}
			env, err := a.env(ctx)
			if err != nil {
				return err
			}
			d, err := ttl.Describe.Call(ctx, env, &ttl.DescribeInput{TableName: name})
			if err != nil {
				return err
			}
			if d.AttributeName == nil {
				return errors.New("time to live is off on " + name + " already")
			}
			return update(ctx, name, aws.ToString(d.AttributeName), false)
		},
	}
	w.define(enable.Flags(), "wait until it is on")
	w.define(disable.Flags(), "wait until it is off")
	return []*cobra.Command{enable, disable}
}

// reserved are words that will mean bulk work on this machine. They must not mean anything else before.
func reserved(name, instead string) *cobra.Command {
	return &cobra.Command{
		Use: name, Hidden: true, Short: "Reserved; see " + instead, DisableFlagParsing: true,
		RunE: func(*cobra.Command, []string) error {
			return usage(fmt.Sprintf("ddb %s is reserved for bulk work on this machine, which is not built", name),
				fmt.Sprintf("to and from S3: ddb %s; with a file here: ddb scan TABLE -o jsonl, and ddb put TABLE -", instead))
		},
	}
}
