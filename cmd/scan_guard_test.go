package cmd_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ddb-cli/ddb/cmd"
)

// A large table is not read by accident: a script needs --yes, a person is asked, and what cannot become large is not.
func TestLargeTablesAreNotScannedByAccident(t *testing.T) {
	home(t)
	var scans atomic.Int32
	profiles(t, map[string]http.HandlerFunc{"big": func(w http.ResponseWriter, r *http.Request) {
		_, target, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		switch target {
		case "DescribeTable":
			answer(w, 200, `{"Table":{"TableName":"Big","TableStatus":"ACTIVE","ItemCount":1000000000,"TableSizeBytes":1099511627776,
				"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}}`)
		case "Scan", "ExecuteStatement", "Query":
			scans.Add(1)
			answer(w, 200, `{"Items":[{"id":{"S":"a"}}],"Count":1,"ScannedCount":1}`)
		default:
			answer(w, 400, `{"__type":"ValidationException","message":"`+target+`"}`)
		}
	}})
	for _, tt := range []struct {
		line  string
		code  int
		calls int32
	}{
		{"scan Big", 5, 0},
		{"scan Big --count", 5, 0},
		{"scan Big --filter n=1 --limit 3", 5, 0},
		{"scan Big --yes", 0, 1},
		{"scan Big --limit 3", 0, 1},
		{"scan Big --limit 1000000", 5, 0},
		{"scan Big --max-items-read 1000000 --filter n=1", 5, 0},
		{"scan Big --max-items-read 3 --filter n=1", 0, 1},
		{"scan Big --scan-guard off", 0, 1},
		{"scan Big --segment 0 --total-segments 1000", 0, 1},
		{"scan Big --start-key {\"id\":\"a\"}", 0, 1},
		{"query Big a", 0, 1},
		{"query Big --where n=1", 5, 0},
		{"update Big --where n=1 --set m=1 --yes", 5, 0},
		{"delete Big --where n=1 --yes", 5, 0},
		{"sql SELECT*FROM(Big)", 0, 1},
	} {
		scans.Store(0)
		args := append(strings.Fields(tt.line), "--profile", "big")
		if args[0] == "sql" {
			args[1] = "SELECT * FROM Big WHERE id = 'a'"
		}
		got := run(t, "", nil, args...)
		if got.code != tt.code || scans.Load() != tt.calls {
			t.Errorf("%s: exit code %d and %d calls, want %d and %d: %s", tt.line, got.code, scans.Load(), tt.code, tt.calls, got.err)
		}
		if tt.code == 5 && (!strings.Contains(got.err, "1.0 TB in 1,048,576 calls") && !strings.Contains(got.err, "1000000 items of Big would be read: about 1.0 GB in 1,049 calls") || got.out != "") {
			t.Errorf("%s: %s%s", tt.line, got.out, got.err)
		}
	}
	if got := run(t, "", nil, "sql", "SELECT * FROM Big WHERE n = 1", "--profile", "big"); got.code != 5 {
		t.Errorf("a SELECT without the key: %+v", got)
	}

	if got := run(t, "", nil, "sql", "SELECT * FROM Big WHERE n = 1", "--max-items-read", "3", "--profile", "big"); got.code != 0 {
		t.Errorf("a part of a SELECT without the key: %+v", got)
	}

	scans.Store(0)
	got := run(t, "n\n", terminal, "scan", "Big", "--filter", "n=1", "--profile", "big")
	if got.code != 5 || scans.Load() != 0 || !strings.Contains(got.err, "134,217,728 read units, $16.78 on demand. Go on? [y/N]") {
		t.Errorf("no: %+v", got)
	}
	if got := run(t, "y\n", terminal, "scan", "Big", "--filter", "n=1", "--profile", "big"); got.code != 0 || scans.Load() != 1 {
		t.Errorf("yes: %+v", got)
	}
	if got := run(t, "", func(s *cmd.IO) { terminal(s); s.InTerminal = true }, "scan", "Big", "--profile", "big"); got.code != 0 || strings.Contains(got.err, "Go on?") {
		t.Errorf("a look at a hundred items: %+v", got)
	}
}
