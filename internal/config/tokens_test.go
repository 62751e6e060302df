package config

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const longEnough = "0123456789abcdef0123456789abcdef"

func writeTokens(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tokens.yaml")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadTokens(t *testing.T) {
	sum := sha256.Sum256([]byte("another token of good length"))
	tokens, err := ReadTokens(writeTokens(t, `
tokens:
  - name: owner
    token: `+longEnough+`
    expires: 2027-01-31
  - {name: reader, sha256: `+hex.EncodeToString(sum[:])+`, read_only: true, tables: ["dev-*", orders], toolsets: default, exclude_tools: [scan], rate: 5}
`, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	if len(tokens) != 2 || tokens[0].Name != "owner" || !tokens[1].ReadOnly || len(tokens[1].Tables) != 2 || tokens[1].Toolsets[0] != "default" || tokens[1].Rate != 5 {
		t.Errorf("read as %+v", tokens)
	}
	if digest, err := tokens[1].Digest(); err != nil || digest != sum {
		t.Errorf("digest %x, %v", digest, err)
	}
	if end, err := tokens[0].End(); err != nil || !end.Equal(time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("ends %s, %v", end, err)
	}
	one, err := ReadTokens(writeTokens(t, longEnough+"\n", 0o600))
	if err != nil || len(one) != 1 || one[0].Token != longEnough {
		t.Errorf("one token by itself: %+v, %v", one, err)
	}
}

func TestReadTokensRefuses(t *testing.T) {
	entry := func(members string) string { return "tokens:\n  - {" + members + "}\n" }
	for name, k := range map[string]struct {
		text, says string
		mode       os.FileMode
	}{
		"nothing":               {"", "no tokens", 0o600},
		"no list":               {"tokens: []", "no tokens", 0o600},
		"no YAML":               {"tokens: [" + longEnough, "not YAML", 0o600},
		"an unknown member":     {entry("name: a, token: " + longEnough + ", readonly: true"), "not known", 0o600},
		"a member with nothing": {entry("name: a, tables: , token: " + longEnough), "no value", 0o600},
		"an empty list":         {entry("name: a, tables: [], token: " + longEnough), "no value", 0o600},
		"an unknown effect":     {entry("name: a, effects: [look], token: " + longEnough), "not known", 0o600},
		"no name":               {entry("token: " + longEnough), "no name", 0o600},
		"a short token":         {entry("name: a, token: secret"), "shorter than 20", 0o600},
		"no token":              {entry("name: a"), "token or sha256", 0o600},
		"both":                  {entry("name: a, sha256: abc, token: " + longEnough), "token or sha256", 0o600},
		"no digest":             {entry("name: a, sha256: abc"), "64 hexadecimal", 0o600},
		"no time":               {entry("name: a, expires: tomorrow, token: " + longEnough), "no time", 0o600},
		"a glob":                {entry("name: a, tables: ['[a'], token: " + longEnough), "table pattern", 0o600},
		"one token twice":       {entry("name: a, token: "+longEnough) + "  - {name: b, token: " + longEnough + "}", "same as", 0o600},
		"one name twice":        {entry("name: a, token: "+longEnough) + "  - {name: a, token: x" + longEnough + "}", "there twice", 0o600},
		"readable by everybody": {entry("name: a, token: " + longEnough), "everybody may read it", 0o644},
	} {
		t.Run(name, func(t *testing.T) {
			if k.mode == 0o644 && runtime.GOOS == "windows" {
				t.Skip("modes say nothing on Windows")
			}
			_, err := ReadTokens(writeTokens(t, k.text, k.mode))
			if err == nil || !strings.Contains(err.Error(), k.says) {
				t.Fatalf("%v; want %q", err, k.says)
			}
			if strings.Contains(err.Error(), longEnough) || strings.Contains(err.Error(), "secret") {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
}
