package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestBundle(t *testing.T) {
	for _, p := range platforms {
		file := filepath.Join(t.TempDir(), p.bundle("1.2.3"))
		sum, err := writeBundle(file, p, "1.2.3", []byte("the program"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := writeBundle(file, p, "1.2.3", []byte("the program"))
		if err != nil || again != sum {
			t.Errorf("the same sources give %s and %s, %v", sum, again, err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if hash := sha256.Sum256(text); hex.EncodeToString(hash[:]) != sum {
			t.Errorf("the sum is not the file's")
		}
		z, err := zip.OpenReader(file)
		if err != nil {
			t.Fatal(err)
		}
		members := map[string]*zip.File{}
		for _, f := range z.File {
			members[f.Name] = f
		}
		var m struct {
			ManifestVersion string `json:"manifest_version"`
			Version         string
			Server          struct {
				Type       string
				EntryPoint string `json:"entry_point"`
				MCPConfig  struct {
					Command string
					Args    []string
					Env     map[string]string
				} `json:"mcp_config"`
			}
			Tools         []struct{ Name, Description string }
			UserConfig    map[string]struct{ Type, Title, Description string } `json:"user_config"`
			Compatibility struct{ Platforms []string }
		}
		if err := json.Unmarshal(read(t, members["manifest.json"]), &m); err != nil {
			t.Fatal(err)
		}
		program := members[m.Server.EntryPoint]
		if program == nil || string(read(t, program)) != "the program" || program.Mode().Perm() != 0o755 {
			t.Fatalf("%s: the entry point %q is not the program", p, m.Server.EntryPoint)
		}
		if m.Server.MCPConfig.Command != "${__dirname}/"+m.Server.EntryPoint || m.Server.MCPConfig.Args[0] != "serve-mcp" {
			t.Errorf("%s: it starts %s %v", p, m.Server.MCPConfig.Command, m.Server.MCPConfig.Args)
		}
		used := map[string]bool{}
		for name, value := range m.Server.MCPConfig.Env {
			setting := strings.TrimSuffix(strings.TrimPrefix(value, "${user_config."), "}")
			used[setting] = true
			if _, ok := m.UserConfig[setting]; !ok {
				t.Errorf("%s: %s is %s, which nobody is asked for", p, name, value)
			}
		}
		for name, s := range m.UserConfig {
			if !used[name] || s.Title == "" || s.Description == "" {
				t.Errorf("%s: the setting %s: used %v, %+v", p, name, used[name], s)
			}
		}
		if m.ManifestVersion != "0.3" || m.Version != "1.2.3" || m.Server.Type != "binary" || len(m.Tools) != 31 {
			t.Errorf("%s: %+v", p, m)
		}
		want := map[string]string{"windows": "win32", "darwin": "darwin", "linux": "linux"}[p.os]
		if len(m.Compatibility.Platforms) != 1 || m.Compatibility.Platforms[0] != want {
			t.Errorf("%s: platforms %v", p, m.Compatibility.Platforms)
		}
		if err := z.Close(); err != nil {
			t.Error(err)
		}
	}
}

func read(t *testing.T, f *zip.File) []byte {
	t.Helper()
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What the registry's schema and its rules for bundles ask for.
func TestServerJSON(t *testing.T) {
	sums := map[platform]string{}
	for i, p := range platforms {
		sums[p] = strings.Repeat(string(rune('a'+i)), 64)
	}
	text, err := serverJSON("1.2.3", sums)
	if err != nil {
		t.Fatal(err)
	}
	if faults := registryFaults(t, text); len(faults) > 0 {
		t.Errorf("the registry refuses it: %q", faults)
	}
	var e registryEntry
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	if e.Version != "1.2.3" || len(e.Packages) != len(platforms) {
		t.Fatalf("version %q, %d packages for %d platforms", e.Version, len(e.Packages), len(platforms))
	}
	address := regexp.MustCompile(`^https://github\.com/ddb-cli/ddb/releases/download/v1\.2\.3/ddb_1\.2\.3_\w+_\w+\.mcpb$`)
	for _, p := range e.Packages {
		if !address.MatchString(p.Identifier) {
			t.Errorf("%+v", p)
		}
	}
	delete(sums, platforms[0])
	if _, err := serverJSON("1.2.3", sums); err == nil {
		t.Error("an entry without a bundle is written")
	}
	for _, version := range []string{"", "latest", "v1.2.3", "1.2"} {
		if err := run(t.Context(), version, t.TempDir()); err == nil {
			t.Errorf("version %q is taken", version)
		}
	}
	// The rules are ones that can be broken.
	for _, k := range []struct{ old, now, fault string }{
		{`"name": "io.github.ddb-cli/ddb"`, `"name": "ddb"`, "name"},
		{`"version": "1.2.3"`, `"version": "^1.2.3"`, "version"},
		{`"description": "Amazon`, `"description": "` + strings.Repeat("x", 100) + `Amazon`, "description"},
		{`"title": "DynamoDB"`, `"title": ""`, "title"},
		{`"source": "github"`, `"sauce": "github"`, "repository.source"},
		{`"fileSha256": "a`, `"fileSha256": "A`, "packages[0].fileSha256"},
		{`"registryType": "mcpb"`, `"registryType": ""`, "packages[0].registryType"},
		{`"type": "stdio"`, `"type": "pipe"`, "packages[0].transport.type"},
		{`"name": "AWS_PROFILE"`, `"title": "AWS_PROFILE"`, "packages[0].environmentVariables[0].name"},
		{"https://github.com/ddb-cli/ddb/releases", "http://github.com/ddb-cli/ddb/releases", "packages[0].identifier"},
		{"2025-12-11", "2024-01-01", "$schema"},
	} {
		broken := strings.Replace(string(text), k.old, k.now, 1)
		if faults := registryFaults(t, []byte(broken)); broken == string(text) || !slices.Contains(faults, k.fault) {
			t.Errorf("%s in the place of %s: %q; want %s", k.now, k.old, faults, k.fault)
		}
	}
}

// registryFaults names the members that break the registry's schema of 2025-12-11, or its further rules for bundles: an address by https that has
// "mcp" in it, and a sum.
func registryFaults(t *testing.T, text []byte) (faults []string) {
	t.Helper()
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	at := func(path ...any) any {
		value := doc
		for _, step := range path {
			switch step := step.(type) {
			case string:
				members, _ := value.(map[string]any)
				value = members[step]
			case int:
				list, _ := value.([]any)
				if step >= len(list) {
					return nil
				}
				value = list[step]
			}
		}
		return value
	}
	wants := func(name, pattern string, least, most int, path ...any) {
		value, ok := at(path...).(string)
		if n := len([]rune(value)); !ok || n < least || n > most || !regexp.MustCompile(pattern).MatchString(value) {
			faults = append(faults, name)
		}
	}
	wants("$schema", `^https://static\.modelcontextprotocol\.io/schemas/2025-12-11/server\.schema\.json$`, 1, 255, "$schema")
	wants("name", `^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$`, 3, 200, "name")
	wants("title", ``, 1, 100, "title")
	wants("description", ``, 1, 100, "description")
	wants("version", `^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`, 1, 255, "version")
	wants("websiteUrl", `^https://\S+$`, 1, 255, "websiteUrl")
	wants("repository.url", `^https://\S+$`, 1, 255, "repository", "url")
	wants("repository.source", `^github$`, 1, 255, "repository", "source")
	packages, _ := at("packages").([]any)
	for i := range packages {
		in := fmt.Sprintf("packages[%d].", i)
		wants(in+"registryType", `^mcpb$`, 1, 255, "packages", i, "registryType")
		wants(in+"identifier", `^https://\S*mcp\S*$`, 1, 2048, "packages", i, "identifier")
		wants(in+"fileSha256", `^[a-f0-9]{64}$`, 64, 64, "packages", i, "fileSha256")
		wants(in+"transport.type", `^stdio$`, 1, 255, "packages", i, "transport", "type")
		variables, _ := at("packages", i, "environmentVariables").([]any)
		for n := range variables {
			wants(fmt.Sprintf("%senvironmentVariables[%d].name", in, n), `^[A-Z][A-Z0-9_]*$`, 1, 255, "packages", i, "environmentVariables", n, "name")
		}
	}
	return faults
}
