package main

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"slices"
	"testing"
)

// The links of the README lead where they should, and what they carry starts this server.
func TestLinks(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	decode := map[string]func(string) ([]byte, error){
		"cursor.com": base64.StdEncoding.DecodeString,
		"vscode.dev": func(s string) ([]byte, error) { return []byte(s), nil },
	}
	seen := map[string]int{}
	for _, m := range regexp.MustCompile(`\]\((https://(?:cursor\.com|vscode\.dev)/[^)]*)\)`).FindAllStringSubmatch(string(page), -1) {
		u, err := url.Parse(m[1])
		if err != nil {
			t.Fatal(err)
		}
		seen[u.Host]++
		text, err := decode[u.Host](u.Query().Get("config"))
		if err != nil {
			t.Fatalf("%s: %v", m[1], err)
		}
		var e serverEntry
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatalf("%s: %v: %s", m[1], err, text)
		}
		if u.Query().Get("name") == "" || e.Command != "ddb" || len(e.Args) < 2 || e.Args[0] != "serve-mcp" ||
			!slices.Contains(e.Args, "--read-only") && !slices.Contains(e.Args, "--local=memory") {
			t.Errorf("%s carries %+v", m[1], e)
		}
	}
	if seen["cursor.com"] != 2 || seen["vscode.dev"] != 2 {
		t.Errorf("links to %v", seen)
	}
}
