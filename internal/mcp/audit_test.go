package mcp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
)

// auditSink is a log that can be made to fail.
type auditSink struct {
	mu   sync.Mutex
	text strings.Builder
	full bool
}

func (a *auditSink) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.full {
		return 0, errors.New("no space left on device")
	}
	return a.text.Write(p)
}

func (a *auditSink) fill(full bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.full = full
}

// lines reads what was written, and starts anew.
func (a *auditSink) lines(t *testing.T) []auditLine {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []auditLine
	in := bufio.NewScanner(strings.NewReader(a.text.String()))
	for in.Scan() {
		var line auditLine
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatalf("%v: %s", err, in.Text())
		}
		list = append(list, line)
	}
	a.text.Reset()
	return list
}

// TestAuditTellsEachCall makes calls of each kind and looks for their line as soon as they are answered.
func TestAuditTellsEachCall(t *testing.T) {
	sink := &auditSink{}
	c := localClient(t, func(o *Options) { o.Audit, o.Toolsets = sink, []string{toolsetAll} })
	library(t, c, 2)
	sink.lines(t)
	for _, k := range []struct{ tool, args, effect, outcome, tables string }{
		{"get_item", `{"table_name":"books","key":{"shelf":{"S":"secret-shelf"},"n":{"N":"1"}}}`, "read", "ok", "books"},
		{"put_item", `{"table_name":"arn:aws:dynamodb:us-west-2:000000000000:table/books","item":{"shelf":{"S":"secret-shelf"},"n":{"N":"1"}}}`, "write", "ok", "books"},
		{"delete_item", `{"table_name":"books","key":{"shelf":{"S":"secret-shelf"},"n":{"N":"1"}}}`, "destroy", "ok", "books"},
		{"execute_statement", `{"statement":"SELECT * FROM books WHERE shelf = 'secret-shelf'"}`, "read", "ok", "books"},
		{"execute_statement", `{"statement":"DELETE FROM books WHERE shelf = 'secret-shelf' AND n = 1"}`, "destroy", "ok", "books"},
		{"batch_get_item", `{"request_items":{"books":{"Keys":[{"shelf":{"S":"secret-shelf"},"n":{"N":"1"}}]},"nowhere":{"Keys":[{"a":{"S":"secret-shelf"}}]}}}`, "read", "ResourceNotFoundException", "books nowhere"},
		{"scan", `{"table_name":"books","max_items":1}`, "read", "ok", "books"},
		{"get_item", `{"table_name":"books","kee":{"shelf":{"S":"secret-shelf"}}}`, "read", op.CodeInvalidArgument, ""},
	} {
		callTool(t.Context(), t, c, k.tool, k.args)
		lines := sink.lines(t)
		if len(lines) != 1 {
			t.Fatalf("%s: %d lines", k.tool, len(lines))
		}
		l := lines[0]
		if l.Tool != k.tool || l.Effect != k.effect || l.Outcome != k.outcome || strings.Join(l.Tables, " ") != k.tables || l.Time == "" {
			t.Errorf("%s %s: %+v", k.tool, k.args, l)
		}
		if text, _ := json.Marshal(l); strings.Contains(string(text), "secret-shelf") {
			t.Errorf("item data in %s", text)
		}
		if k.outcome == "ok" && !strings.HasPrefix(k.tool, "execute") && l.Capacity == 0 {
			t.Errorf("%s: no capacity in %+v", k.tool, l)
		}
	}
}

func TestAuditItems(t *testing.T) {
	sink := &auditSink{}
	c := localClient(t, func(o *Options) { o.Audit, o.AuditItems = sink, true })
	callTool(t.Context(), t, c, "describe_table", `{"table_name":"books"}`)
	if lines := sink.lines(t); len(lines) != 1 || string(lines[0].Arguments) != `{"table_name":"books"}` {
		t.Errorf("%+v", lines)
	}
}

// TestNothingIsChangedUnaccounted fills the disk of the log: reads go on, what changes something is refused until a line
// can be written again, and then the log says how many are missing.
func TestNothingIsChangedUnaccounted(t *testing.T) {
	sink := &auditSink{}
	c := localClient(t, func(o *Options) { o.Audit = sink })
	library(t, c, 1)
	sink.lines(t)
	put := func(n int) string {
		return textOf(t, callTool(t.Context(), t, c, "put_item", fmt.Sprintf(`{"table_name":"books","item":{"shelf":{"S":"b"},"n":{"N":"%d"}}}`, n)))
	}
	sink.fill(true)
	callTool(t.Context(), t, c, "list_tables", `{}`)
	if text := put(1); !strings.Contains(text, codeAudit) || !strings.Contains(text, "no space left") {
		t.Errorf("the write gives %s", text)
	}
	if text := textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"books"}`)); !strings.Contains(text, `"Count": 1`) {
		t.Errorf("the refused write was done, or reads are refused: %.300s", text)
	}
	sink.fill(false)
	if text := put(2); strings.Contains(text, "error") {
		t.Errorf("afterwards the write gives %s", text)
	}
	if lines := sink.lines(t); len(lines) != 2 || lines[0].Outcome != "AuditLogResumed" || lines[1].Tool != "put_item" {
		t.Errorf("the log has %+v", lines)
	}
}

// TestAuditNamesTheToken looks for who called over HTTP, and for what would let anybody in.
func TestAuditNamesTheToken(t *testing.T) {
	sink := &auditSink{}
	f := serveOverHTTP(t, "", func(o *Options, h *HTTPOptions) {
		o.Audit, h.Grants = sink, []Grant{{Name: "reader", Digest: digestOf("reader-token"), Gate: op.Gate{ReadOnly: true}}}
	})
	c := f.connect(t, "reader-token")
	callTool(t.Context(), t, c, "delete_table", `{"table_name":"books"}`)
	text := sink.text.String()
	lines := sink.lines(t)
	if len(lines) != 1 || lines[0].Token != "reader" || lines[0].Outcome != op.CodeReadOnly || lines[0].Session == "" {
		t.Errorf("%s", text)
	}
	if strings.Contains(text, "reader-token") || strings.Contains(text, c.GetSessionId()) {
		t.Errorf("the log lets its reader in: %s", text)
	}
}
