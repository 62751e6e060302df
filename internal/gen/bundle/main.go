// Command bundle makes what stores of MCP servers take: a bundle (.mcpb) for each platform, which an assistant installs with one
// click, and server.json, which announces them to the MCP registry. It builds the program itself, and the same sources
// give the same bytes.
//
//	go run ./internal/gen/bundle -version 1.2.3 -out bundles
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
)

func main() {
	version := flag.String("version", "", "the release, such as 1.2.3")
	out := flag.String("out", "bundles", "folder to write into")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *version, *out)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bundle: error:", err)
		os.Exit(1)
	}
}

// platforms are those of the release.
var platforms = []platform{
	{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
}

type platform struct{ os, arch string }

// program is the file's name inside a bundle.
func (p platform) program() string {
	if p.os == "windows" {
		return "ddb.exe"
	}
	return "ddb"
}

func (p platform) bundle(version string) string {
	return fmt.Sprintf("ddb_%s_%s_%s.mcpb", version, p.os, p.arch)
}

var semantic = regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)

func run(ctx context.Context, version, out string) error {
	if !semantic.MatchString(version) {
		return fmt.Errorf("-version %q: a release is named like 1.2.3", version)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	sums := map[platform]string{}
	for _, p := range platforms {
		binary := filepath.Join(out, p.os+"-"+p.arch+"-"+p.program())
		if err := build(ctx, p, version, binary); err != nil {
			return err
		}
		text, err := os.ReadFile(binary)
		if err != nil {
			return err
		}
		if sums[p], err = writeBundle(filepath.Join(out, p.bundle(version)), p, version, text); err != nil {
			return err
		}
		if err := os.Remove(binary); err != nil {
			return err
		}
	}
	text, err := serverJSON(version, sums)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "server.json"), text, 0o644)
}

// build makes the program as .goreleaser.yaml does.
func build(ctx context.Context, p platform, version, out string) error {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w -X github.com/ddb-cli/ddb/internal/version.version="+version, "-o", out, "./cmd/ddb")
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch)
	if text, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go build for %s/%s (run bundle in the module's root): %w\n%s", p.os, p.arch, err, text)
	}
	return nil
}
