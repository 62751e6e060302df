package cmd_test

import (
	"bytes"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/cmd"
)

// result is what a run left behind.
type result struct {
	code     int
	out, err string
}

// run runs ddb in process; change may make the streams a terminal's.
func run(t testing.TB, input string, change func(*cmd.IO), args ...string) result {
	t.Helper()
	var out, errOut bytes.Buffer
	streams := &cmd.IO{In: strings.NewReader(input), Out: &out, Err: &errOut}
	if change != nil {
		change(streams)
	}
	code := cmd.Run(t.Context(), args, streams)
	return result{code, out.String(), errOut.String()}
}

func terminal(s *cmd.IO) { s.InTerminal, s.OutTerminal, s.ErrTerminal, s.Width = true, true, true, 60 }

// home keeps the tests away from the machine's own settings.
func home(t *testing.T) (local string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, dir)
	}
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "DDB_LOCAL", "NO_COLOR"} {
		t.Setenv(name, "")
	}
	return "--local=" + filepath.Join(dir, "store")
}

func must(t testing.TB, r result) result {
	t.Helper()
	if r.code != 0 {
		t.Fatalf("exit code %d: %s%s", r.code, r.out, r.err)
	}
	return r
}

func TestAPortInUse(t *testing.T) {
	home(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	got := run(t, "", nil, "local", "start", "--port", port, "--in-memory")
	if got.code != 1 || !strings.Contains(got.err, port) || got.out != "" {
		t.Errorf("%+v", got)
	}
}

func TestADamagedStore(t *testing.T) {
	local := home(t)
	must(t, run(t, "", nil, "table", "create", "Orders", "--keys", "id:S", local))
	must(t, run(t, "", nil, "put", "Orders", `{"id":"a"}`, local))
	damaged := 0
	err := filepath.WalkDir(strings.TrimPrefix(local, "--local="), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(filepath.Base(path), "MANIFEST") {
			damaged++
			return os.WriteFile(path, []byte("nonsense"), 0o600)
		}
		return err
	})
	if err != nil || damaged == 0 {
		t.Fatalf("%d files damaged: %v", damaged, err)
	}
	got := run(t, "", nil, "get", "Orders", "a", local)
	if got.code != 1 || !strings.Contains(got.err, "ddb: hint:") || got.out != "" {
		t.Errorf("%+v", got)
	}
}
