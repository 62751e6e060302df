package engine

import (
	"context"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Tend does the housekeeping of this moment, by the engine's clock, without waiting for its next turn: states that are due
// change, items that have expired are deleted, change logs are trimmed. It is for programs that set the clock. Errors are
// the store's, or storage.ErrClosed after Close.
func (e *Engine) Tend(ctx context.Context) error {
	if !e.enter() {
		return storage.ErrClosed
	}
	defer e.active.Done()
	return e.tendOnce(ctx, e.opts.Clock())
}
