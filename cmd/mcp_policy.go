package cmd

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/iam"
	"github.com/ddb-cli/ddb/internal/mcp"
	"github.com/ddb-cli/ddb/internal/ops"
)

// managedPolicySize is the most characters of a managed policy, white space not counted (IAM user guide, "IAM and AWS STS
// quotas").
const managedPolicySize = 6144

func newMCPPolicy(a *app) *cobra.Command {
	var o serveMCPOptions
	var p iam.Options
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Print the least IAM policy for what serve-mcp offers",
		Long: heredoc.Doc(`
			Print the least IAM policy under which serve-mcp works with the same flags: the actions of
			the tools it offers, on the tables of --tables and what hangs on them. Under --read-only
			only reads are in it. Region, account, buckets and Kinesis streams that are not named stand
			as *; tables encrypted with keys of your own need --kms-key. No AWS account is asked.

			Replicas in other regions are not in it: adding one needs the actions of the user guide's
			page on global tables.
		`),
		Example: heredoc.Doc(`
			ddb mcp policy --read-only --tables 'dev-*' --region eu-west-1 --account 123456789012
			ddb mcp policy --toolsets default,export --bucket my-exports
			ddb mcp policy --toolsets all > policy.json
		`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.printPolicy(cmd, o, p) },
	}
	o.define(cmd.Flags())
	flags := cmd.Flags()
	flags.StringVar(&p.Account, "account", "", "the account's `id`: 12 digits")
	flags.StringSliceVar(&p.Buckets, "bucket", nil, "`buckets` that exports, imports and bulk puts use")
	flags.StringSliceVar(&p.KinesisStreams, "kinesis-stream", nil, "Kinesis `streams` that changes go to")
	flags.StringSliceVar(&p.Keys, "kms-key", nil, "`ARNs` of the keys that tables are encrypted with")
	return cmd
}

var accountID = regexp.MustCompile(`^\d{12}$`)

func (a *app) printPolicy(cmd *cobra.Command, o serveMCPOptions, p iam.Options) error {
	if p.Account != "" && !accountID.MatchString(p.Account) {
		return usage(fmt.Sprintf("--account %s is no account", p.Account), "it is 12 digits, as ddb whoami shows it")
	}
	for _, key := range p.Keys {
		if !strings.HasPrefix(key, "arn:") {
			return usage(fmt.Sprintf("--kms-key %s is no ARN", key), "aliases do not count in a policy; aws kms describe-key shows the ARN")
		}
	}
	cfg, err := config.Load(cmd.Flags(), config.ForServer())
	if err != nil {
		return err
	}
	server, err := mcp.New(mcp.Options{Operations: ops.All, Toolsets: o.toolsets, Tools: o.tools, Exclude: o.exclude, Discover: o.discover})
	if err != nil {
		return err
	}
	p.Region, p.Tables, p.ReadOnly = cfg.Region, cfg.Tables, cfg.ReadOnly
	policy, err := iam.Policy(server.Operations(), p)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(policy, "", "  ")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(a.io.Out, "%s\n", text); err != nil {
		return err
	}
	if wide := p.Widened(); len(wide) > 0 {
		a.io.notef("ddb: IAM has no pattern for %s: the policy allows more there, and ddb's own gate does not", strings.Join(wide, ", "))
	}
	if short, err := json.Marshal(policy); err == nil && len(short) > managedPolicySize {
		a.io.notef("ddb: the policy has %d characters, and a managed policy may have %d: name fewer tables by wider patterns, or split it", len(short), managedPolicySize)
	}
	return nil
}
