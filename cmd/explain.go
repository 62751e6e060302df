package cmd

import (
	"context"
	"encoding/json"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// An estimate is what a call would take, as --explain shows it.
type estimate struct {
	Units float64 `json:"Units"`
	Unit  string  `json:"Unit"`
	Basis string  `json:"Basis"`
}

// explainFlag adds --explain to a verb.
func explainFlag(a *app, f *pflag.FlagSet) {
	f.BoolVar(&a.flags.explain, "explain", false, "print the call, its expressions and the units it would take, and do not make it")
}

// explain adds the plan and the estimate to a request that was held back.
func (a *app) explain(r *dryRequest) {
	r.Plan = a.planned
	if r.API == "ExecuteStatement" || r.API == "ExecuteTransaction" {
		a.explainSQL(r)
		return
	}
	var in struct {
		TableName, IndexName string
		ConsistentRead       bool
		Item                 json.RawMessage
		RequestItems         map[string]json.RawMessage
	}
	if err := json.Unmarshal(r.Request, &in); err != nil {
		return
	}
	d := a.described
	if d == nil && in.TableName != "" {
		if env, err := a.env(context.Background()); err == nil {
			d, _ = table.Describe.Call(context.Background(), env, &table.DescribeInput{TableName: in.TableName}) // without it the estimate is a guess
		}
	}
	var cost query.Cost
	var basis string
	switch r.API {
	case "GetItem":
		cost, basis = query.GetCost(d, 1, in.ConsistentRead), "one item of the table's average size"
	case "Scan":
		cost, basis = query.ScanCost(d, in.IndexName, in.ConsistentRead), "all of it, as the service last counted it"
	case "Query":
		cost = query.GetCost(d, 1, in.ConsistentRead)
		basis = "at least; a call reads 1 MB at most, which is 128 units (256 consistent), and items are filtered after they were read"
	case "PutItem":
		size := int64(0)
		if item, err := attr.ParseItem(in.Item); err == nil {
			size = int64(attr.ItemSize(item))
		}
		cost, basis = query.WriteCost(d, 1, size), "this item, and one write for each index"
	case "UpdateItem", "DeleteItem":
		cost, basis = query.WriteCost(d, 1, 0), "one item of the table's average size, and one write for each index"
	default:
		return
	}
	unit := "read"
	if cost.Write {
		unit = "write"
	}
	if r.API != "Query" {
		basis += ": " + cost.String()
	}
	r.Estimate = &estimate{cost.Units, unit, basis}
}
