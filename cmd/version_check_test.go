package cmd

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestVersionCheck(t *testing.T) {
	asked := 0
	answer := func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"tag_name":"v999.1.0"}`)) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; answer(w) }))
	t.Cleanup(server.Close)
	before := releasesURL
	releasesURL = server.URL
	t.Cleanup(func() { releasesURL = before })
	run := func(args ...string) (int, string, string) {
		var out, errOut bytes.Buffer
		code := newApp(&IO{In: bytes.NewReader(nil), Out: &out, Err: &errOut}).run(t.Context(), args)
		return code, out.String(), errOut.String()
	}
	if code, _, _ := run("version"); code != 0 || asked != 0 {
		t.Errorf("version: exit code %d, asked %d times; nothing is asked without --check", code, asked)
	}
	if code, out, errOut := run("version", "--check"); code != 7 || !strings.Contains(errOut, "999.1.0") || strings.Contains(out, "999") {
		t.Errorf("a newer release: exit code %d, out %q, err %q", code, out, errOut)
	}
	answer = func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) }
	if code, _, errOut := run("version", "--check"); code != 0 || !strings.Contains(errOut, "newest") {
		t.Errorf("no release: exit code %d, err %q", code, errOut)
	}
	answer = func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) }
	if code, _, errOut := run("version", "--check"); code != 1 || !strings.Contains(errOut, "502") {
		t.Errorf("a failing server: exit code %d, err %q", code, errOut)
	}
	answer = func(w http.ResponseWriter) { _, _ = w.Write([]byte("<html>")) }
	if code, _, _ := run("version", "--check"); code != 1 {
		t.Errorf("no JSON: exit code %d", code)
	}
}

func TestNewer(t *testing.T) {
	for _, c := range []struct {
		than, ours string
		want       bool
	}{
		{"1.2.3", "1.2.2", true},
		{"1.2.3", "1.2.3", false},
		{"1.10.0", "1.9.9", true},
		{"1.2.3", "1.2.3-dev", true},
		{"1.2.3-rc1", "1.2.3", false},
		{"0.9.0", "1.0.0", false},
		{"", "0.0.0-dev", false},
		{"v2.0.0", "1.0.0+abc", true},
	} {
		if got := newer(c.than, c.ours); got != c.want {
			t.Errorf("newer(%q, %q) = %v", c.than, c.ours, got)
		}
	}
}
