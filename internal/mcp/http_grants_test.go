package mcp

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
)

func bearing(token, session string) map[string]string {
	h := map[string]string{"Authorization": "Bearer " + token}
	if session != "" {
		h["Mcp-Session-Id"] = session
	}
	return h
}

// TestHTTPTokensChange takes a token away, changes another and adds a third while all have sessions that are listened to: only the
// token that stays as it is keeps its own.
func TestHTTPTokensChange(t *testing.T) {
	kept := Grant{Name: "kept", Digest: digestOf("kept-token"), Gate: op.Gate{Tables: []string{"dev-*"}}}
	changed := Grant{Name: "changed", Digest: digestOf("changed-token")}
	f := serveOverHTTP(t, "", func(_ *Options, h *HTTPOptions) {
		h.Grants = []Grant{kept, changed, {Name: "gone", Digest: digestOf("gone-token")}}
	})
	sessions, streams := map[string]string{}, map[string]<-chan struct{}{}
	for _, name := range []string{"kept", "changed", "gone"} {
		sessions[name] = f.begin(t, bearing(name+"-token", ""))
		streams[name] = f.listen(t, sessions[name], "Authorization", "Bearer "+name+"-token")
	}
	narrowed := changed
	narrowed.Gate.ReadOnly = true
	same := kept
	same.Gate.Tables = []string{"dev-*"} // equal, and not the same slice
	if err := f.server.SetGrants([]Grant{narrowed, {Name: "new", Digest: digestOf("new-token")}, same}); err != nil {
		t.Fatal(err)
	}
	closes(t, "the stream of the token that is gone", streams["gone"])
	closes(t, "the stream of the token that may do less", streams["changed"])
	for _, c := range []struct {
		token, session string
		status         int
	}{
		{"kept", sessions["kept"], http.StatusOK},
		{"gone", sessions["gone"], http.StatusUnauthorized},
		{"gone", "", http.StatusUnauthorized},
		{"changed", sessions["changed"], http.StatusNotFound},
	} {
		if resp, text := f.send(t, http.MethodPost, endpointPath, pingLine, bearing(c.token+"-token", c.session)); resp.StatusCode != c.status {
			t.Errorf("%s after the change: %s %s, want %d", c.token, resp.Status, text, c.status)
		}
	}
	select {
	case <-streams["kept"]:
		t.Error("the stream of the token that stayed was ended")
	default:
	}
	for token, want := range map[string]string{"changed": op.CodeReadOnly, "new": "CREATING"} {
		headers := bearing(token+"-token", f.begin(t, bearing(token+"-token", "")))
		_, text := f.send(t, http.MethodPost, endpointPath, `{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"create_table","arguments":`+shop+`}}`, headers)
		if !strings.Contains(text, want) {
			t.Errorf("%s: %.300s; want %s", token, text, want)
		}
	}
	for name, grants := range map[string][]Grant{
		"none": nil, "an unknown toolset": {kept, {Name: "x", Digest: digestOf("x-token"), Toolsets: []string{"itme"}}},
	} {
		if err := f.server.SetGrants(grants); err == nil {
			t.Errorf("%s: no error", name)
		}
		if resp, _ := f.send(t, http.MethodPost, endpointPath, pingLine, bearing("kept-token", sessions["kept"])); resp.StatusCode != http.StatusOK {
			t.Errorf("after %s: %s", name, resp.Status)
		}
	}
}

// TestHTTPTokenExpires listens with a token until it ends.
func TestHTTPTokenExpires(t *testing.T) {
	f := serveOverHTTP(t, "", func(_ *Options, h *HTTPOptions) {
		h.Grants = []Grant{{Name: "short", Digest: digestOf("short-token"), Expires: time.Now().Add(2 * time.Second)}}
	})
	closes(t, "the stream of an expired token", f.listen(t, f.begin(t, bearing("short-token", "")), "Authorization", "Bearer short-token"))
	if resp, _ := f.send(t, http.MethodPost, endpointPath, initializeLine, bearing("short-token", "")); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("an expired token: %s", resp.Status)
	}
}
