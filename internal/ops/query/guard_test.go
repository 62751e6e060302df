package query

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

// guarded is orders with scans watched; what is warned of is kept.
func guarded(t *testing.T, mode string, units float64) (*op.Env, *[]string) {
	t.Helper()
	env := *orders(t)
	warnings := new([]string)
	env.Scans, env.Warn = &op.ScanGuard{Mode: mode, Units: units}, func(text string) { *warnings = append(*warnings, text) }
	return &env, warnings
}

func TestScanGuard(t *testing.T) {
	env, warnings := guarded(t, op.ScanEnforce, 1)
	d, err := table.Describe.Call(t.Context(), env, &table.DescribeInput{TableName: "Orders"})
	if err != nil || *d.TableSizeBytes < 10_000 {
		t.Fatalf("a size to estimate by: %v, %v", d, err)
	}
	e := optest.Fail(t, env, Scan, `{"table_name":"Orders"}`)
	for _, want := range []string{"read units", "$", "1 call", "every six hours", "the budget is 1"} {
		if e.Code != op.CodeScanBudget || !strings.Contains(e.Message, want) {
			t.Errorf("no %q in %s: %s", want, e.Code, e.Message)
		}
	}
	// A part may be read, page by page, until the budget is spent; a new scan begins anew.
	for range 2 {
		rows, one := 0, int32(1)
		_, err = Scan.Each(t.Context(), env, &ScanInput{TableName: "Orders", Limit: &one}, func(Item) error { rows++; return nil })
		var spent *op.Error
		if !errors.As(err, &spent) || spent.Code != op.CodeScanBudget || !strings.Contains(spent.Message, "has taken 1 read units") || rows != 2 {
			t.Errorf("%d rows, then %v", rows, err)
		}
	}
	if len(*warnings) != 0 {
		t.Errorf("warnings %q", *warnings)
	}
	// A limit is judged by what it reads, not by being there.
	env.Scans.Units = 0.5
	for _, args := range []string{`{"table_name":"Orders","limit":1000000}`, `{"table_name":"Orders","limit":1000000,"filter_expression":"attribute_exists(customer)"}`} {
		if e := optest.Fail(t, env, Scan, args); e.Code != op.CodeScanBudget || !strings.Contains(e.Message, "one call with limit 1000000 takes about") || !strings.Contains(e.Hint, "with a limit of ") {
			t.Errorf("%s: %s, %s", args, e.Message, e.Hint)
		}
	}
	env.Scans.Units = 100
	optest.Call(t, env, Scan, `{"table_name":"Orders"}`)
	if e := optest.Fail(t, env, Scan, `{"table_name":"Nowhere"}`); e.Code != "ResourceNotFoundException" {
		t.Errorf("a table that is not there: %#v", e)
	}
}

func TestScanGuardOfAnUnknownSize(t *testing.T) {
	env, warnings := guarded(t, op.ScanEnforce, 1)
	optest.Table(t, env, "Empty", "c:S")
	optest.Call(t, env, Scan, `{"table_name":"Empty"}`)
	if len(*warnings) != 1 || !strings.Contains((*warnings)[0], "0 or not known") {
		t.Errorf("warnings %q", *warnings)
	}
}

func TestScanWarnLeavesTheEmbeddedEngineAlone(t *testing.T) {
	env, warnings := guarded(t, op.ScanWarn, 0.1)
	optest.Call(t, env, Scan, `{"table_name":"Orders"}`)
	if len(*warnings) != 0 {
		t.Errorf("warnings %q", *warnings)
	}
}

// One call reads a megabyte at most, whatever its limit; a part of a table in many calls has no such bound.
func TestPartCost(t *testing.T) {
	d := &types.TableDescription{ItemCount: aws.Int64(1_000_000), TableSizeBytes: aws.Int64(1_000_000_000)}
	for _, tt := range []struct {
		n          int64
		part, page float64
	}{{1, 0.5, 0.5}, {8, 1, 1}, {1000, 122.5, 122.5}, {10_000, 1221, 128}, {10_000_000, 122070.5, 128}} {
		if part, page := PartCost(d, "", false, tt.n).Units, pageCost(d, "", false, tt.n).Units; part != tt.part || page != tt.page {
			t.Errorf("%d items: %v units, and %v in one call", tt.n, part, page)
		}
	}
	if n := mostWithin(d, "", false, 100); n != 819 || pageCost(d, "", false, n).Units > 100 {
		t.Errorf("%d items for 100 units", n)
	}
}
