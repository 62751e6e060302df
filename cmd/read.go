package cmd

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
)

// terminalItems is where a query or scan stops on a terminal when no limit is given.
const terminalItems = 100

// reading is what query, scan and sql have in common: the flags, and the loop over pages.
type reading struct {
	expressions
	index, startKey            string
	limit, pageSize, maxRead   int
	consistent, count          bool
	selectText                 string
	table                      string
	schema                     *schema
	start                      attr.Item
	filterExpr, projectionExpr string
	where                      string
	scan                       bool
	guard                      *scanFlags // of a query, whose --where may come to reading everything
	larger                     byteSize
	keep                       func(attr.Item) bool // what of a page is wanted, beyond what the service can be told; nil for all
}

// A page is the part of an answer that the loop needs.
type page struct {
	items          []map[string]types.AttributeValue
	count, scanned int
	next           attr.Item
	more           bool // there is another page, where next cannot say so
	capacity       *types.ConsumedCapacity
}

func (r *reading) define(f *pflag.FlagSet) {
	f.StringVar(&r.index, "index", "", "read this `index` instead of the table")
	r.filterFlags(f)
	r.projectionFlags(f)
	r.limits(f)
	f.BoolVar(&r.count, "count", false, "print how many items there are, not the items")
	f.BoolVar(&r.consistent, "consistent", false, "see all writes before this moment, at twice the cost")
	f.StringVar(&r.startKey, "start-key", "", "go on behind this `key`, as an earlier run printed it")
	f.Var(&r.larger, "larger", "only items of more than this `size`, as the service counts it: 100KB")
	f.StringVar(&r.selectText, "select", "", "what the API's Select takes, such as ALL_PROJECTED_ATTRIBUTES")
	r.placeholders(f)
}

func (r *reading) limits(f *pflag.FlagSet) {
	f.Var((*positive)(&r.limit), "limit", "return at most `N` items")
	f.Var((*positive)(&r.pageSize), "page-size", "read `N` items a call (the API's Limit)")
	f.Var((*positive)(&r.maxRead), "max-items-read", "stop when `N` items have been read, filtered out or not")
}

// prepare reads the flags that do not depend on the table.
func (r *reading) prepare(a *app) error {
	if strings.EqualFold(r.selectText, string(types.SelectCount)) { // another way to say it
		r.count, r.selectText = true, ""
	}
	if r.count && r.selectText != "" {
		return usage("--count and --select cannot be used together", "leave one of them out; --select COUNT is the same as --count")
	}
	if r.larger > 0 {
		if r.proj != "" || r.rawProjection != "" || r.selectText != "" {
			return usage("--larger weighs whole items, and stands without --project and --select", "--columns shows a part of each")
		}
		r.keep = func(it attr.Item) bool { return attr.ItemSize(it) > int(r.larger) }
	}
	if err := r.load(a); err != nil {
		return err
	}
	if r.startKey != "" {
		raw, err := a.source(r.startKey)
		if err != nil {
			return err
		}
		if r.start, err = a.decodeItem(raw); err != nil {
			return inFlag("start-key", err)
		}
	}
	var err error
	if r.filterExpr, err = r.filterText(); err != nil {
		return err
	}
	r.projectionExpr, err = r.projectionText()
	return err
}

func (r *reading) selection() (types.Select, error) {
	if r.count && r.larger == 0 { // weighing takes the items
		return types.SelectCount, nil
	}
	if r.selectText == "" {
		return "", nil
	}
	v, err := oneOf(r.selectText, enumOf(selectType))
	return types.Select(v), err
}

// callLimit is the Limit of the next call: not more than is still wanted, where nothing is filtered out of it.
func (r *reading) callLimit(taken, read, stop int) *int32 {
	n := r.pageSize
	least := func(m int) {
		if n == 0 || m < n {
			n = m
		}
	}
	if stop > 0 && r.filterExpr == "" {
		least(stop - taken)
	}
	if r.maxRead > 0 {
		least(r.maxRead - read)
	}
	if n <= 0 {
		return nil
	}
	limit := int32(min(n, 1<<30))
	return &limit
}

var selectType = reflect.TypeFor[types.Select]()

// A fetch reads the page that begins behind a key.
type fetch func(start attr.Item, limit *int32) (page, error)

// nextKey is the key to go on from, nil behind the last page.
func nextKey(key map[string]types.AttributeValue) attr.Item {
	if len(key) == 0 {
		return nil
	}
	return op.FromSDK(key)
}

// fill puts what all queries have in common into one. It comes last, when every expression has its names and values.
func (r *reading) fill(in *query.QueryInput, reverse bool) {
	if reverse {
		forward := false
		in.ScanIndexForward = &forward
	}
	if r.consistent {
		in.ConsistentRead = &r.consistent
	}
	in.FilterExpression, in.ProjectionExpression = r.filterExpr, r.projectionExpr
	in.ExpressionAttributeNames, in.ExpressionAttributeValues = r.holders.Names, r.holders.Values
}
