package mcp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/ddb-cli/ddb/internal/op"
)

// remote makes the embedded engine look like the service, about which people are asked.
func remote(o *Options) {
	local := o.Env.Clients
	o.Env.Clients = func(ctx context.Context, region string) (*op.Clients, error) {
		c, err := local(ctx, region)
		if err != nil {
			return nil, err
		}
		far := *c
		far.Embedded = false
		return &far, nil
	}
}

// user answers questions as a person would, and keeps them.
type user struct {
	answer mcp.ElicitationResponse
	asked  []string
}

func (u *user) Elicit(_ context.Context, r mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	u.asked = append(u.asked, r.Params.Message)
	return &mcp.ElicitationResult{ElicitationResponse: u.answer}, nil
}

// clientOf connects a client, whose user is asked where there is one, to a server that holds the table of the refusals.
func clientOf(t *testing.T, u *user, change func(*Options)) *client.Client {
	t.Helper()
	return clientOn(t, u, localServer(t, change))
}

func clientOn(t *testing.T, u *user, s *Server) *client.Client {
	t.Helper()
	var options []client.ClientOption
	if u != nil {
		options = append(options, client.WithElicitationHandler(u))
	}
	c, err := client.NewInProcessClientWithOptions(s.server, options...)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	initialize(t, c)
	for _, call := range [][2]string{{"create_table", shop}, {"put_item", `{"table_name":"shop","item":{"pk":{"S":"a"},"sk":{"N":"1"}}}`}} {
		if result := callTool(t.Context(), t, c, call[0], call[1]); result.IsError {
			t.Fatal(textOf(t, result))
		}
	}
	return c
}

const (
	deleteShop = `{"table_name":"shop"}`
	deleteItem = `{"table_name":"shop","key":{"pk":{"S":"a"},"sk":{"N":"1"}}}`
)

func accept(content map[string]any) mcp.ElicitationResponse {
	return mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionAccept, Content: content}
}

func TestConfirmation(t *testing.T) {
	yes := accept(map[string]any{"confirm": true})
	tests := []struct {
		name, mode string
		far        bool // not the embedded engine
		user       *user
		code       string // of the refusal
		asked      bool
	}{
		{"auto, and the user agrees", ConfirmAuto, true, &user{answer: yes}, "", true},
		{"auto, and the user declines", ConfirmAuto, true, &user{answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}}, codeDeclined, true},
		{"auto, and the user closes the question", ConfirmAuto, true, &user{answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionCancel}}, codeCancelled, true},
		{"auto, and the form is sent without a tick", ConfirmAuto, true, &user{answer: accept(map[string]any{"confirm": false})}, codeDeclined, true},
		{"auto, and the form is sent empty", ConfirmAuto, true, &user{answer: accept(nil)}, codeDeclined, true},
		{"auto, and the client cannot ask", ConfirmAuto, true, nil, "", false},
		{"auto on the embedded engine", ConfirmAuto, false, &user{answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}}, "", false},
		{"always on the embedded engine", ConfirmAlways, false, &user{answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}}, codeDeclined, true},
		{"always, and the user agrees", ConfirmAlways, true, &user{answer: yes}, "", true},
		{"always, and the client cannot ask", ConfirmAlways, true, nil, codeRequired, false},
		{"never", ConfirmNever, true, &user{answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}}, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := clientOf(t, tt.user, func(o *Options) {
				o.Confirm = tt.mode
				if tt.far {
					remote(o)
				}
			})
			result := callTool(t.Context(), t, c, "delete_item", deleteItem)
			text := textOf(t, result)
			if tt.code == "" && result.IsError || tt.code != "" && !strings.Contains(text, `"code": "`+tt.code+`"`) {
				t.Errorf("want %q, got %s", tt.code, text)
			}
			there := strings.Contains(textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"shop"}`)), `"Count": 1`)
			if there != (tt.code != "") {
				t.Errorf("the item is there: %v", there)
			}
			if tt.user != nil && (len(tt.user.asked) == 1) != tt.asked {
				t.Errorf("questions: %q", tt.user.asked)
			}
			if tt.asked && !strings.Contains(tt.user.asked[0], `{"pk":"a","sk":1} of the table "shop"`) {
				t.Errorf("the question does not say what is lost: %s", tt.user.asked[0])
			}
		})
	}
}

// The question before a table goes says what is in it and what would bring it back; a backup is made first where wanted.
func TestConfirmationOfATable(t *testing.T) {
	u := &user{answer: accept(map[string]any{"confirm": true, "backup_first": true})}
	c := clientOf(t, u, func(o *Options) { remote(o); o.Toolsets = []string{toolsetAll} })
	if result := callTool(t.Context(), t, c, "create_backup", `{"table_name":"shop","backup_name":"before"}`); result.IsError {
		t.Fatal(textOf(t, result))
	}
	if result := callTool(t.Context(), t, c, "delete_table", deleteShop); result.IsError {
		t.Fatal(textOf(t, result))
	}
	if len(u.asked) != 1 {
		t.Fatalf("%d questions", len(u.asked))
	}
	for _, want := range []string{`Deletes the table "shop"`, "items", "six hours old", "Point-in-time recovery is off.", "There is 1 backup, which stays."} {
		if !strings.Contains(u.asked[0], want) {
			t.Errorf("no %q in %s", want, u.asked[0])
		}
	}
	list := textOf(t, callTool(t.Context(), t, c, "list_backups", deleteShop))
	if strings.Count(list, `"BackupName"`) != 2 || !strings.Contains(list, "before-delete-") {
		t.Errorf("backups: %s", list)
	}
	if text := textOf(t, callTool(t.Context(), t, c, "describe_table", deleteShop)); !strings.Contains(text, "ResourceNotFound") {
		t.Errorf("the table: %s", text)
	}
}

// What there is nothing to ask about is not asked about, and what is wrong is said before anybody is asked.
func TestNothingIsAskedInVain(t *testing.T) {
	for _, u := range []*user{{answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}}, nil} {
		c := clientOf(t, u, func(o *Options) { o.Confirm, o.Toolsets = ConfirmAlways, []string{toolsetAll} })
		for _, k := range []struct{ tool, args, want string }{
			{"delete_table", `{"table_name":"shopp"}`, "ResourceNotFoundException"},
			{"delete_item", `{"table_name":"shop","key":{}}`, "does not match the schema"},
			{"delete_item", `{"table_name":"shop","key":{"pk":{"S":"none"},"sk":{"N":"1"}}}`, "ConsumedCapacity"},
			{"update_continuous_backups", `{"table_name":"shop","point_in_time_recovery_enabled":false}`, "ContinuousBackupsStatus"},
			{"execute_statement", `{"statement":"DELETE FROM shop WHERE pk='a'"}`, "mandatory equality on all key attributes"},
			{"execute_transaction", `{"transact_statements":[{"Statement":"DELETE FROM shop WHERE pk='a' AND sk=1"},{"Statement":"DELETE FROM shop WHERE sk=1"}]}`, "mandatory equality on all key attributes"},
			{"update_time_to_live", `{"table_name":"shop","time_to_live_specification":{"AttributeName":"gone","Enabled":true}}`, `"AttributeName": "gone"`},
		} {
			if text := textOf(t, callTool(t.Context(), t, c, k.tool, k.args)); !strings.Contains(text, k.want) || strings.Contains(text, tokenParameter) {
				t.Errorf("%s %s: %s", k.tool, k.args, text)
			}
		}
		if u != nil && len(u.asked) > 0 {
			t.Errorf("asked %q", u.asked)
		}
	}
}

// Expiry takes items away: it is asked about, with how many.
func TestExpiryIsAskedAbout(t *testing.T) {
	u := &user{answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}}
	c := clientOf(t, u, func(o *Options) { o.Confirm = ConfirmAlways })
	callTool(t.Context(), t, c, "put_item", `{"table_name":"shop","item":{"pk":{"S":"b"},"sk":{"N":"1"},"gone":{"N":"1700000000"}}}`)
	text := textOf(t, callTool(t.Context(), t, c, "update_time_to_live", `{"table_name":"shop","time_to_live_specification":{"AttributeName":"gone","Enabled":true}}`))
	if !strings.Contains(text, codeDeclined) || len(u.asked) != 1 || !strings.Contains(u.asked[0], "Of its 2 items 1 have a time that has passed") {
		t.Errorf("%s, asked %q", text, u.asked)
	}
	if text := textOf(t, callTool(t.Context(), t, c, "describe_time_to_live", `{"table_name":"shop"}`)); !strings.Contains(text, "DISABLED") {
		t.Errorf("after it was declined: %s", text)
	}
}

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
