package cmd

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

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
