package query

import (
	"errors"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

// guarded is the shop with scans watched; what is warned of is kept.
func guarded(t *testing.T, mode string, units float64) (*op.Env, *[]string) {
	t.Helper()
	env := *shop(t)
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
	if len(*warnings) != 2 {
		t.Errorf("warnings %q", *warnings)
	}
	env.Scans.Units = 100
	optest.Call(t, env, Scan, `{"table_name":"Orders"}`)
	if e := optest.Fail(t, env, Scan, `{"table_name":"Nowhere"}`); e.Code != "ResourceNotFoundException" {
		t.Errorf("a table that is not there: %#v", e)
	}
}

func TestScanGuardOfAnUnknownSize(t *testing.T) {
	env, warnings := guarded(t, op.ScanEnforce, 1)
	optest.Call(t, env, table.Create, `{"table_name":"Empty","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"c","AttributeType":"S"}],"key_schema":[{"AttributeName":"c","KeyType":"HASH"}]}`)
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
