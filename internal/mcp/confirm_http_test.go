package mcp

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
)

// Over HTTP a user is asked, or a token given, as over stdio.
func TestConfirmationOverHTTP(t *testing.T) {
	yes := accept(map[string]any{"confirm": true})
	no := mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}
	for _, tt := range []struct {
		name, mode string
		user       *user
		code       string
		asked      bool
	}{
		{"auto, and the user agrees", ConfirmAuto, &user{answer: yes}, "", true},
		{"auto, and the user declines", ConfirmAuto, &user{answer: no}, codeDeclined, true},
		{"auto, and the client cannot ask", ConfirmAuto, nil, "", false},
		{"always, and the user closes the question", ConfirmAlways, &user{answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionCancel}}, codeCancelled, true},
		{"always, and the client cannot ask", ConfirmAlways, nil, codeRequired, false},
		{"never", ConfirmNever, &user{answer: no}, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := serveOverHTTP(t, "", func(o *Options, _ *HTTPOptions) { o.Confirm = tt.mode; remote(o) })
			own := &http.Transport{}
			defer own.CloseIdleConnections()
			way, err := transport.NewStreamableHTTP(f.base+endpointPath, transport.WithHTTPBasicClient(&http.Client{Transport: own}))
			if err != nil {
				t.Fatal(err)
			}
			var options []client.ClientOption
			if tt.user != nil {
				options = append(options, client.WithElicitationHandler(tt.user))
			}
			c := client.NewClient(way, options...)
			if err := c.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			initialize(t, c)
			for _, call := range [][2]string{{"create_table", shop}, {"put_item", `{"table_name":"shop","item":{"pk":{"S":"a"},"sk":{"N":"1"}}}`}} {
				if result := callTool(t.Context(), t, c, call[0], call[1]); result.IsError {
					t.Fatal(textOf(t, result))
				}
			}
			text := textOf(t, callTool(t.Context(), t, c, "delete_item", deleteItem))
			if tt.code == "" && strings.Contains(text, `"error"`) || tt.code != "" && !strings.Contains(text, `"code": "`+tt.code+`"`) {
				t.Errorf("want %q, got %s", tt.code, text)
			}
			if tt.user != nil && (len(tt.user.asked) > 0) != tt.asked {
				t.Errorf("asked %q", tt.user.asked)
			}
			there := strings.Contains(textOf(t, callTool(t.Context(), t, c, "scan", `{"table_name":"shop"}`)), `"Count": 1`)
			if there != (tt.code != "") {
				t.Errorf("the item is there: %v", there)
			}
			if tt.code != codeRequired {
				return
			}
			token := regexp.MustCompile(`confirm_token\W+([\w-]{20,})`).FindStringSubmatch(text)
			if token == nil {
				t.Fatalf("no token in %s", text)
			}
			again := strings.TrimSuffix(deleteItem, "}") + `,"confirm_token":"` + token[1] + `"}`
			if result := callTool(t.Context(), t, c, "delete_item", again); result.IsError {
				t.Errorf("with the token: %s", textOf(t, result))
			}
			if result := callTool(t.Context(), t, c, "delete_item", again); !result.IsError {
				t.Error("the token was good twice")
			}
		})
	}
}
