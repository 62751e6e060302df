package cmd

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/tag"
)

// accountCompletion completes to names from the account. A kind that ends in a space is one of the table named first.
func (a *app) accountCompletion(kind string, ask func(context.Context, *op.Env, string) ([]string, error)) completion {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		name := ""
		if strings.HasSuffix(kind, " ") {
			if name = a.namedTable(c, args); name == "" {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
		}
		return a.completed(c, kind+name, func(ctx context.Context, env *op.Env) ([]string, error) { return ask(ctx, env, name) }), cobra.ShellCompDirectiveNoFileComp
	}
}

func (a *app) indexCompletion() completion {
	return a.accountCompletion("indexes of ", func(ctx context.Context, env *op.Env, name string) ([]string, error) {
		w, err := describedWords(ctx, env, name)
		return w.indexes, err
	})
}

// contextCompletion completes to the contexts of the configuration file.
func (a *app) contextCompletion() completion {
	return func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		a.begin(c)
		_, file, err := a.configFile()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var names []string
		for _, x := range file.Contexts {
			names = append(names, x.Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}

// namedTable is the table a command line names: its first position, or the default one.
func (a *app) namedTable(c *cobra.Command, args []string) string {
	if len(args) > 0 && args[0] != "." {
		return args[0]
	}
	a.begin(c)
	name, err := a.defaultTable()
	if err != nil {
		return ""
	}
	return name
}

func allBackups(ctx context.Context, env *op.Env, _ string) ([]string, error) {
	var names []string
	_, err := backup.List.Each(ctx, env, &backup.ListInput{}, func(b types.BackupSummary) error {
		if name := aws.ToString(b.BackupName); !slices.Contains(names, name) {
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

func tagKeys(ctx context.Context, env *op.Env, name string) ([]string, error) {
	w, err := describedWords(ctx, env, name)
	if err != nil {
		return nil, err
	}
	out, err := tag.List.Call(ctx, env, &tag.ListInput{ResourceArn: w.arn})
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, t := range out.Tags {
		keys = append(keys, aws.ToString(t.Key))
	}
	return keys, nil
}
