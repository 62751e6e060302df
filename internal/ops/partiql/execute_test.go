package partiql

import (
	"fmt"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestExecute(t *testing.T) {
	env := optest.Orders(t)
	optest.Call(t, env, Execute, `{"statement":"INSERT INTO Orders VALUE {'pk': ?, 'n': 1}","parameters":[{"S":"a"}]}`)
	optest.Call(t, env, Execute, `{"statement":"UPDATE Orders SET n = 2 WHERE pk = 'a'"}`)
	got := optest.Call(t, env, Execute, `{"statement":"SELECT * FROM Orders WHERE pk = ?","parameters":"[{\"S\":\"a\"}]"}`)
	if text := optest.JSON(t, got["Items"]); text != `[{"n":{"N":"2"},"pk":{"S":"a"}}]` || got["ConsumedCapacity"] == nil {
		t.Errorf("select: %s", optest.JSON(t, got))
	}
	optest.Call(t, env, Execute, `{"statement":"DELETE FROM Orders WHERE pk = 'a'"}`)
	got = optest.Call(t, env, Execute, `{"statement":"SELECT * FROM Orders"}`)
	if list, _ := got["Items"].([]any); len(list) != 0 {
		t.Errorf("after delete: %s", optest.JSON(t, got))
	}
}

func TestExecuteAllPages(t *testing.T) {
	env := optest.Orders(t)
	for n := range 7 {
		optest.Call(t, env, Execute, fmt.Sprintf(`{"statement":"INSERT INTO Orders VALUE {'pk': '%d'}"}`, n))
	}
	two, rows := int32(2), 0
	if _, err := Execute.Each(t.Context(), env, &ExecuteInput{Statement: "SELECT * FROM Orders", Limit: &two}, func(Item) error { rows++; return nil }); err != nil {
		t.Fatal(err)
	}
	if rows != 7 {
		t.Errorf("%d rows, want 7", rows)
	}
}

func TestExecuteErrors(t *testing.T) {
	env := optest.Orders(t)
	if e := optest.Fail(t, env, Execute, `{"statement":"SELEKT"}`); e.Code != "ValidationException" {
		t.Errorf("what is no PartiQL: %#v", e)
	}
	if e := optest.Fail(t, env, Execute, `{"statement":"SELECT * FROM Ordes"}`); e.Code != "ResourceNotFoundException" || e.Hint != `did you mean "Orders"?` {
		t.Errorf("a table that is not there: %#v", e)
	}
}

// TestEffectOfWhatCannotBeRead: a statement that is no PartiQL is destructive only if it could be a DELETE.
func TestEffectOfWhatCannotBeRead(t *testing.T) {
	for statement, want := range map[string]op.Effect{
		"SELEC * FROM Orders": op.Write, "SELECT * FROM": op.Write, "delete Orders": op.Destroy, "-- why\nDelete nothing": op.Destroy,
	} {
		if got := Execute.EffectOf(&ExecuteInput{Statement: statement}); got != want {
			t.Errorf("%q has effect %v, want %v", statement, got, want)
		}
	}
}
