package mcp

import (
	"encoding/json"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
)

// message is one line from a server.
type message struct {
	ID     int
	Method string
	Params struct {
		ProgressToken   string
		Progress, Total float64
		Message         string
	}
	Result struct {
		IsError           bool
		StructuredContent struct {
			Done   bool
			Status string
		}
	}
}

func (p *pipes) next(t *testing.T) (m message) {
	t.Helper()
	line, err := p.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &m)
	}
	if err != nil {
		t.Fatalf("%v: %.300s", err, line)
	}
	return m
}

func (p *pipes) send(t *testing.T, line string) {
	t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		t.Fatal(err)
	}
}

// slowTables is a server on which a table is made when the test lets time pass.
func slowTables(t *testing.T) (p *pipes, pass func(time.Duration)) {
	t.Helper()
	var later atomic.Int64
	begun := time.Now()
	p = pipesOn(t, engine.Options{Lifecycle: "realistic", Clock: func() time.Time { return begun.Add(time.Duration(later.Load())) }})
	p.ask(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_table","arguments":{"table_name":"slow","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"billing_mode":"PAY_PER_REQUEST"}}}`)
	return p, func(d time.Duration) { later.Add(int64(d)) }
}

// A wait tells how far it is, by name and through call_tool alike, and nothing is told behind its answer.
func TestWaitTellsProgress(t *testing.T) {
	p, pass := slowTables(t)
	p.send(t, `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"wait_for","arguments":{"kind":"table","table_name":"slow"},"_meta":{"progressToken":"w1"}}}`)
	before, told := -1.0, 0
	for {
		m := p.next(t)
		if m.ID == 9 {
			if m.Result.IsError || !m.Result.StructuredContent.Done || m.Result.StructuredContent.Status != "ACTIVE" {
				t.Errorf("it ends with %+v", m.Result)
			}
			break
		}
		if m.Method != "notifications/progress" || m.Params.ProgressToken != "w1" || m.Params.Progress < before || !strings.Contains(m.Params.Message, "table slow: ") {
			t.Errorf("%+v after %v", m, before)
		}
		before = m.Params.Progress
		if told++; told == 3 {
			pass(time.Minute)
		}
	}
	if told < 4 {
		t.Errorf("told %d times", told)
	}
	p.send(t, pingLine)
	if m := p.next(t); m.Method != "" {
		t.Errorf("behind the answer: %+v", m)
	}
}

// Without a token nobody is told, and a wait that is cancelled ends at once: the server is ready for the next.
func TestWaitIsCancelled(t *testing.T) {
	p, pass := slowTables(t)
	p.send(t, `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"wait_for","arguments":{"kind":"table","table_name":"slow","timeout_seconds":3600}}}`)
	p.send(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}`)
	// The id is free only when the call has ended.
	p.send(t, `{"jsonrpc":"2.0","id":10,"method":"tools/call","params":{"name":"wait_for","arguments":{"kind":"table","table_name":"slow","timeout_seconds":1}}}`)
	if m := p.next(t); m.ID != 10 || m.Result.StructuredContent.Done || m.Result.StructuredContent.Status != "CREATING" {
		t.Errorf("a wait that is over before the table is there: %+v", m)
	}
	pass(time.Minute)
	p.send(t, `{"jsonrpc":"2.0","id":11,"method":"tools/call","params":{"name":"wait_for","arguments":{"kind":"table","table_name":"slow"}}}`)
	if m := p.next(t); m.ID != 11 || !m.Result.StructuredContent.Done {
		t.Errorf("afterwards: %+v", m)
	}
}
