package table

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestList(t *testing.T) {
	env := optest.Env(t)
	for _, name := range []string{"dev-a", "dev-b", "prod-a"} {
		orders(t, env, name)
	}
	if got := optest.JSON(t, optest.Call(t, env, List, `{}`)); got != `{"LastEvaluatedTableName":null,"TableNames":["dev-a","dev-b","prod-a"]}` {
		t.Errorf("all: %s", got)
	}
	if got := optest.JSON(t, optest.Call(t, env, List, `{"limit":"2"}`)); got != `{"LastEvaluatedTableName":"dev-b","TableNames":["dev-a","dev-b"]}` {
		t.Errorf("a page: %s", got)
	}
	if got := optest.JSON(t, optest.Call(t, env, List, `{"exclusive_start_table_name":"dev-b"}`)); got != `{"LastEvaluatedTableName":null,"TableNames":["prod-a"]}` {
		t.Errorf("the next: %s", got)
	}
	limited := *env
	limited.Tables = []string{"prod-*"}
	if got := optest.JSON(t, optest.Call(t, &limited, List, `{}`)); got != `{"LastEvaluatedTableName":null,"TableNames":["prod-a"]}` {
		t.Errorf("under an allow-list: %s", got)
	}
}

func TestListAllPages(t *testing.T) {
	env := optest.Env(t)
	names := []string{"aaa", "bbb", "ccc", "ddd", "eee"}
	for _, name := range names {
		orders(t, env, name)
	}
	two := int32(2)
	var got []string
	total, err := List.Each(t.Context(), env, &ListInput{Limit: &two}, func(name string) error {
		got = append(got, name)
		return nil
	})
	if err != nil || total.LastEvaluatedTableName != nil {
		t.Errorf("total %v, %v", total, err)
	}
	if diff := cmp.Diff(names, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	got = nil
	total, err = List.Each(t.Context(), env, &ListInput{Limit: &two}, func(name string) error {
		got = append(got, name)
		if len(got) == 3 {
			return op.ErrStop
		}
		return nil
	})
	if err != nil || strings.Join(got, " ") != "aaa bbb ccc" || *total.LastEvaluatedTableName != "ccc" {
		t.Errorf("stopped at three: %v, %v, %v", got, total, err)
	}
}
