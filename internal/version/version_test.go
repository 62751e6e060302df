package version

import (
	"runtime/debug"
	"testing"
)

func TestResolve(t *testing.T) {
	stamped := func(v, revision string) *debug.BuildInfo {
		info := &debug.BuildInfo{Main: debug.Module{Version: v}}
		if revision != "" {
			info.Settings = []debug.BuildSetting{{Key: "vcs.revision", Value: revision}}
		}
		return info
	}
	tests := []struct {
		name, linked string
		info         *debug.BuildInfo
		want         string
	}{
		{"release", "0.1.0", stamped("(devel)", ""), "0.1.0"},
		{"release with v", "v0.1.0", stamped("v9.9.9", ""), "0.1.0"},
		{"go install", "", stamped("v0.2.0", ""), "0.2.0"},
		{"work tree", "", stamped("(devel)", "3f7cce1d7cf00000000000000000000000000000"), "0.0.0-dev+3f7cce1d7cf0"},
		{"test binary", "", stamped("", ""), "0.0.0-dev"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := resolve(tt.linked, tt.info); got != tt.want {
				t.Errorf("resolve(%q) = %q, want %q", tt.linked, got, tt.want)
			}
		})
	}
	if String() == "" {
		t.Error("String() is empty")
	}
}
