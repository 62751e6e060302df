package lint

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// releaseFile is the part of .goreleaser.yaml that this package checks.
type releaseFile struct {
	Version int `yaml:"version"`
	Before  struct {
		Hooks []string `yaml:"hooks"`
	} `yaml:"before"`
	Builds []struct {
		Main    string   `yaml:"main"`
		Binary  string   `yaml:"binary"`
		Env     []string `yaml:"env"`
		Goos    []string `yaml:"goos"`
		Goarch  []string `yaml:"goarch"`
		Flags   []string `yaml:"flags"`
		Ldflags []string `yaml:"ldflags"`
	} `yaml:"builds"`
	Archives []struct {
		Files []string `yaml:"files"`
	} `yaml:"archives"`
	Nfpms []struct {
		Formats  []string `yaml:"formats"`
		Contents []struct {
			Src string `yaml:"src"`
			Dst string `yaml:"dst"`
		} `yaml:"contents"`
	} `yaml:"nfpms"`
	Casks []struct {
		Completions map[string]string `yaml:"completions"`
		Manpages    []string          `yaml:"manpages"`
	} `yaml:"homebrew_casks"`
	Checksum struct {
		Algorithm string `yaml:"algorithm"`
	} `yaml:"checksum"`
	SBOMs []struct {
		Artifacts string `yaml:"artifacts"`
	} `yaml:"sboms"`
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestReleaseTargets(t *testing.T) {
	var f releaseFile
	readYAML(t, ".goreleaser.yaml", &f)
	if f.Version != 2 || len(f.Builds) != 1 {
		t.Fatalf("version %d with %d builds, want version 2 with one", f.Version, len(f.Builds))
	}
	b := f.Builds[0]
	if diff := cmp.Diff([]string{"linux", "darwin", "windows"}, b.Goos); diff != "" {
		t.Errorf("goos (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"amd64", "arm64"}, b.Goarch); diff != "" {
		t.Errorf("goarch (-want +got):\n%s", diff)
	}
	if !slices.Contains(b.Env, "CGO_ENABLED=0") || !slices.Contains(b.Flags, "-trimpath") {
		t.Errorf("env %q and flags %q: a release is static and carries no paths", b.Env, b.Flags)
	}
	if _, err := os.Stat(filepath.Join(root, b.Main, "main.go")); err != nil {
		t.Errorf("main %s: %v", b.Main, err)
	}
	if f.Checksum.Algorithm != "sha256" || len(f.SBOMs) == 0 {
		t.Error("a release has sha256 checksums and an SBOM for each archive")
	}
	if len(f.Nfpms) != 1 {
		t.Fatalf("%d nfpms, want one", len(f.Nfpms))
	}
	if diff := cmp.Diff([]string{"deb", "rpm", "apk"}, f.Nfpms[0].Formats); diff != "" {
		t.Errorf("package formats (-want +got):\n%s", diff)
	}
}

// The variable that -X sets must exist, or the linker says nothing and the release has no version.
func TestReleaseVersionVariable(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(root, "internal/version/version.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^var version string$`).Match(source) {
		t.Fatal("internal/version no longer holds `var version string`")
	}
	for _, name := range []string{".goreleaser.yaml", "Dockerfile", "Makefile"} {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(content), "-X "+module+"internal/version.version=") {
			t.Errorf("%s does not set internal/version.version", name)
		}
	}
}

// What a release names must be there: in the tree, or written to man/ by the hook that runs before.
func TestReleaseContentsExist(t *testing.T) {
	var f releaseFile
	readYAML(t, ".goreleaser.yaml", &f)
	if !slices.ContainsFunc(f.Before.Hooks, func(h string) bool { return strings.HasSuffix(h, "./internal/gen -man man") }) {
		t.Errorf("hooks %q: man pages are written before a release", f.Before.Hooks)
	}
	var named []string
	for _, a := range f.Archives {
		named = append(named, a.Files...)
	}
	for _, n := range f.Nfpms {
		for _, c := range n.Contents {
			named = append(named, c.Src)
			if !strings.HasPrefix(c.Dst, "/usr/") {
				t.Errorf("%s is installed to %s, outside /usr", c.Src, c.Dst)
			}
		}
	}
	for _, c := range f.Casks {
		for _, file := range c.Completions {
			named = append(named, file)
		}
	}
	if !slices.Contains(named, "completions/*") || !slices.Contains(named, "man/*") {
		t.Errorf("%q: archives carry completions and man pages", named)
	}
	for _, name := range named {
		if strings.HasPrefix(name, "man/") {
			continue // TestManPages of internal/gen compares these with what it writes
		}
		if found, err := filepath.Glob(filepath.Join(root, name)); err != nil || len(found) == 0 {
			t.Errorf(".goreleaser.yaml names %s, which is not in the tree (%v)", name, err)
		}
	}
}

// The image holds one static file, runs as nobody in particular and says whether it is well. Nothing here builds images,
// so the Dockerfile is read instruction by instruction.
func TestDockerfile(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	final := lastStage(string(content))
	if final["FROM"] != "scratch" {
		t.Errorf("the image is FROM %s, want scratch", final["FROM"])
	}
	if !regexp.MustCompile(`^[1-9][0-9]*:[1-9][0-9]*$`).MatchString(final["USER"]) {
		t.Errorf("USER %q: a number that is not root's, since scratch has no /etc/passwd", final["USER"])
	}
	if !strings.HasSuffix(final["HEALTHCHECK"], `CMD ["/ddb", "local", "status", "--serving"]`) {
		t.Errorf("HEALTHCHECK %q: wants `ddb local status` as a list, since scratch has no shell", final["HEALTHCHECK"])
	}
	if final["ENTRYPOINT"] != `["/ddb"]` {
		t.Errorf("ENTRYPOINT %q", final["ENTRYPOINT"])
	}
	if !strings.Contains(string(content), "CGO_ENABLED=0") {
		t.Error("scratch has no libc: the binary must be built with CGO_ENABLED=0")
	}
	roots := false
	files(t, func(name string, content []byte) {
		roots = roots || strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && strings.Contains(string(content), `"golang.org/x/crypto/x509roots/fallback`)
	})
	if !roots {
		t.Error("scratch has no certificates: some package of the program must import golang.org/x/crypto/x509roots/fallback")
	}
}

// lastStage gives the instructions after the last FROM; where one stands twice, the later counts.
func lastStage(dockerfile string) map[string]string {
	joined := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(dockerfile, "")
	stage := map[string]string{}
	for line := range strings.SplitSeq(joined, "\n") {
		instruction, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(instruction, "#") {
			continue
		}
		if instruction == "FROM" {
			clear(stage)
		}
		stage[instruction] = strings.TrimSpace(rest)
	}
	return stage
}

// Workflows ask for the least: read-only by default, no moving branch of somebody else's action.
func TestWorkflows(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	uses := regexp.MustCompile(`uses: (\S+)`)
	for _, name := range names {
		var workflow struct {
			Permissions map[string]string `yaml:"permissions"`
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			t.Fatal(err)
		}
		readYAML(t, rel, &workflow)
		if diff := cmp.Diff(map[string]string{"contents": "read"}, workflow.Permissions); diff != "" {
			t.Errorf("%s: permissions at the top (-want +got):\n%s", rel, diff)
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range uses.FindAllStringSubmatch(string(content), -1) {
			if !regexp.MustCompile(`@v[0-9]+$`).MatchString(m[1]) {
				t.Errorf("%s uses %s: pin a major version", rel, m[1])
			}
		}
	}
}
