package cmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// replicaCommands are the family on the copies of a table in other regions (global tables of the version of 2019).
func replicaCommands(a *app) []*cobra.Command {
	return []*cobra.Command{replicaList(a), replicaAdd(a), replicaUpdate(a), replicaRemove(a), waitForKind("replica").command(a, "wait")}
}

type replicaRow struct {
	Region   string `json:"region"`
	Status   string `json:"status"`
	Progress string `json:"progress,omitempty"`
	Class    string `json:"class,omitempty"`
	Key      string `json:"key,omitempty"`
	Capacity string `json:"capacity,omitempty"`
	Message  string `json:"message,omitempty"`
}

func replicaRows(d *types.TableDescription) []replicaRow {
	rows := []replicaRow{}
	for _, r := range d.Replicas {
		row := replicaRow{
			Region: aws.ToString(r.RegionName), Status: string(r.ReplicaStatus), Progress: aws.ToString(r.ReplicaStatusPercentProgress),
			Key: aws.ToString(r.KMSMasterKeyId), Message: aws.ToString(r.ReplicaStatusDescription),
		}
		if r.ReplicaTableClassSummary != nil {
			row.Class = string(r.ReplicaTableClassSummary.TableClass)
		}
		if r.ProvisionedThroughputOverride != nil && r.ProvisionedThroughputOverride.ReadCapacityUnits != nil {
			row.Capacity = fmt.Sprintf("%d read", *r.ProvisionedThroughputOverride.ReadCapacityUnits)
		}
		rows = append(rows, row)
	}
	for _, w := range d.GlobalTableWitnesses {
		rows = append(rows, replicaRow{Region: aws.ToString(w.RegionName), Status: string(w.WitnessStatus), Message: "witness, which holds no items"})
	}
	return rows
}

func replicaList(a *app) *cobra.Command {
	return partsCommand(a, &cobra.Command{
		Short:   "List the replicas of a table [API: DescribeTable]",
		Long:    "List the copies of a table in other regions, and the witness of a strongly consistent one: state, class, key, capacity.\n\n[API: DescribeTable]",
		Example: example("ddb replica list Orders"),
	}, func(d *types.TableDescription) ([]replicaRow, error) { return replicaRows(d), nil })
}

// completeReplicas completes a table, then the regions it has replicas in.
func completeReplicas(a *app) completion {
	return completeRegions(a, "regions with a replica of ", func(has []string) []string { return has })
}

// completeNewReplicas completes a table, then the regions it has no replica in.
func completeNewReplicas(a *app) completion {
	return completeRegions(a, "regions without a replica of ", func(has []string) []string {
		return slices.DeleteFunc(slices.Clone(allRegions), func(s string) bool { return slices.Contains(has, s) })
	})
}

// completeRegions completes a table, then regions that pick chooses by those the table has replicas in. Answers are kept under what.
func completeRegions(a *app, what string, pick func(has []string) []string) completion {
	tables := completeTables(a)
	return func(c *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return tables(c, args, prefix)
		}
		return a.completed(c, what+args[0], func(ctx context.Context, env *op.Env) ([]string, error) {
			d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: args[0]})
			if err != nil {
				return nil, err
			}
			var names []string
			for _, r := range d.Replicas {
				names = append(names, aws.ToString(r.RegionName))
			}
			return pick(names), nil
		}), cobra.ShellCompDirectiveNoFileComp
	}
}
