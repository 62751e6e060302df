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

// guardScan asks the guard before a page of a scan. The first page is judged by an estimate of the whole, later ones by
// what the pages before them took.
func guardScan(ctx context.Context, env *op.Env, in *ScanInput) error {
	g := env.Scans
	what := scanned(in)
	if len(in.ExclusiveStartKey) > 0 {
		spent := g.Spent(what)
		if spent < g.Units {
			return nil
		}
		text := fmt.Sprintf("this scan has taken %s read units over its pages, and the budget is %s (--scan-budget)", grouped(spent), grouped(g.Units))
		if g.Mode == op.ScanEnforce {
			return &op.Error{Code: op.CodeScanBudget, Message: text, Hint: "use query with the partition key or an index, or ask whoever started ddb for a larger budget"}
		}
		warn(env, text)
		return nil
	}
	if in.Segment == nil || *in.Segment == 0 {
		g.Begin(what)
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: in.TableName, Region: in.Region})
	_, bytes := size(d, in.IndexName)
	if err != nil || bytes == 0 {
		warn(env, fmt.Sprintf("what this scan takes cannot be estimated: the size of %s is 0 or not known (%s); it is stopped by nothing but what its pages take", in.TableName, staleness))
		return nil //nolint:nilerr // without a description there is no estimate; the scan itself says what is wrong
	}
	cost := ScanCost(d, in.IndexName, aws.ToBool(in.ConsistentRead))
	if cost.Units <= g.Units {
		return nil
	}
	text := fmt.Sprintf("scanning all of it takes %s, by a size that may be old (%s); the budget is %s read units (--scan-budget)", cost, staleness, grouped(g.Units))
	if g.Mode == op.ScanEnforce && in.Limit == nil {
		return &op.Error{
			Code: op.CodeScanBudget, Message: "this scan is not made: " + text,
			Hint: "use query with the partition key or an index; with limit a part can be read, within the budget",
		}
	}
	warn(env, text)
	return nil
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
