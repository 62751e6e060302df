package main

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
)

// The marks between which the README's one-click links stand.
const (
	linksBegin = "<!-- START LINKS (go generate) -->\n"
	linksEnd   = "<!-- END LINKS -->\n"
)

// serverEntry is the server as an assistant's link carries it.
type serverEntry struct {
	Name    string   `json:"name,omitempty"`
	Command string   `json:"command"`
	Args    []string `json:"args"`
}

// writeLinks writes the links that put the server into an assistant by one click: read-only, and a sandbox.
func writeLinks(page string) error {
	var text strings.Builder
	for _, one := range []struct {
		title, name string
		args        []string
	}{
		{"read-only", "dynamodb", []string{"serve-mcp", "--read-only"}},
		{"a sandbox without an account", "dynamodb-sandbox", []string{"serve-mcp", "--local=memory"}},
	} {
		cursor, code, err := links(one.name, one.args)
		if err != nil {
			return err
		}
		text.WriteString("- " + one.title + ": [Cursor](" + cursor + "), [VS Code](" + code + ")\n")
	}
	return between(page, linksBegin, linksEnd, "\n"+text.String()+"\n")
}

// links are the addresses by which Cursor and VS Code take a server (cursor.com/docs/mcp/install-links; VS Code's redirect of
// vscode:mcp/install, which web pages may link to).
func links(name string, args []string) (cursor, code string, err error) {
	entry, err := json.Marshal(serverEntry{Command: "ddb", Args: args})
	if err != nil {
		return "", "", err
	}
	cursor = "https://cursor.com/en/install-mcp?" + url.Values{"name": {name}, "config": {base64.StdEncoding.EncodeToString(entry)}}.Encode()
	code = "https://vscode.dev/redirect/mcp/install?" + url.Values{"name": {name}, "config": {string(entry)}}.Encode()
	return cursor, code, nil
}
