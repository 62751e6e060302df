package query

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// staleness is how old the size may be that an estimate goes by (API reference, TableDescription: ItemCount).
const staleness = "the service refreshes size and count about every six hours"

// A Reading is one page of what reads everything of a table or index: a scan, or a SELECT without a partition key.
type Reading struct {
	Table, Index string
	Region       op.Region
	Consistent   bool
	// What names the whole it is a page of, for the count of what that takes.
	What string
	// First begins the whole anew; Later is a page behind another one.
	First, Later bool
	// Limit is how many items the page ends after, so that a part can be read within the budget; 0 where nothing but its size ends it.
	Limit int64
	// Called is what a person calls it: "scan".
	Called string
}

// Watched says whether the guard is to be asked: there is one, and not only to warn about the embedded engine.
func Watched(env *op.Env, c *op.Clients) bool {
	return env.Scans != nil && (env.Scans.Mode == op.ScanEnforce || !c.Embedded)
}

// Guard asks the guard before a page. The first page is judged by an estimate of the whole, or of itself where a limit
// ends it, later ones by what the pages before them took, which the caller adds with Spend.
func Guard(ctx context.Context, env *op.Env, r Reading) error {
	g := env.Scans
	if g.CountsOnly() {
		return nil
	}
	if r.Later {
		spent := g.Spent(r.What)
		if spent < g.Units {
			return nil
		}
		text := fmt.Sprintf("this %s has taken %s read units over its pages, and the budget is %s (--scan-budget)", r.Called, grouped(spent), grouped(g.Units))
		if g.Mode == op.ScanEnforce {
			return &op.Error{Code: op.CodeScanBudget, Message: text, Hint: "use query with the partition key or an index, or ask whoever started ddb for a larger budget"}
		}
		warn(env, text)
		return nil
	}
	if r.First {
		g.Begin(r.What)
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: r.Table, Region: r.Region})
	_, bytes := size(d, r.Index)
	if err != nil || bytes == 0 {
		warn(env, fmt.Sprintf("what this %s takes cannot be estimated: the size of %s is 0 or not known (%s); it is stopped by nothing but what its pages take", r.Called, r.Table, staleness))
		return nil //nolint:nilerr // without a description there is no estimate; the call itself says what is wrong
	}
	cost, what := ScanCost(d, r.Index, r.Consistent), "scanning all of it takes"
	if cost.Units > g.Units && r.Limit > 0 {
		cost, what = pageCost(d, r.Index, r.Consistent, r.Limit), fmt.Sprintf("one call with limit %d takes", r.Limit)
	}
	if cost.Units <= g.Units {
		return nil
	}
	text := fmt.Sprintf("%s %s, by a size that may be old (%s); the budget is %s read units (--scan-budget)", what, cost, staleness, grouped(g.Units))
	if g.Mode == op.ScanEnforce {
		hint := "use query with the partition key or an index"
		if n := mostWithin(d, r.Index, r.Consistent, g.Units); n > 0 {
			hint += fmt.Sprintf("; with a limit of %d or less a part can be read, within the budget", n)
		}
		return &op.Error{Code: op.CodeScanBudget, Message: "this " + r.Called + " is not made: " + text, Hint: hint}
	}
	warn(env, text)
	return nil
}

// reading is a page of a scan. Of a parallel scan the first segment begins the count anew.
func (in *ScanInput) reading() Reading {
	return Reading{
		Table: in.TableName, Index: in.IndexName, Region: in.Region, Consistent: aws.ToBool(in.ConsistentRead), What: scanned(in),
		First: in.Segment == nil || *in.Segment == 0, Later: len(in.ExclusiveStartKey) > 0, Limit: int64(aws.ToInt32(in.Limit)), Called: "scan",
	}
}

// scanned names what is scanned, for the count of what it takes.
func scanned(in *ScanInput) string {
	return strings.Join([]string{in.RegionName, op.TableName(in.TableName), in.IndexName}, "\x00")
}

func warn(env *op.Env, text string) {
	if env.Warn != nil {
		env.Warn(text)
	}
}
