package cmd

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/local"
)

// localStore is the embedded engine as a command needs it.
type localStore interface {
	Handler() http.Handler
	Close() error
}

// storeHeadroom is the collector's headroom over live memory, in percent, of a process that has the store open. Most of that
// memory is the store's tables and blocks, which hold no pointers: looking at them costs the collector nothing, and headroom
// in proportion to them is memory for nothing (docs/performance.md).
const storeHeadroom = 40

// grownHeadroom is the headroom once the store has outgrown its cache (storage.Options.Grown): each block that is read is loaded into memory
// of its own then, and a small headroom is used up every ten pages of a scan. It is not the usual one, for which easeMemory would lower it again.
const grownHeadroom = 110

// settled is when what a server does only at its start is over, and with it the use of most pages of the binary.
const settled = 200 * time.Millisecond

// easeMemory sets the headroom, unless GOGC has set another, and returns what changes it when the store has grown.
func easeMemory() (grown func()) {
	const usual = 100
	if before := debug.SetGCPercent(storeHeadroom); before != usual {
		debug.SetGCPercent(before)
		return nil
	}
	return func() { debug.SetGCPercent(grownHeadroom) }
}

// openLocal opens the embedded engine the settings ask for, in this process or in the one that has the data folder open
// already. A nil logger says nothing.
func (a *app) openLocal(ctx context.Context, cfg config.Config, logger *slog.Logger) (localStore, error) {
	o := local.Options{Options: engine.Options{Region: cfg.Region, S3Root: cfg.S3Root, Logger: logger}}
	if !cfg.Memory {
		o.Dir = cfg.Data
	}
	o.Storage.Grown = easeMemory()
	store, err := local.Open(ctx, o)
	if err != nil {
		return nil, localError(fmt.Errorf("open the local store: %w", err))
	}
	return store, nil
}
