// Package version knows which ddb this is: a release carries its version through -ldflags, a build by `go install
// module@version` carries it in its build information, and a build from a work tree names the commit. A leaf package, so
// that the terminal, the MCP server and the engine say the same.
package version

import (
	"runtime/debug"
	"strings"
	"sync"
)

// version is set by the release build: -ldflags "-X github.com/ddb-cli/ddb/internal/version.version=0.1.0".
var version string

var resolved = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return resolve(version, info)
})

// String is the version without a leading v, "0.1.0", or "0.0.0-dev+<commit>" for a build from a work tree.
// It is never empty, and it is a semantic version in every case: MCP clients and package tools compare it.
func String() string { return resolved() }

func resolve(linked string, info *debug.BuildInfo) string {
	if linked != "" {
		return strings.TrimPrefix(linked, "v")
	}
	// Since Go 1.24 the toolchain stamps a tagged or pseudo version on a work tree too; "(devel)" means it knew nothing.
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return strings.TrimPrefix(v, "v")
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "0.0.0-dev+" + s.Value[:12]
		}
	}
	return "0.0.0-dev"
}
