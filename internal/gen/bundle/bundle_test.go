package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
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

// What the registry's schema of 2025-12-11 and its rules for bundles ask for.
func TestServerJSON(t *testing.T) {
	sums := map[platform]string{}
	for i, p := range platforms {
		sums[p] = strings.Repeat(string(rune('a'+i)), 64)
	}
	text, err := serverJSON("1.2.3", sums)
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		Schema                            string `json:"$schema"`
		Name, Title, Description, Version string
		Packages                          []registryPackage
	}
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$`).MatchString(e.Name) || len(e.Description) == 0 || len(e.Description) > 100 || e.Version != "1.2.3" || len(e.Title) > 100 {
		t.Errorf("%+v", e)
	}
	if len(e.Packages) != len(platforms) {
		t.Fatalf("%d packages for %d platforms", len(e.Packages), len(platforms))
	}
	sum, address := regexp.MustCompile(`^[a-f0-9]{64}$`), regexp.MustCompile(`^https://github\.com/ddb-cli/ddb/releases/download/v1\.2\.3/ddb_1\.2\.3_\w+_\w+\.mcpb$`)
	for _, p := range e.Packages {
		// The registry wants "mcp" in the address of a bundle, which its ending has.
		if p.RegistryType != "mcpb" || !sum.MatchString(p.FileSHA256) || !address.MatchString(p.Identifier) || p.Transport["type"] != "stdio" {
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
}
