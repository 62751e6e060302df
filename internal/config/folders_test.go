package config

import (
	"os"
	"path/filepath"
	"testing"
)

func folder(t *testing.T, parts ...string) string {
	t.Helper()
	path := filepath.Join(parts...)
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestClaudePackage finds the settings of a program that Windows keeps in a place of its own.
func TestClaudePackage(t *testing.T) {
	local := t.TempDir()
	if got := claudePackage(local); got != "" {
		t.Errorf("without a package: %s", got)
	}
	first := folder(t, local, "Packages", "Claude_aaa")
	if got := claudePackage(local); got != filepath.Join(first, "LocalCache", "Roaming") {
		t.Errorf("of one that was not started yet: %s", got)
	}
	used := folder(t, local, "Packages", "Claude_pzs", "LocalCache", "Roaming", "Claude")
	if got := claudePackage(local); got != filepath.Dir(used) {
		t.Errorf("of two: %s", got)
	}
}

// TestLMStudio follows the file in which LM Studio notes its folder.
func TestLMStudio(t *testing.T) {
	home := t.TempDir()
	if got := lmStudio(home); got != "" {
		t.Errorf("without it: %s", got)
	}
	old := folder(t, home, ".cache", "lm-studio")
	if got := lmStudio(home); got != old {
		t.Errorf("the folder of before: %s", got)
	}
	folder(t, home, ".lmstudio")
	if got := lmStudio(home); got != "" {
		t.Errorf("the usual folder: %s", got)
	}
	other := folder(t, home, "models")
	pointer := filepath.Join(home, ".lmstudio-home-pointer")
	for text, want := range map[string]string{other + "\n": other, filepath.Join(home, "gone"): "", "models": "", "": ""} {
		if err := os.WriteFile(pointer, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := lmStudio(home); got != want {
			t.Errorf("%q leads to %q", text, got)
		}
	}
}
