package dynamo

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Profiles come from both files; sections of another kind are none.
func TestProfiles(t *testing.T) {
	dir := isolate(t)
	config := "[default]\nregion = eu-west-1\n[profile dev] ; mine\n  [profile  prod]\n[sso-session corp]\nsso_region = x\n[services local]\n[profile \"two words\"]\n# [profile no]\n[broken\n"
	credentials := "[default]\naws_access_key_id = a\n[ci]\n[dev]\n"
	for name, text := range map[string]string{"config": config, "credentials": credentials} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv(map[string]string{"config": "AWS_CONFIG_FILE", "credentials": "AWS_SHARED_CREDENTIALS_FILE"}[name], filepath.Join(dir, name))
	}
	if got, want := Profiles(), []string{"ci", "default", "dev", "prod", "two words"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "nothing"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "nothing"))
	if got := Profiles(); len(got) != 0 {
		t.Errorf("without files: %q", got)
	}
}
