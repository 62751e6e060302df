package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// vectorCommands are the family on vector indexes, beside the search.
func vectorCommands(a *app) []*cobra.Command {
	remove := indexDelete(a)
	remove.Short, remove.Example = "Delete a vector index [API: UpdateTable]", example("ddb vector delete Products ByMeaning --yes --wait")
	return []*cobra.Command{vectorList(a), vectorCreate(a), remove}
}

func vectorList(a *app) *cobra.Command {
	return partsCommand(a, &cobra.Command{
		Short:   "List the vector indexes of a table [API: DescribeTable]",
		Long:    "List the vector indexes of a table: attribute, dimensions, distance, state and size. Sizes are up to six hours old.\n\n[API: DescribeTable]",
		Example: example("ddb vector list Products"),
	}, func(d *types.TableDescription) ([]indexRow, error) {
		all, err := indexRows(d)
		return slices.DeleteFunc(all, func(x indexRow) bool { return x.Kind != "vector" }), err
	})
}

// vectorFlags are what a vector index is made of beside its name and attribute.
type vectorFlags struct {
	dimensions int64
	distance   string
	partition  string
	filters    []string
	include    []string
	keys       bool
	wait       waiting
}

func vectorCreate(a *app) *cobra.Command {
	var v vectorFlags
	c := &cobra.Command{
		Use: "create TABLE INDEX ATTRIBUTE", Short: "Make a vector index [API: UpdateTable]",
		Long: `Make a vector index over an attribute that holds a list of numbers. The service fills it from the table, which --wait waits for. An index holds all
attributes, or with --keys or --include less. With --partition a search looks at the items of one value of an attribute only;
attributes of --filter can be tested by a search before it looks at distances.

[API: UpdateTable]`,
		Example: example("ddb vector create Products ByLooks looks --dimensions 3 --distance euclidean --wait\nddb vector create Products ByGroup looks --dimensions 3 --partition group:S --keys --wait"),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 3 {
				return usage("TABLE, INDEX and ATTRIBUTE are needed", "usage: "+c.UseLine())
			}
			return nil
		},
		ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	f.Int64Var(&v.dimensions, "dimensions", 0, "how many numbers a vector has (needed)")
	f.StringVar(&v.distance, "distance", "cosine", "`cosine`, dot-product or euclidean")
	f.StringVar(&v.partition, "partition", "", "the attribute whose value a search names: `group:S`, or its name where the type is known")
	f.StringSliceVar(&v.filters, "filter", nil, "attributes a search may filter by: `price:N,…`")
	f.StringSliceVar(&v.include, "include", nil, "hold these `attributes` beside the keys, not all")
	f.BoolVar(&v.keys, "keys", false, "hold the keys only")
	_ = c.RegisterFlagCompletionFunc("distance", fixedCompletion("cosine", "dot-product", "euclidean"))
	v.wait.define(f, "wait until it is filled")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		name, err := a.table(args[0])
		if err != nil {
			return err
		}
		in, err := a.newVector(ctx, name, args[1], args[2], &v)
		if err != nil {
			return err
		}
		return a.invoke(ctx, table.Update, indexAdornment(v.wait, func(ctx context.Context, env *op.Env) error {
			return a.waitIndex(ctx, env, name, args[1], v.wait)
		}, name), in, 0)
	}
	return c
}

func (v *vectorFlags) index(name, attribute string) (*tablefile.Vector, error) {
	switch {
	case v.dimensions < 1:
		return nil, usage("--dimensions is missing", "say how many numbers a vector of "+attribute+" has: --dimensions 1024")
	case tablefile.APIWord("distance", v.distance) == "":
		return nil, usage(fmt.Sprintf("--distance %s is not known", v.distance), "it is one of cosine, dot-product, euclidean")
	case v.keys && len(v.include) > 0:
		return nil, usage("--keys and --include exclude each other", "name the attributes, or none")
	}
	x := tablefile.Vector{Name: name, Attribute: attribute, Dimensions: v.dimensions, Distance: v.distance}
	switch {
	case v.keys:
		x.Projection.Kind = "keys"
	case len(v.include) > 0:
		x.Projection.Kind, x.Projection.Include = "include", v.include
	default:
		x.Projection.Kind = "all"
	}
	return &x, nil
}

// newVector is the request for a vector index. The attributes a search may name are defined with it, as keys are.
func (a *app) newVector(ctx context.Context, name, index, attribute string, v *vectorFlags) (*table.UpdateInput, error) {
	x, err := v.index(index, attribute)
	if err != nil || v.partition == "" && len(v.filters) == 0 {
		return v.request(name, x, nil), err
	}
	_, _, d, err := a.tableAt(ctx, []string{name})
	if err != nil {
		return nil, err
	}
	defs := definitions(d.AttributeDefinitions)
	var named []types.KeySchemaElement
	define := func(text string) (tablefile.Key, error) {
		keys, err := defs.parseKeys(text)
		if err != nil {
			return tablefile.Key{}, err
		}
		named = append(named, keys[0])
		return tablefile.Key{Name: *keys[0].AttributeName}, nil
	}
	if v.partition != "" {
		k, err := define(v.partition)
		if err != nil {
			return nil, err
		}
		x.Partition = []tablefile.Key{k}
	}
	for _, text := range v.filters {
		k, err := define(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		x.Filters = append(x.Filters, k)
	}
	return v.request(name, x, defs.used(d.KeySchema, named)), nil
}

func (v *vectorFlags) request(name string, x *tablefile.Vector, defs []types.AttributeDefinition) *table.UpdateInput {
	if x == nil {
		return nil
	}
	return &table.UpdateInput{TableName: name, AttributeDefinitions: defs, VectorIndexUpdates: []types.VectorIndexUpdate{{Create: createVectorOf(*x)}}}
}
