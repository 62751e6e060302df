package partiql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestSelectsThatReadEverythingAreWatched(t *testing.T) {
	env := optest.Env(t)
	optest.Call(t, env, table.Create, `{"table_name":"Orders","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"}],
		"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"global_secondary_indexes":[{"IndexName":"ByS","KeySchema":[{"AttributeName":"s","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`)
	for n := range 4 {
		optest.Call(t, env, Execute, fmt.Sprintf(`{"statement":"INSERT INTO Orders VALUE {'pk':'%d','s':'x','note':'%s'}"}`, n, strings.Repeat("z", 5000)))
	}
	tests := []struct {
		statement string
		watched   bool
	}{
		{"SELECT * FROM Orders", true},
		{"SELECT * FROM Orders WHERE s = 'x'", true},
		{"SELECT * FROM Orders WHERE pk > '1'", true},
		{"SELECT * FROM Orders WHERE pk = '1' OR s = 'x'", true},
		{`SELECT * FROM \"Orders\".\"ByS\"`, true},
		{`SELECT * FROM \"Orders\".\"ByS\" WHERE pk = '1'`, true},
		{"SELECT * FROM Orders WHERE pk = '1'", false},
		{"SELECT * FROM Orders WHERE pk IN ['1','2'] AND s = 'x'", false},
		{`SELECT * FROM \"Orders\".\"ByS\" WHERE s = 'x'`, false},
		{"UPDATE Orders SET n = 1 WHERE pk = '1'", false},
	}
	guarded := func(mode string, units float64) (*op.Env, *[]string) {
		watched, warnings := *env, new([]string)
		watched.Scans, watched.Warn = &op.ScanGuard{Mode: mode, Units: units}, func(text string) { *warnings = append(*warnings, text) }
		return &watched, warnings
	}
	for _, tt := range tests {
		arguments := `{"statement":"` + tt.statement + `"}`
		strict, _ := guarded(op.ScanEnforce, 1)
		if !tt.watched {
			optest.Call(t, strict, Execute, arguments)
			continue
		}
		e := optest.Fail(t, strict, Execute, arguments)
		for _, want := range []string{"SELECT without a partition key is not made", "read units", "$", "1 call", "every six hours", "the budget is 1"} {
			if e.Code != op.CodeScanBudget || !strings.Contains(e.Message, want) {
				t.Errorf("%s: no %q in %s: %s", tt.statement, want, e.Code, e.Message)
			}
		}
		roomy, _ := guarded(op.ScanEnforce, 1000)
		optest.Call(t, roomy, Execute, arguments)
		quiet, warnings := guarded(op.ScanWarn, 1)
		optest.Call(t, quiet, Execute, arguments)
		if len(*warnings) != 0 {
			t.Errorf("%s: a warning about the embedded engine: %q", tt.statement, *warnings)
		}
	}
	// With a limit it is read page by page, until the budget is spent.
	strict, warnings := guarded(op.ScanEnforce, 1)
	rows, one := 0, int32(1)
	_, err := Execute.Each(t.Context(), strict, &ExecuteInput{Statement: "SELECT * FROM Orders", Limit: &one}, func(Item) error { rows++; return nil })
	if err == nil || !strings.Contains(err.Error(), "has taken 1 read units") || rows != 1 || len(*warnings) != 0 {
		t.Errorf("%d rows, %q, then %v", rows, *warnings, err)
	}
	// In batches and transactions the service has none of them, and neither has the engine.
	if text := optest.JSON(t, optest.Call(t, env, BatchExecute, `{"statements":[{"Statement":"SELECT * FROM Orders"}]}`)); !strings.Contains(text, "ValidationError") {
		t.Errorf("in a batch: %s", text)
	}
	if e := optest.Fail(t, env, ExecuteTransaction, `{"transact_statements":[{"Statement":"SELECT * FROM Orders WHERE s = 'x'"}]}`); !strings.Contains(e.Message+fmt.Sprint(e.Reasons), "ValidationE") && e.Code != "ValidationException" {
		t.Errorf("in a transaction: %#v", e)
	}
}
