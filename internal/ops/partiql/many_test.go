package partiql

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

// TestManyStatements runs statements each by itself and all or none.
func TestManyStatements(t *testing.T) {
	env := optest.Orders(t)
	optest.Call(t, env, ExecuteTransaction, `{"transact_statements":[{"Statement":"INSERT INTO Orders VALUE {'pk':'a'}"},{"Statement":"INSERT INTO Orders VALUE {'pk':'b'}"}]}`)
	out := optest.Call(t, env, BatchExecute, `{"statements":[{"Statement":"SELECT * FROM Orders WHERE pk='a'"},{"Statement":"SELECT * FROM Orders WHERE pk=?","Parameters":[{"S":"c"}]}]}`)
	if text := optest.JSON(t, map[string]any{"Responses": out["Responses"]}); text != `{"Responses":[{"Item":{"pk":{"S":"a"}},"TableName":"Orders"},{"TableName":"Orders"}]}` {
		t.Errorf("batch: %s", text)
	}
	e := optest.Fail(t, env, ExecuteTransaction, `{"transact_statements":[{"Statement":"INSERT INTO Orders VALUE {'pk':'c'}"},{"Statement":"INSERT INTO Orders VALUE {'pk':'b'}"}]}`)
	if e.Code != "TransactionCanceledException" || len(e.Reasons) != 2 || e.Reasons[1].Code != "DuplicateItem" {
		t.Errorf("a duplicate: %#v", e)
	}
}
