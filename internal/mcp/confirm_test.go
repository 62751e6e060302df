package mcp

import (
	"context"
	"strings"
	"testing"

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
