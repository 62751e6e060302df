package mcp

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

var tokenIn = regexp.MustCompile(`\\"confirm_token\\": \\"([^\\]+)\\"`)

// A client that cannot ask calls twice. The token is good for these arguments, in whatever order, for a time, and once.
func TestConfirmationInTwoSteps(t *testing.T) {
	now := time.Now()
	s := localServer(t, func(o *Options) { remote(o); o.Confirm = ConfirmAlways })
	c := clientOn(t, nil, s)
	s.confirm.tokens.now = func() time.Time { return now }
	first := func() string {
		t.Helper()
		text := textOf(t, callTool(t.Context(), t, c, "delete_item", deleteItem))
		m := tokenIn.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("no token in %s", text)
		}
		return m[1]
	}
	second := func(tool, arguments, token string) string {
		t.Helper()
		return textOf(t, callTool(t.Context(), t, c, tool, strings.TrimSuffix(arguments, "}")+`,"confirm_token":"`+token+`"}`))
	}
	token := first()
	for name, try := range map[string]struct{ tool, arguments, token, want string }{
		"another item":  {"delete_item", strings.Replace(deleteItem, `"1"`, `"2"`, 1), token, "another call"},
		"another tool":  {"delete_table", deleteShop, token, "another call"},
		"a made-up one": {"delete_item", deleteItem, strings.Repeat("A", len(token)), "another call"},
		"no token":      {"delete_item", deleteItem, "x", "cannot be read"},
	} {
		if text := second(try.tool, try.arguments, try.token); !strings.Contains(text, try.want) {
			t.Errorf("%s: %s", name, text)
		}
	}
	now = now.Add(defaultPatience + time.Second)
	if text := second("delete_item", deleteItem, token); !strings.Contains(text, codeTimedOut) {
		t.Errorf("after its time: %s", text)
	}
	token = first()
	if text := second("delete_item", `{"key":{"sk":{"N":"1"},"pk":{"S":"a"}},"table_name":"shop"}`, token); strings.Contains(text, `"error"`) {
		t.Errorf("the very call: %s", text)
	}
	if text := second("delete_item", deleteItem, token); !strings.Contains(text, "used already") {
		t.Errorf("once more: %s", text)
	}
}

// servePipes serves a server over pipes, and gives ways to send a line and to receive a message.
func servePipes(t *testing.T, s *Server) (send func(string), receive func() map[string]any) {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	go func() { _ = s.ServeStdio(t.Context(), inR, outW) }()
	t.Cleanup(func() { _ = inW.Close(); _ = outR.Close() })
	lines := bufio.NewReader(outR)
	send = func(line string) {
		t.Helper()
		if _, err := io.WriteString(inW, line+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	receive = func() map[string]any {
		t.Helper()
		line, err := lines.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	return send, receive
}

// Over stdio a client of an older protocol is sent a request of ours; the four ends of it.
func TestConfirmationOverStdio(t *testing.T) {
	for answer, want := range map[string]string{
		`"result":{"action":"accept","content":{"confirm":true}}`: "ConsumedCapacity",
		`"result":{"action":"decline"}`:                           codeDeclined,
		`"result":{"action":"cancel"}`:                            codeCancelled,
		"":                                                        codeTimedOut,
	} {
		t.Run(want, func(t *testing.T) {
			s := localServer(t, remote)
			if answer == "" {
				s.confirm.patience = time.Millisecond
			}
			send, receive := servePipes(t, s)
			send(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{"elicitation":{}},"clientInfo":{"name":"t","version":"1"}}}`)
			receive()
			send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_table","arguments":` + shop + `}}`)
			receive()
			send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"put_item","arguments":{"table_name":"shop","item":{"pk":{"S":"a"},"sk":{"N":"1"}}}}}`)
			receive()
			send(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"delete_item","arguments":` + deleteItem + `}}`)
			question := receive()
			if question["method"] != "elicitation/create" {
				t.Fatalf("no question but %v", question)
			}
			if answer != "" {
				send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%q,%s}`, question["id"], answer))
			}
			last := receive()
			if last["method"] == "notifications/cancelled" {
				last = receive()
			}
			if text := fmt.Sprint(last); last["id"] != float64(2) || !strings.Contains(text, want) {
				t.Errorf("want %s, got %s", want, text)
			}
		})
	}
}

// The newest protocol has no initialize: the call comes back as a request for input, and is made again with the answer.
func TestConfirmationByRoundTrips(t *testing.T) {
	s := localServer(t, remote)
	send, receive := servePipes(t, s)
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}`
	call := func(tool, arguments, more string) map[string]any {
		t.Helper()
		send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{` + meta + `,"name":"` + tool + `","arguments":` + arguments + more + `}}`)
		answer := receive()
		result, ok := answer["result"].(map[string]any)
		if !ok {
			t.Fatalf("no result: %v", answer)
		}
		return result
	}
	call("create_table", shop, "")
	call("put_item", `{"table_name":"shop","item":{"pk":{"S":"a"},"sk":{"N":"1"}}}`, "")
	asked := call("delete_item", deleteItem, "")
	state, _ := asked["requestState"].(string)
	if asked["resultType"] != "input_required" || state == "" || !strings.Contains(fmt.Sprint(asked["inputRequests"]), "of the table") {
		t.Fatalf("no request for input: %v", asked)
	}
	yes := `,"inputResponses":{"confirm":{"action":"accept","content":{"confirm":true}}},"requestState":"` + state + `"`
	if text := fmt.Sprint(call("delete_table", deleteShop, yes)); !strings.Contains(text, "another call") {
		t.Errorf("the answer for another call: %s", text)
	}
	if text := fmt.Sprint(call("delete_item", deleteItem, yes)); !strings.Contains(text, "ConsumedCapacity") {
		t.Errorf("the answer: %s", text)
	}
	if text := fmt.Sprint(call("delete_item", deleteItem, yes)); !strings.Contains(text, "used already") {
		t.Errorf("the answer once more: %s", text)
	}
}
