package cmd_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// Where contributor insights count them, doctor tells of the busiest partition keys of a table and of its indexes.
func TestDoctorNamesBusyKeys(t *testing.T) {
	home(t)
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	srv := httptest.NewServer(e.Handler())
	defer srv.Close()
	t.Setenv("AWS_ENDPOINT_URL", srv.URL)
	t.Setenv("AWS_REGION", "eu-west-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "x")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "id:S", "--index", "ByA=a:S", "--pitr", "--wait"))
	busy := func() string {
		return must(t, run(t, "", nil, "doctor", "--jq", `select(.check == "hot-partition").message`, "-o", "jsonl")).out
	}
	put := func(index string, n int) {
		var items strings.Builder
		for i := range n {
			fmt.Fprintf(&items, `{"id":"%s-%d","a":%q}`+"\n", index, i, index)
		}
		must(t, run(t, items.String(), nil, "put", "Orders", "-"))
	}
	put("before", 60)
	if got := busy(); got != "" {
		t.Errorf("nothing is counted, and doctor tells %s", got)
	}
	must(t, run(t, "", nil, "insights", "update", "Orders", "--action", "ENABLE"))
	must(t, run(t, "", nil, "insights", "update", "Orders", "--action", "ENABLE", "--index", "ByA"))
	for i := range 5 {
		put(fmt.Sprint("quiet", i), 2)
	}
	if got := busy(); got != "" {
		t.Errorf("a few accesses are no hot partition, and doctor tells %s", got)
	}
	put("one", 60)
	got := strings.Split(strings.TrimSpace(busy()), "\n")
	if len(got) != 1 || !strings.Contains(got[0], "the partition key one of the index ByA had 8") {
		t.Errorf("doctor tells %q", got)
	}
	for range 25 {
		must(t, run(t, "", nil, "update", "Orders", "one-1", "--add", "n=1"))
	}
	if got := busy(); !strings.Contains(got, "the partition key one-1 had ") {
		t.Errorf("doctor tells %q", got)
	}
	if got := must(t, run(t, "", nil, "doctor", "--skip", "hot-partition", "-o", "json")); strings.Contains(got.out, "hot-partition") {
		t.Errorf("a check that was left out tells %s", got.out)
	}
}
