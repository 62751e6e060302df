package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/render"
)

func tableStats(a *app) *cobra.Command {
	var (
		exact  bool
		sample int
	)
	c := &cobra.Command{
		Use: "stats TABLE", Short: "Count and measure the items of a table [API: DescribeTable, Scan]",
		Long: `Count and measure the items of a table and its indexes. The service's own numbers are free and up to six hours old. --sample N reads the first N
items, and --exact all of them, which costs read units: sizes, how many items have which attribute and of which types.

[API: DescribeTable, Scan]`,
		Example: example("ddb table stats Orders\nddb table stats Orders --sample 1000\nddb table stats Orders --exact -o json"), Args: cobra.MaximumNArgs(1), ValidArgsFunction: completeTables(a),
	}
	c.Flags().BoolVar(&exact, "exact", false, "read all items")
	c.Flags().IntVar(&sample, "sample", 0, "read the first `N` items")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		if exact && sample > 0 {
			return usage("--exact and --sample exclude each other", "leave one of them out")
		}
		name, env, d, err := a.tableAt(ctx, args)
		if err != nil {
			return err
		}
		s, err := statsOf(d)
		if err != nil {
			return err
		}
		if exact || sample > 0 {
			if s.Read, err = a.measure(ctx, env, name, sample); err != nil {
				return err
			}
		}
		return a.show(s, statsView)
	}
	return spread(c, placesRows, "")
}

type tableStatistics struct {
	Table   string       `json:"table"`
	Items   int64        `json:"items"`
	Bytes   int64        `json:"bytes"`
	Average int64        `json:"average_bytes"`
	Billing string       `json:"billing"`
	Indexes []indexRow   `json:"indexes"`
	Read    *measurement `json:"read,omitempty"`
}

// A measurement is what reading items told. ReadUnits is what it cost.
type measurement struct {
	Items      int64           `json:"items"`
	All        bool            `json:"all"`
	Bytes      int64           `json:"bytes"`
	Average    int64           `json:"average_bytes"`
	Smallest   int             `json:"smallest_bytes"`
	Largest    int             `json:"largest_bytes"`
	LargestKey json.RawMessage `json:"largest_key,omitempty"`
	ReadUnits  float64         `json:"read_units"`
	Attributes []attributeStat `json:"attributes"`
}

type attributeStat struct {
	Name  string   `json:"name"`
	Types []string `json:"types"`
	Items int64    `json:"items"`
	Bytes int64    `json:"bytes"`
}

func statsOf(d *types.TableDescription) (*tableStatistics, error) {
	s := &tableStatistics{Table: aws.ToString(d.TableName), Items: aws.ToInt64(d.ItemCount), Bytes: aws.ToInt64(d.TableSizeBytes), Billing: "provisioned"}
	if s.Items > 0 {
		s.Average = s.Bytes / s.Items
	}
	if d.BillingModeSummary != nil && d.BillingModeSummary.BillingMode == types.BillingModePayPerRequest {
		s.Billing = "on-demand"
	}
	var err error
	s.Indexes, err = indexRows(d)
	return s, err
}

// measure reads items; limit 0 is all.
func (a *app) measure(ctx context.Context, env *op.Env, name string, limit int) (*measurement, error) {
	sch, err := a.schema(ctx, name, "")
	if err != nil {
		return nil, err
	}
	m := &measurement{All: true, Attributes: []attributeStat{}}
	byName := map[string]*attributeStat{}
	out, err := query.Scan.Each(ctx, env, &query.ScanInput{TableName: name}, func(raw map[string]types.AttributeValue) error {
		it := op.FromSDK(raw)
		size := attr.ItemSize(it)
		m.Items++
		m.Bytes += int64(size)
		if m.Smallest == 0 || size < m.Smallest {
			m.Smallest = size
		}
		if size > m.Largest {
			m.Largest = size
			if key, ok := sch.keyOf(it); ok {
				m.LargestKey = json.RawMessage(attr.AppendPlainItem(nil, key))
			}
		}
		for _, at := range it {
			s := byName[at.Name]
			if s == nil {
				s = &attributeStat{Name: at.Name}
				byName[at.Name] = s
			}
			s.Items++
			s.Bytes += int64(attr.ItemSize(attr.Item{at}))
			if kind := at.Value.Kind.String(); !slices.Contains(s.Types, kind) {
				s.Types = append(s.Types, kind)
			}
		}
		if limit > 0 && m.Items == int64(limit) {
			m.All = false
			return op.ErrStop
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if m.Items > 0 {
		m.Average = m.Bytes / m.Items
	}
	if out.ConsumedCapacity != nil {
		m.ReadUnits = aws.ToFloat64(out.ConsumedCapacity.CapacityUnits)
	}
	for _, s := range byName {
		slices.Sort(s.Types)
		m.Attributes = append(m.Attributes, *s)
	}
	slices.SortFunc(m.Attributes, func(x, y attributeStat) int {
		if x.Items != y.Items {
			return int(y.Items - x.Items)
		}
		if x.Name < y.Name {
			return -1
		}
		return 1
	})
	return m, nil
}

func statsView(o *render.Object) []render.Section {
	head := render.Section{Rows: [][]string{
		{"Table", o.Text("table")},
		{"Items", o.Text("items") + " (up to six hours old)"},
		{"Size", sizeText(o.Text("bytes"))},
		{"Average", sizeText(o.Text("average_bytes"))},
		{"Billing", o.Text("billing")},
	}}
	sections := []render.Section{head}
	indexes := render.Section{Title: "Indexes", Header: []string{"index", "kind", "keys", "items", "size"}, Numeric: []int{3}}
	for _, x := range o.List("indexes") {
		if row, ok := x.(*render.Object); ok {
			indexes.Rows = append(indexes.Rows, []string{row.Text("index"), row.Text("kind"), row.Text("keys"), row.Text("items"), sizeText(row.Text("bytes"))})
		}
	}
	if len(indexes.Rows) > 0 {
		sections = append(sections, indexes)
	}
	if m := o.Object("read"); m != nil {
		sections = append(sections, render.Section{Title: "Read", Rows: [][]string{
			{"Items", m.Text("items")},
			{"Size", sizeText(m.Text("bytes"))},
			{"Average", sizeText(m.Text("average_bytes"))},
			{"Smallest", sizeText(m.Text("smallest_bytes"))},
			{"Largest", sizeText(m.Text("largest_bytes"))},
			{"Read units", m.Text("read_units")},
		}})
		attributes := render.Section{Title: "Attributes", Header: []string{"attribute", "types", "items", "size"}, Numeric: []int{2}}
		for _, x := range m.List("attributes") {
			if row, ok := x.(*render.Object); ok {
				attributes.Rows = append(attributes.Rows, []string{row.Text("name"), fmt.Sprint(row.List("types")...), row.Text("items"), sizeText(row.Text("bytes"))})
			}
		}
		sections = append(sections, attributes)
	}
	return sections
}
