package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
)

const sample = `
current: dev
output: json
contexts:
  - name: dev
    profile: devprofile
    region: eu-west-1
    table: Orders
  - name: prod.EU
    profile: prod
    region: eu-central-1
    read_only: true
    tables: ["prod-*"]
  - name: toy
    local: memory
profiles:
  - name: prod
    read_only: true
`

func flags() *pflag.FlagSet {
	f := pflag.NewFlagSet("ddb", pflag.ContinueOnError)
	for _, name := range []string{FlagConfig, FlagContext, FlagProfile, FlagRegion, FlagEndpoint, FlagData, FlagTable, FlagOutput, FlagColor} {
		f.String(name, "", "")
	}
	f.String(FlagLocal, "", "")
	f.Lookup(FlagLocal).NoOptDefVal = "disk"
	f.Bool(FlagReadOnly, false, "")
	f.StringSlice(FlagTables, nil, "")
	return f
}

// unset takes a variable out of the environment for the time of the test.
func unset(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // which sees to it that the old value comes back
	if err := os.Unsetenv(name); err != nil {
		t.Fatal(err)
	}
}

// clean empties the environment of what Load looks at, and points the file and the data at a temporary directory.
func clean(t *testing.T, file string) {
	t.Helper()
	for _, names := range variables {
		for _, n := range names {
			unset(t, n)
		}
	}
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("XDG_DATA_HOME", filepath.Join(home, "data"))
	if file == "" {
		return
	}
	if err := os.MkdirAll(filepath.Join(home, "ddb"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "ddb", "config.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPrecedence(t *testing.T) {
	tests := []struct {
		name string
		args []string
		env  map[string]string
		opts []Option
		want Config
	}{
		{
			name: "the current context",
			want: Config{Context: "dev", Profile: "devprofile", Region: "eu-west-1", Table: "Orders", Output: "json"},
		},
		{
			name: "a flag over everything", args: []string{"--region", "a", "--context", "prod.EU"},
			env:  map[string]string{"DDB_REGION": "b", "AWS_REGION": "c"},
			want: Config{Context: "prod.EU", Profile: "prod", Region: "a", Output: "json", ReadOnly: true, ReadOnlyBy: `context "prod.EU"`, Tables: []string{"prod-*"}},
		},
		{
			name: "a named context over DDB_", args: []string{"--context", "prod.EU"}, env: map[string]string{"DDB_REGION": "b"},
			want: Config{Context: "prod.EU", Profile: "prod", Region: "eu-central-1", Output: "json", ReadOnly: true, ReadOnlyBy: `context "prod.EU"`, Tables: []string{"prod-*"}},
		},
		{
			name: "DDB_ over AWS_", env: map[string]string{"DDB_REGION": "b", "AWS_REGION": "c", "DDB_PROFILE": "p"},
			want: Config{Context: "dev", Profile: "p", Region: "b", Table: "Orders", Output: "json"},
		},
		{
			name: "AWS_ over the current context", env: map[string]string{"AWS_DEFAULT_REGION": "c", "AWS_ACCESS_KEY_ID": "k"},
			want: Config{Context: "dev", Region: "c", Table: "Orders", Output: "json"},
		},
		{
			name: "a rule for the profile", env: map[string]string{"AWS_PROFILE": "prod"},
			want: Config{Context: "dev", Region: "eu-west-1", Table: "Orders", Output: "json", ReadOnly: true, ReadOnlyBy: `rule for profile "prod"`},
		},
		{
			name: "read-only off by flag", args: []string{"--context", "prod.EU", "--read-only=false"},
			want: Config{Context: "prod.EU", Profile: "prod", Region: "eu-central-1", Output: "json", Tables: []string{"prod-*"}},
		},
		{
			name: "local by flag", args: []string{"--local=memory"},
			want: Config{Context: "dev", Region: "eu-west-1", Local: true, Memory: true, Table: "Orders", Output: "json"},
		},
		{
			name: "a profile beside local by flag, of which only the rules hold", args: []string{"--local=memory", "--profile", "prod"},
			want: Config{Context: "dev", Region: "eu-west-1", Local: true, Memory: true, Table: "Orders", Output: "json", ReadOnly: true, ReadOnlyBy: `rule for profile "prod"`},
		},
		{
			name: "local by context", args: []string{"--context", "toy"},
			want: Config{Context: "toy", Local: true, Memory: true, Output: "json"},
		},
		{
			name: "an endpoint by flag over local by variable", args: []string{"--endpoint-url", "http://localhost:8000"},
			env:  map[string]string{"DDB_LOCAL": "1"},
			want: Config{Context: "dev", Profile: "devprofile", Region: "eu-west-1", Endpoint: "http://localhost:8000", Table: "Orders", Output: "json"},
		},
		{
			name: "a profile by flag over local by variable", args: []string{"--profile", "x"}, env: map[string]string{"DDB_LOCAL": "1"},
			want: Config{Context: "dev", Profile: "x", Region: "eu-west-1", Table: "Orders", Output: "json"},
		},
		{
			name: "the server does not follow contexts", opts: []Option{ForServer()},
			env:  map[string]string{"DDB_REGION": "b", "DDB_PROFILE": "p", "AWS_REGION": "c", "FASTMCP_LOG_LEVEL": "ERROR"},
			want: Config{Region: "c", Output: "json", LogLevel: "ERROR"},
		},
		{
			name: "the server with a context", opts: []Option{ForServer()}, args: []string{"--context", "dev"},
			want: Config{Context: "dev", Profile: "devprofile", Region: "eu-west-1", Table: "Orders", Output: "json"},
		},
		{
			name: "the server read-only by its variable", opts: []Option{ForServer()}, env: map[string]string{"DDB-MCP-READONLY": "True"},
			want: Config{Output: "json", ReadOnly: true},
		},
		{
			name: "the server read-only by flag", opts: []Option{ForServer()}, args: []string{"--read-only"},
			want: Config{Output: "json", ReadOnly: true, ReadOnlyBy: "--read-only"},
		},
		{
			name: "colour", env: map[string]string{"NO_COLOR": "1"},
			want: Config{Context: "dev", Profile: "devprofile", Region: "eu-west-1", Table: "Orders", Output: "json", Color: "never"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clean(t, sample)
			for k, v := range tt.env {
				t.Setenv(k, v)
			}
			f := flags()
			if err := f.Parse(tt.args); err != nil {
				t.Fatal(err)
			}
			got, err := Load(f, tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Base(got.Path) != "config.yaml" || !strings.HasSuffix(got.Data, filepath.Join("ddb", "local")) {
				t.Errorf("path %q, data %q", got.Path, got.Data)
			}
			got.Path, got.Data = "", ""
			if tt.want.Color == "" {
				tt.want.Color = "auto"
			}
			tt.want.Snapshots = defaultSnapshots
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("config (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	tests := []struct {
		name, file string
		args       []string
		want       string
	}{
		{"an unknown key", "regoin: x\n", nil, "unknown key regoin"},
		{"an unknown key in a context", "contexts:\n  - name: a\n    regoin: x\n", nil, "unknown key regoin in a context"},
		{"no YAML", "a: [\n", nil, "it is not YAML"},
		{"a context without a name", "contexts:\n  - region: x\n", nil, "a context has no name"},
		{"a current context that is not there", "current: b\n", nil, `context "b" is not in`},
		{"a context that is not there", sample, []string{"--context", "Dev"}, `context "Dev" is not in`},
		{"local and an endpoint", "", []string{"--local", "--endpoint-url", "http://x"}, "exclude each other"},
		{"a pattern that cannot be read", "", []string{"--tables", "[a"}, "cannot be read"},
		{"a file that is not there", "", []string{"--config", "/nonexistent/ddb.yaml"}, "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clean(t, tt.file)
			f := flags()
			if err := f.Parse(tt.args); err != nil {
				t.Fatal(err)
			}
			if _, err := Load(f); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestGateSettings(t *testing.T) {
	clean(t, "contexts:\n  - name: dev\n    effects: [read]\n    regions: [\"eu-*\"]\nprofiles:\n  - name: prod\n    effects: [read, write]\n")
	load := func(args ...string) Config {
		t.Helper()
		f := flags()
		f.StringSlice(FlagEffects, nil, "")
		f.StringSlice(FlagRegions, nil, "")
		if err := f.Parse(args); err != nil {
			t.Fatal(err)
		}
		c, err := Load(f)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := load("--context", "dev"); cmp.Diff(c.Effects, []op.Effect{op.Read}) != "" || cmp.Diff(c.Regions, []string{"eu-*"}) != "" {
		t.Errorf("from a context: %v, %v", c.Effects, c.Regions)
	}
	if c := load("--profile", "prod"); cmp.Diff(c.Effects, []op.Effect{op.Read, op.Write}) != "" {
		t.Errorf("from a profile's rule: %v", c.Effects)
	}
	t.Setenv("DDB_REGIONS", "us-east-1, us-west-2")
	t.Setenv("DDB_EFFECTS", "write")
	if c := load(); cmp.Diff(c.Effects, []op.Effect{op.Write}) != "" || cmp.Diff(c.Regions, []string{"us-east-1", "us-west-2"}) != "" {
		t.Errorf("from the environment: %v, %v", c.Effects, c.Regions)
	}
	if c := load("--effects", "read", "--regions", "eu-west-1"); cmp.Diff(c.Effects, []op.Effect{op.Read}) != "" || cmp.Diff(c.Regions, []string{"eu-west-1"}) != "" {
		t.Errorf("from flags: %v, %v", c.Effects, c.Regions)
	}
}
