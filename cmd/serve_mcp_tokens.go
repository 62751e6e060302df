package cmd

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/mcp"
)

// tokensEvery is how often the file of tokens is looked at, without being read.
const tokensEvery = time.Second

// readGrants turns a file of tokens into what the server knows of them.
func readGrants(path string) ([]mcp.Grant, error) {
	tokens, err := config.ReadTokens(path)
	if err != nil {
		return nil, err
	}
	grants := make([]mcp.Grant, len(tokens))
	for i, t := range tokens {
		digest, err := t.Digest()
		if err != nil {
			return nil, err
		}
		end, err := t.End()
		if err != nil {
			return nil, err
		}
		grants[i] = mcp.Grant{
			Name: t.Name, Digest: digest, Gate: t.Gate(),
			Toolsets: t.Toolsets, Tools: t.Tools, Exclude: t.ExcludeTools, Rate: t.Rate, Expires: end,
		}
	}
	return grants, nil
}

// tokenFile watches the file of tokens.
type tokenFile struct {
	path   string
	state  fileState // as it was when it was read
	seen   fileState // when it was last looked at
	use    func([]mcp.Grant) error
	logger *slog.Logger
}

// fileState tells one content of a file from the next without reading it.
type fileState struct {
	size     int64
	modified time.Time
	missing  bool
}

func stateOf(path string) fileState {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{missing: true}
	}
	return fileState{size: info.Size(), modified: info.ModTime()}
}

// watch reads the file again when it has changed, and at a SIGHUP, until ctx is done.
func (f *tokenFile) watch(ctx context.Context) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGHUP)
	defer signal.Stop(asked)
	tick := time.NewTicker(tokensEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
			f.read(stateOf(f.path))
		case <-tick.C:
			f.look()
		}
	}
}

// look reads the file where it has changed and then was left alone for one look: an editor may be amid writing it.
func (f *tokenFile) look() {
	now := stateOf(f.path)
	settled := now == f.seen
	f.seen = now
	if settled && now != f.state {
		f.read(now)
	}
}

// read takes up the tokens. What cannot be used leaves those that were read before in force: a mistake in the file must lock nobody out
// and let nobody in.
func (f *tokenFile) read(now fileState) {
	f.state, f.seen = now, now
	grants, err := readGrants(f.path)
	if err == nil {
		err = f.use(grants)
	}
	if err != nil {
		f.logger.Error("the file of tokens has changed and cannot be used: the tokens read before stay in force", "file", f.path, "error", err)
	}
}
