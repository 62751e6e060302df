package cmd

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
)

// spent tells on standard error what was done, what it cost and how long it took, where a person looks on or --stats asks for it.
func (a *app) spent(done string, c *types.ConsumedCapacity, took time.Duration) {
	if !a.io.ErrTerminal && !a.flags.stats && a.flags.returns.capacity == "" {
		return
	}
	text := units(c) + ", " + max(0, took-a.asked).Round(time.Millisecond).String()
	if done != "" {
		text = done + ", " + text
	}
	a.io.notef("%s%s", a.paint("2", text), a.mark())
}

// mark reminds a person of a place that is read-only, by its name.
func (a *app) mark() string {
	if !a.cfg.ReadOnly || !a.io.ErrTerminal {
		return ""
	}
	name := a.cfg.Context
	if name == "" {
		name = a.cfg.Profile
	}
	return " " + a.paint("33", "["+strings.TrimSpace(name+" read-only")+"]")
}

func units(c *types.ConsumedCapacity) string {
	if c == nil {
		return "no capacity"
	}
	n := unitText(c.CapacityUnits)
	if n == "1" {
		n += " capacity unit"
	} else {
		n += " capacity units"
	}
	if c.Table == nil && len(c.GlobalSecondaryIndexes)+len(c.LocalSecondaryIndexes) == 0 {
		return n
	}
	var parts []string
	if c.Table != nil {
		parts = append(parts, "table "+unitText(c.Table.CapacityUnits))
	}
	for _, indexes := range []map[string]types.Capacity{c.GlobalSecondaryIndexes, c.LocalSecondaryIndexes} {
		for _, name := range slices.Sorted(maps.Keys(indexes)) {
			parts = append(parts, name+" "+unitText(indexes[name].CapacityUnits))
		}
	}
	return n + " (" + strings.Join(parts, ", ") + ")"
}

func unitText(n *float64) string { return strconv.FormatFloat(aws.ToFloat64(n), 'f', -1, 64) }

// returned are the flags for what the API tells of a call on request, in its own words.
type returned struct{ capacity, collections string }

// define adds the flags of a call that reads.
func (r *returned) define(f *pflag.FlagSet) {
	f.StringVar(&r.capacity, "return-consumed-capacity", "", "tell what was consumed: TOTAL, INDEXES by table and index, or NONE")
}

// defineWrite adds the flags of a call that writes, which tells of item collections too.
func (r *returned) defineWrite(f *pflag.FlagSet) {
	r.define(f)
	f.StringVar(&r.collections, "return-item-collection-metrics", "", "SIZE tells how large the item collection is, in tables with local indexes")
}

// accounting and collectionMetrics are the flags as the API takes them.
func (r *returned) accounting() (op.Accounting, error) {
	if r.capacity == "" {
		return op.Accounting{}, nil
	}
	v, err := oneOf(r.capacity, enumOf(reflect.TypeFor[types.ReturnConsumedCapacity]()))
	return op.Accounting{ReturnConsumedCapacity: types.ReturnConsumedCapacity(v)}, err
}

func (r *returned) collectionMetrics() (op.Collections, error) {
	if r.collections == "" {
		return op.Collections{}, nil
	}
	v, err := oneOf(r.collections, enumOf(reflect.TypeFor[types.ReturnItemCollectionMetrics]()))
	return op.Collections{ReturnItemCollectionMetrics: types.ReturnItemCollectionMetrics(v)}, err
}

// collection tells on standard error how large an item collection is, where that was asked for.
func (a *app) collection(m *types.ItemCollectionMetrics) {
	if m == nil || len(m.SizeEstimateRangeGB) < 2 {
		return
	}
	key := attr.AppendPlainItem(nil, op.FromSDK(m.ItemCollectionKey))
	a.io.notef("ddb: the item collection of %s has %g to %g GB", key, m.SizeEstimateRangeGB[0], m.SizeEstimateRangeGB[1])
}

// counted is "1 item" or "1,200 items".
func counted(n int, noun string) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if n == 1 {
		return digits + " " + noun
	}
	return digits + " " + noun + "s"
}
