package cmd

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// replicaFlags are the settings a replica may have of its own.
type replicaFlags struct {
	class, key string
	read       int64
	wait       waiting
}

func (r *replicaFlags) define(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&r.class, "class", "", "the table `class` there: STANDARD or STANDARD_INFREQUENT_ACCESS; the table's own when left out")
	f.StringVar(&r.key, "kms-key", "", "the KMS `key` of that region to encrypt with")
	f.Int64Var(&r.read, "read-capacity", 0, "provisioned read `units` there, where they are not the table's")
	_ = c.RegisterFlagCompletionFunc("class", fixedCompletion("STANDARD", "STANDARD_INFREQUENT_ACCESS"))
}

func (r *replicaFlags) throughput() *types.ProvisionedThroughputOverride {
	if r.read == 0 {
		return nil
	}
	return &types.ProvisionedThroughputOverride{ReadCapacityUnits: &r.read}
}

func replicaAdd(a *app) *cobra.Command {
	var (
		r       replicaFlags
		strong  bool
		witness string
	)
	c := &cobra.Command{
		Use: "add TABLE REGION…", Short: "Copy a table to more regions [API: UpdateTable]",
		Long: `Make copies of a table in other regions, which then take each other's writes; the last writer wins.
Regions are added one after the other, each when the one before is ready.

With --strong reads are strongly consistent across regions: three regions in all, so name two, or one and a --witness, which holds no items. They
are added together, to a table that is empty.

[API: UpdateTable]`,
		Example: example("ddb replica add Orders eu-west-1 --wait\nddb replica add Products us-east-1 us-east-2 --strong --wait"),
		Args:    replicaArgs, ValidArgsFunction: completeNewReplicas(a),
	}
	r.define(c)
	c.Flags().BoolVar(&strong, "strong", false, "read strongly consistent across regions")
	c.Flags().StringVar(&witness, "witness", "", "with --strong: the `region` of a witness in place of a third copy")
	r.wait.define(c.Flags(), "wait until the replicas are ready")
	c.RunE = func(c *cobra.Command, args []string) error {
		if witness != "" && !strong {
			return usage("--witness is for --strong", "a table whose regions follow each other has no witness")
		}
		regions := args[1:]
		var updates []types.ReplicationGroupUpdate
		for i := range regions {
			updates = append(updates, types.ReplicationGroupUpdate{Create: &types.CreateReplicationGroupMemberAction{
				RegionName: &regions[i], TableClassOverride: types.TableClass(r.class), KMSMasterKeyId: textOrNil(r.key), ProvisionedThroughputOverride: r.throughput(),
			}})
		}
		all := table.UpdateInput{ReplicaUpdates: updates}
		if strong {
			all.MultiRegionConsistency = types.MultiRegionConsistencyStrong
			if witness != "" {
				all.GlobalTableWitnessUpdates = []types.GlobalTableWitnessGroupUpdate{{Create: &types.CreateGlobalTableWitnessGroupMemberAction{RegionName: &witness}}}
			}
			return a.changeReplicas(c, args[0], replicaChange{requests: []table.UpdateInput{all}, regions: regions, wait: r.wait})
		}
		return a.changeReplicas(c, args[0], replicaChange{requests: oneByOne(updates), regions: regions, wait: r.wait})
	}
	return c
}

func replicaUpdate(a *app) *cobra.Command {
	var r replicaFlags
	c := &cobra.Command{
		Use: "update TABLE REGION…", Short: "Change class, key or capacity of replicas [API: UpdateTable]",
		Long:    "Change what a table's copy in another region has of its own: class, KMS key, read capacity.\n\n[API: UpdateTable]",
		Example: example("ddb replica update Orders eu-west-1 --class STANDARD_INFREQUENT_ACCESS --wait"),
		Args:    replicaArgs, ValidArgsFunction: completeReplicas(a),
	}
	r.define(c)
	r.wait.define(c.Flags(), "wait until the replicas are ready")
	c.RunE = func(c *cobra.Command, args []string) error {
		if r.class == "" && r.key == "" && r.read == 0 {
			return usage("nothing to change", "say what: --class, --kms-key or --read-capacity")
		}
		var updates []types.ReplicationGroupUpdate
		for i := range args[1:] {
			updates = append(updates, types.ReplicationGroupUpdate{Update: &types.UpdateReplicationGroupMemberAction{
				RegionName: &args[1+i], TableClassOverride: types.TableClass(r.class), KMSMasterKeyId: textOrNil(r.key), ProvisionedThroughputOverride: r.throughput(),
			}})
		}
		return a.changeReplicas(c, args[0], replicaChange{requests: oneByOne(updates), regions: args[1:], wait: r.wait})
	}
	return c
}

func replicaRemove(a *app) *cobra.Command {
	var (
		w       waiting
		witness string
	)
	c := &cobra.Command{
		Use: "remove TABLE REGION…", Aliases: []string{"rm"}, Short: "Delete the copies of a table in regions [API: UpdateTable]",
		Long:    "Delete a table's copies in other regions. The table itself and its other copies stay. In a script --yes is needed.\n\n[API: UpdateTable]",
		Example: example("ddb replica remove Orders eu-west-1 --yes --wait"),
		Args: func(c *cobra.Command, args []string) error {
			if witness != "" && len(args) == 1 {
				return nil
			}
			return replicaArgs(c, args)
		},
		ValidArgsFunction: completeReplicas(a),
	}
	c.Flags().StringVar(&witness, "witness", "", "delete the witness in this `region` too")
	w.define(c.Flags(), "wait until they are gone")
	c.RunE = func(c *cobra.Command, args []string) error {
		regions := args[1:]
		var updates []types.ReplicationGroupUpdate
		for i := range regions {
			updates = append(updates, types.ReplicationGroupUpdate{Delete: &types.DeleteReplicationGroupMemberAction{RegionName: &regions[i]}})
		}
		if witness == "" {
			return a.changeReplicas(c, args[0], replicaChange{requests: oneByOne(updates), regions: regions, removes: true, wait: w})
		}
		all := table.UpdateInput{ReplicaUpdates: updates, GlobalTableWitnessUpdates: []types.GlobalTableWitnessGroupUpdate{{Delete: &types.DeleteGlobalTableWitnessGroupMemberAction{RegionName: &witness}}}}
		return a.changeReplicas(c, args[0], replicaChange{requests: []table.UpdateInput{all}, regions: regions, removes: true, wait: w})
	}
	return c
}

// textOrNil is a member of a request that is left out where it is not given.
func textOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func replicaArgs(c *cobra.Command, args []string) error {
	if len(args) < 2 {
		return usage("TABLE and REGION are needed", "usage: "+c.UseLine())
	}
	return nil
}

// oneByOne makes a request of each update: the service takes none while it makes or deletes another replica of the table.
func oneByOne(updates []types.ReplicationGroupUpdate) []table.UpdateInput {
	var requests []table.UpdateInput
	for i := range updates {
		requests = append(requests, table.UpdateInput{ReplicaUpdates: updates[i : i+1 : i+1]})
	}
	return requests
}

// A replicaChange is what is to become of the replicas in regions: by one request, or by one for each region.
type replicaChange struct {
	requests []table.UpdateInput
	regions  []string
	removes  bool
	wait     waiting
}

// changeReplicas sends the requests, the next one when the last is carried out, and shows the replicas. What is removed is asked for once.
func (a *app) changeReplicas(c *cobra.Command, text string, change replicaChange) error {
	requests, regions := change.requests, change.regions
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	name, err := a.table(text)
	if err != nil {
		return err
	}
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	if change.removes && !a.dryRun() {
		spec := op.Spec{Tool: "remove_replica", Title: "Deleting the replicas in " + strings.Join(regions, ", ")}
		if len(regions) == 0 {
			spec.Title = "Deleting the witness"
		}
		if err := a.confirm(ctx, spec, []string{name}, nil); err != nil {
			return err
		}
		asked := *env
		asked.Confirm = nil
		env = &asked
	}
	ready := func(part []string) error {
		for _, region := range part {
			if err := a.waitReplica(ctx, env, name, region, change.removes, change.wait); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range requests {
		requests[i].TableName = name
		if _, err := table.Update.Call(ctx, env, &requests[i]); err != nil || a.dryRun() && i == len(requests)-1 {
			_, err := a.showDry(err)
			return err
		}
		if a.dryRun() {
			continue
		}
		if i == len(requests)-1 && !change.wait.wanted() {
			break
		}
		part := regions
		if len(requests) > 1 {
			part = regions[i : i+1]
		}
		if err := ready(part); err != nil {
			return err
		}
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	if err != nil {
		return err
	}
	return a.show(replicaRows(d), nil)
}
