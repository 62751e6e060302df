package cmd

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/insights"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// busyTable makes a table of five items, one of them written often, with four indexes that repeat its key, all counted.
func busyTable(t *testing.T) (*op.Env, *liveTable) {
	t.Helper()
	env := optest.Env(t)
	l := &liveTable{model: &tablefile.Table{Name: "Orders", Insights: "all"}}
	index := func(name string) string {
		return `{"IndexName":"` + name + `","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}`
	}
	var indexes []string
	for _, name := range []string{"ByD", "ByA", "ByC", "ByB"} {
		indexes = append(indexes, index(name))
		l.model.Indexes = append(l.model.Indexes, tablefile.Index{Name: name, Insights: "all"})
	}
	optest.Call(t, env, table.Create, `{"table_name":"Orders","billing_mode":"PAY_PER_REQUEST","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],
		"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"global_secondary_indexes":[`+strings.Join(indexes, ",")+`]}`)
	for _, x := range append([]tablefile.Index{{}}, l.model.Indexes...) {
		optest.Call(t, env, insights.Update, `{"table_name":"Orders","index_name":"`+x.Name+`","contributor_insights_action":"ENABLE"}`)
	}
	for i := range 60 {
		optest.Call(t, env, item.Put, fmt.Sprintf(`{"table_name":"Orders","item":{"pk":{"S":"k%d"},"n":{"N":"%d"}}}`, max(0, i-55), i))
	}
	return env, l
}

// The table comes first and its indexes in their order, each time; an index whose counting has just been turned off is passed over.
func TestDoctorNamesBusyKeysInOrder(t *testing.T) {
	env, l := busyTable(t)
	told := func(env *op.Env) (keys []string) {
		err := (&doctor{}).busy(t.Context(), env, l, func(_, message, _ string) {
			keys = append(keys, strings.SplitN(message, " had ", 2)[0])
		})
		if err != nil {
			t.Fatal(err)
		}
		return keys
	}
	const of = "the partition key k0"
	want := []string{of, of + " of the index ByD", of + " of the index ByA", of + " of the index ByC", of + " of the index ByB"}
	for range 5 {
		if got := told(env); !slices.Equal(got, want) {
			t.Fatalf("told %q, want %q", got, want)
		}
	}
	optest.Call(t, env, insights.Update, `{"table_name":"Orders","index_name":"ByA","contributor_insights_action":"DISABLE"}`)
	if got := told(env); !slices.Equal(got, slices.Concat(want[:2], want[3:])) {
		t.Errorf("with ByA off: %q", got)
	}
}

// What doctor asks passes the gate like every other question.
func TestDoctorAsksForBusyKeysThroughTheGate(t *testing.T) {
	env, l := busyTable(t)
	limited := *env
	limited.Tables = []string{"dev-*"}
	err := (&doctor{}).busy(t.Context(), &limited, l, func(_, message, _ string) { t.Errorf("told %s", message) })
	if err == nil || !strings.Contains(err.Error(), "allow") {
		t.Errorf("beyond the allow-list: %v", err)
	}
}
