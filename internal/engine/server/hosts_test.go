package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine/server"
)

func TestNamesOfThisMachine(t *testing.T) {
	base := startWith(t, server.Options{Hosts: []string{"dynamo.test"}})
	for host, status := range map[string]int{
		"localhost": 200, "LOCALHOST:8000": 200, "a.localhost": 200, "127.0.0.1": 200, "[::1]:8000": 200, "host.docker.internal": 200, "Dynamo.Test:80": 200,
		"evil.example": 403, "localhost.evil.example": 403, "127.0.0.1.evil.example": 403, "dynamo.test.evil.example": 403, "": 403,
		"localhost.": 200, "localhost.:8000": 200, "dynamo.test.": 200, "[::1]": 200, "::1": 200, "[::ffff:127.0.0.1]:80": 200, "0.0.0.0": 200,
		"evil.example.": 403, "localhost:80@evil.example": 400, "localhost@evil.example": 400, "user:1@localhost:80": 400, "xlocalhost": 403, ".": 403, ":8000": 403,
		"127.1": 403, "2130706433": 403, "[localhost": 200, "evil.example:localhost": 403,
	} {
		text := strings.Replace(listTables("Content-Length: 2"), "Host: localhost", "Host: "+host, 1) + "{}"
		res, body := say(t, dial(t, base), text)
		if res.StatusCode != status {
			t.Errorf("Host %q: %d %s, want %d", host, res.StatusCode, body, status)
		}
		if host == "" && !strings.Contains(body, "The Host header is empty: use localhost") {
			t.Errorf("without a name: %s", body)
		}
		if res, _ := say(t, dial(t, base), "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); res.StatusCode != status {
			t.Errorf("GET with Host %q: %d, want %d", host, res.StatusCode, status)
		}
	}
}

func TestOrigins(t *testing.T) {
	some := startWith(t, server.Options{Origins: []string{"http://localhost:3000"}})
	all := startWith(t, server.Options{Origins: []string{"*"}})
	for _, tc := range []struct{ base, origin, want string }{
		{some, "http://localhost:3000", "http://localhost:3000"},
		{some, "http://localhost:3001", ""},
		{some, "null", ""},
		{all, "http://localhost:3001", "*"},
	} {
		res, body := say(t, dial(t, tc.base), listTables("Content-Length: 2", "Origin: "+tc.origin)+"{}")
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != tc.want || body != noTables {
			t.Errorf("origin %s may read: %q, want %q; %s", tc.origin, got, tc.want, body)
		}
		res, _ = say(t, dial(t, tc.base), "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: "+tc.origin+
			"\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-amz-target\r\n\r\n")
		h := res.Header
		allowed := res.StatusCode == http.StatusOK && h.Get("Access-Control-Allow-Methods") == "POST" && h.Get("Access-Control-Allow-Headers") == "x-amz-target"
		if allowed != (tc.want != "") || h.Get("Access-Control-Allow-Origin") != tc.want {
			t.Errorf("preflight of %s: %d %v", tc.origin, res.StatusCode, h)
		}
	}
}
