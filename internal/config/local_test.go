package config

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestLocalDirectory: --local=DIR keeps its data there and nowhere else, and a mistyped word is refused rather than taken
// for the default store.
func TestLocalDirectory(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	load := func(value string) (Config, error) {
		f := pflag.NewFlagSet("ddb", pflag.ContinueOnError)
		f.String(FlagLocal, "", "")
		if err := f.Parse([]string{"--local=" + value}); err != nil {
			t.Fatal(err)
		}
		return Load(f)
	}
	dir := filepath.Join(t.TempDir(), "store")
	c, err := load(dir)
	if err != nil || !c.Local || c.Memory || c.Data != dir {
		t.Errorf("--local=%s: got local %v, memory %v, data %q, error %v", dir, c.Local, c.Memory, c.Data, err)
	}
	if _, err := load("memry"); err == nil || !strings.Contains(err.Error(), `local "memry" is not known`) {
		t.Errorf("--local=memry: got %v, want a refusal", err)
	}
}
