package cmd

import (
	"context"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

func adornTables(all map[string]adornment) {
	adornList(all)
	adorn(all, table.Describe, Adorn[table.DescribeInput, types.TableDescription]{
		View: describeView,
		Long: `Show a table: keys, indexes, capacity, state. -o yaml writes it as a table file, with the settings that other calls tell, which table create -f,
table apply and table diff read; -o cloudformation and -o terraform write the same as a template, which they read too.`,
		Example: "ddb table describe Orders\nddb table describe Orders --query TableStatus\nddb table describe Orders -o yaml > orders.yaml\nddb table describe Orders -o terraform > orders.tf\nddb table describe Orders -o cloudformation",
	})
	adornCreate(all)
	adornUpdate(all)
	var wait waiting
	ifExists := false
	adorn(all, table.Delete, Adorn[table.DeleteInput, types.TableDescription]{
		Long: `Delete a table with all its items and indexes. On a terminal ddb asks for the table's name first;
in a script --yes is needed. A backup outlives its table: ddb backup create TABLE NAME. The embedded engine keeps a snapshot of what it deletes:
ddb local snapshots brings it back.`,
		Example: "ddb table delete Orders --yes\nddb table delete Orders --if-exists --yes --wait",
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *table.DeleteInput, []string) error {
			wait.define(f, "wait until the table is gone")
			f.BoolVar(&ifExists, "if-exists", false, "a table that is not there is no error")
			return func(ctx context.Context, a *app, in *table.DeleteInput, _ []string) error {
				if !ifExists {
					return nil
				}
				d, err := a.tableThere(ctx, in.TableName)
				if err == nil && d == nil {
					a.io.notef("ddb: the table %s is not there", in.TableName)
					return &errQuiet{exitOK}
				}
				return err
			}
		},
		Ask: func(in *table.DeleteInput) string {
			return "Deleting the table " + in.TableName + " with all its items"
		},
		After: func(ctx context.Context, a *app, in *table.DeleteInput, out *types.TableDescription) (*types.TableDescription, error) {
			if a.io.ErrTerminal { // elsewhere the answer says it
				a.sayUndo(in.TableName, out)
			}
			if !wait.wanted() {
				return out, nil
			}
			env, err := a.env(ctx)
			if err != nil {
				return nil, err
			}
			return out, a.waitGone(ctx, env, in.TableName, wait)
		},
		View: describeView,
	})
}

// createFlags are what a person writes instead of the API's structures.
type createFlags struct {
	keys, ttl, stream, capacity string
	indexes, localIndexes, tags []string
	pitr, ifNotExists           bool
	wait                        waiting
}

func adornCreate(all map[string]adornment) {
	var c createFlags
	adorn(all, table.Create, Adorn[table.CreateInput, types.TableDescription]{
		Long: `Create a table: on demand unless --capacity is given. Keys and indexes are written as name:TYPE, where the type is S (text),
N (number) or B (binary). An index holds all attributes, or what stands behind its key: 'keys' or 'include a,b'. The parts of a
multi-attribute index key are joined by "+". --ttl and --pitr are set when the table is ready, so they wait for it.
The API's own structures are taken as JSON: --key-schema, --attribute-definitions, --global-secondary-indexes and the rest.`,
		Example: `ddb table create Orders --keys customer:S,placed:S
ddb table create Orders --keys customer:S,placed:S --index 'ByStatus=status:S,placed:S' --ttl expires --pitr --stream new-and-old --tag env=dev --wait
ddb table create Visits --keys page:S,at:N --capacity 5,10 --index 'ByUser=user:S,at:N keys' --if-not-exists`,
		Hide: []string{"attribute-definitions", "key-schema", "global-secondary-indexes", "local-secondary-indexes", "provisioned-throughput", "stream-specification", "tags", "sse-specification", "on-demand-throughput", "warm-throughput", "vector-indexes", "billing-mode", "global-table-source-arn", "global-table-settings-replication-mode"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *table.CreateInput, []string) error {
			f.StringVar(&c.keys, "keys", "", "the key: `pk:S` or pk:S,sk:N")
			f.StringArrayVar(&c.indexes, "index", nil, "a global secondary index: `'Name=pk:S,sk:N'`, once for each")
			f.StringArrayVar(&c.localIndexes, "local-index", nil, "a local secondary index: `'Name=sk:N'`, once for each")
			f.StringVar(&c.capacity, "capacity", "", "provisioned `READ,WRITE` units, for the table and its indexes")
			f.StringVar(&c.ttl, "ttl", "", "delete items when the time in this `attribute` has passed")
			f.BoolVar(&c.pitr, "pitr", false, "turn point-in-time recovery on")
			f.StringVar(&c.stream, "stream", "", "a stream of changes: `new-and-old`, new, old or keys")
			f.StringArrayVar(&c.tags, "tag", nil, "a tag: `key=value`, once for each")
			c.wait.define(f, "wait until the table is ready")
			f.BoolVar(&c.ifNotExists, "if-not-exists", false, "a table of this name is no error")
			return func(ctx context.Context, a *app, in *table.CreateInput, _ []string) error {
				if err := c.fill(in); err != nil {
					return err
				}
				return c.skipExisting(ctx, a, in)
			}
		},
		After: c.finish,
		View:  describeView,
	})
}

func (c *createFlags) fill(in *table.CreateInput) error {
	defs := definitions(in.AttributeDefinitions)
	var err error
	if c.keys != "" {
		if in.KeySchema, err = defs.parseKeys(c.keys); err != nil {
			return err
		}
	}
	if in.KeySchema == nil {
		return usage("--keys is missing", "write --keys id:S, or --keys customer:S,placed:S with a sort key")
	}
	var capacity *types.ProvisionedThroughput
	if c.capacity != "" {
		if capacity, err = parseCapacity(c.capacity); err != nil {
			return err
		}
		in.ProvisionedThroughput = capacity
	}
	for _, text := range c.indexes {
		x, err := defs.parseIndex(text)
		if err != nil {
			return err
		}
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &x.name, KeySchema: x.keys, Projection: x.projection, ProvisionedThroughput: capacity,
		})
	}
	for _, text := range c.localIndexes {
		x, err := defs.parseIndex(text)
		if err != nil {
			return err
		}
		if len(x.keys) == 1 { // the partition key is the table's
			x.keys[0].KeyType = types.KeyTypeRange
			x.keys = append([]types.KeySchemaElement{in.KeySchema[0]}, x.keys...)
		}
		in.LocalSecondaryIndexes = append(in.LocalSecondaryIndexes, types.LocalSecondaryIndex{IndexName: &x.name, KeySchema: x.keys, Projection: x.projection})
	}
	in.AttributeDefinitions = defs
	if in.BillingMode == "" {
		in.BillingMode = types.BillingModePayPerRequest
		if in.ProvisionedThroughput != nil {
			in.BillingMode = types.BillingModeProvisioned
		}
	}
	if c.stream != "" {
		if in.StreamSpecification, err = parseStream(c.stream); err != nil {
			return err
		}
	}
	tags, err := parseTags(c.tags)
	in.Tags = append(in.Tags, tags...)
	return err
}

// skipExisting ends the command where the table is there already and that is no error.
func (c *createFlags) skipExisting(ctx context.Context, a *app, in *table.CreateInput) error {
	if c.ttl != "" { // refused before the table is made, or not at all
		env, err := a.env(ctx)
		if err == nil {
			err = env.Admits(op.Destroy, ttl.Update.Spec(), in.TableName)
		}
		if err != nil {
			return err
		}
	}
	if !c.ifNotExists {
		return nil
	}
	d, err := a.tableThere(ctx, in.TableName)
	if err != nil || d == nil {
		return err
	}
	return c.showExisting(ctx, a, in, d)
}

// showExisting answers for a table that was there as for one that was made: it is waited for with --wait, and described. What it lacks of that which was
// asked for is said, because nothing of it is changed.
func (c *createFlags) showExisting(ctx context.Context, a *app, in *table.CreateInput, d *types.TableDescription) error {
	a.io.notef("ddb: the table %s is there already", in.TableName)
	env, err := a.env(ctx)
	if err != nil {
		return err
	}
	if c.wait.wanted() && !a.dryRun() {
		if d, err = a.waitActive(ctx, env, in.TableName, c.wait); err != nil {
			return err
		}
	}
	if have, want := keyWords(d.KeySchema, d.AttributeDefinitions), keyWords(in.KeySchema, in.AttributeDefinitions); have != want {
		a.io.notef("ddb: warning: its key is %s, and not %s", have, want)
	}
	if c.ttl != "" || c.pitr {
		a.io.notef("ddb: its time to live and point-in-time recovery are left as they are; see: ddb table describe %s -o yaml", in.TableName)
	}
	if a.dryRun() {
		return &errQuiet{exitOK}
	}
	if err := a.showTables(ctx, env, []*tablefile.Table{{Name: in.TableName}}); err != nil {
		return err
	}
	return &errQuiet{exitOK}
}

// tableThere is the description of the table of this name, nil where there is none.
func (a *app) tableThere(ctx context.Context, name string) (*types.TableDescription, error) {
	env, err := a.env(ctx)
	if err != nil {
		return nil, err
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	if missingNow(err) {
		return nil, nil //nolint:nilnil // no table is no error here
	}
	return d, err
}

// finish waits, and sets what a table takes only when it is ready.
func (c *createFlags) finish(ctx context.Context, a *app, in *table.CreateInput, out *types.TableDescription) (*types.TableDescription, error) {
	if !c.wait.wanted() && !c.pitr && c.ttl == "" {
		return out, nil
	}
	env, err := a.env(ctx)
	if err != nil {
		return nil, err
	}
	if out, err = a.waitActive(ctx, env, in.TableName, c.wait); err != nil {
		c.sayUndone(a, in.TableName)
		return nil, err
	}
	if c.ttl != "" {
		on := true
		spec := &types.TimeToLiveSpecification{AttributeName: &c.ttl, Enabled: &on}
		asked := *env
		asked.Confirm = nil // the table is new, and holds nothing that could expire
		if _, err := ttl.Update.Call(ctx, &asked, &ttl.UpdateInput{TableName: in.TableName, TimeToLiveSpecification: spec}); err != nil {
			return nil, fmt.Errorf("the table is made, but not its time to live: %w", err)
		}
	}
	if c.pitr {
		if _, err := backup.UpdateContinuous.Call(ctx, env, &backup.UpdateContinuousInput{TableName: in.TableName, PointInTimeRecoveryEnabled: true}); err != nil {
			return nil, fmt.Errorf("the table is made, but not its point-in-time recovery: %w", err)
		}
	}
	return out, nil
}

// sayUndone says what was to be set on the table once it is ready, where the wait for that has ended before.
func (c *createFlags) sayUndone(a *app, name string) {
	if c.ttl != "" {
		a.io.notef("ddb: time to live is not set; when the table is ready: ddb ttl enable %s %s --yes", name, shellWord(c.ttl))
	}
	if c.pitr {
		a.io.notef("ddb: point-in-time recovery is not on; when the table is ready: ddb pitr enable %s", name)
	}
}

func adornUpdate(all map[string]adornment) {
	var (
		addIndexes, dropIndexes []string
		capacity, stream, most  string
		onDemand                bool
		wait                    waiting
	)
	adorn(all, table.Update, Adorn[table.UpdateInput, types.TableDescription]{
		Long: `Change a table; what is not named stays as it is. The service makes or deletes one index at a time.
The API's own structures are taken as JSON: --global-secondary-index-updates, --replica-updates and the rest.`,
		Example: `ddb table update Orders --add-index 'ByTotal=status:S,total:N' --wait
ddb table update Orders --drop-index ByTotal --yes
ddb table update Orders --capacity 5,10
ddb table update Orders --on-demand --on-demand-max 1000,500
ddb table update Orders --deletion-protection`,
		Hide: []string{"attribute-definitions", "billing-mode", "global-secondary-index-updates", "on-demand-throughput", "provisioned-throughput", "replica-updates", "sse-specification", "stream-specification", "warm-throughput", "disassociation-protection", "multi-region-consistency", "global-table-witness-updates", "global-table-settings-replication-mode", "vector-index-updates"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *table.UpdateInput, []string) error {
			f.StringArrayVar(&addIndexes, "add-index", nil, "make a global secondary index: `'Name=pk:S,sk:N'`")
			f.StringArrayVar(&dropIndexes, "drop-index", nil, "delete this `index`")
			f.StringVar(&capacity, "capacity", "", "provisioned `READ,WRITE` units")
			f.BoolVar(&onDemand, "on-demand", false, "pay per request")
			f.StringVar(&most, "on-demand-max", "", "at most `READ,WRITE` units a second on demand, or none")
			f.StringVar(&stream, "stream", "", "a stream of changes: `new-and-old`, new, old, keys or off")
			wait.define(f, "wait until the table, its indexes and replicas are ready")
			return func(ctx context.Context, a *app, in *table.UpdateInput, _ []string) error {
				if err := fillMaximum(in, most); err != nil {
					return err
				}
				if err := fillUpdate(in, addIndexes, dropIndexes, capacity, stream, onDemand); err != nil {
					return err
				}
				if reflect.DeepEqual(*in, table.UpdateInput{TableName: in.TableName, Region: in.Region}) {
					return usage("nothing to change", "say what: --capacity READ,WRITE, --on-demand, --add-index 'Name=pk:S', --stream new-and-old; see: ddb table update --help")
				}
				if capacity == "" {
					return nil
				}
				return provisionIndexes(ctx, a, in)
			}
		},
		Ask: func(in *table.UpdateInput) string {
			for _, u := range in.GlobalSecondaryIndexUpdates {
				if u.Delete != nil {
					return fmt.Sprintf("Deleting the index %s of %s", aws.ToString(u.Delete.IndexName), in.TableName)
				}
			}
			return ""
		},
		After: func(ctx context.Context, a *app, in *table.UpdateInput, out *types.TableDescription) (*types.TableDescription, error) {
			if !wait.wanted() {
				return out, nil
			}
			env, err := a.env(ctx)
			if err != nil {
				return nil, err
			}
			return a.waitActive(ctx, env, in.TableName, wait)
		},
		View: describeView,
	})
}

// fillMaximum reads --on-demand-max.
func fillMaximum(in *table.UpdateInput, text string) error {
	if text == "" {
		return nil
	}
	r, w := int64(-1), int64(-1) // the API's word for none
	if text != "none" {
		units, err := parseCapacity(text)
		if err != nil {
			return usage(fmt.Sprintf("--on-demand-max %s is not understood", text), "write READ,WRITE units: 1000,500; or none")
		}
		r, w = *units.ReadCapacityUnits, *units.WriteCapacityUnits
	}
	in.OnDemandThroughput = &types.OnDemandThroughput{MaxReadRequestUnits: &r, MaxWriteRequestUnits: &w}
	return nil
}

func fillUpdate(in *table.UpdateInput, add, drop []string, capacity, stream string, onDemand bool) error {
	if capacity != "" && onDemand {
		return usage("--capacity and --on-demand exclude each other", "")
	}
	var err error
	var units *types.ProvisionedThroughput
	if capacity != "" {
		if units, err = parseCapacity(capacity); err != nil {
			return err
		}
		in.ProvisionedThroughput, in.BillingMode = units, types.BillingModeProvisioned
	}
	if onDemand {
		in.BillingMode = types.BillingModePayPerRequest
	}
	if stream != "" {
		if in.StreamSpecification, err = parseStream(stream); err != nil {
			return err
		}
	}
	defs := definitions(in.AttributeDefinitions)
	for _, text := range add {
		x, err := defs.parseIndex(text)
		if err != nil {
			return err
		}
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{
			Create: &types.CreateGlobalSecondaryIndexAction{IndexName: &x.name, KeySchema: x.keys, Projection: x.projection, ProvisionedThroughput: units},
		})
	}
	for _, name := range drop {
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{
			Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: &name},
		})
	}
	in.AttributeDefinitions = defs
	return nil
}

// provisionIndexes gives the indexes of a table that was on demand the table's new capacity: the service wants it said for each.
func provisionIndexes(ctx context.Context, a *app, in *table.UpdateInput) error {
	env, err := a.env(ctx)
	if err != nil {
		return err
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: in.TableName})
	if err != nil || d.BillingModeSummary == nil || d.BillingModeSummary.BillingMode != types.BillingModePayPerRequest {
		return err
	}
	for _, x := range d.GlobalSecondaryIndexes {
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{
			Update: &types.UpdateGlobalSecondaryIndexAction{IndexName: x.IndexName, ProvisionedThroughput: in.ProvisionedThroughput},
		})
	}
	return nil
}
