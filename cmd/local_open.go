package cmd

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/engine"
)

// localStore is the embedded engine as a command needs it.
type localStore interface {
	Handler() http.Handler
	Close() error
}

// openLocal opens the embedded engine the settings ask for. A nil logger says nothing.
func (a *app) openLocal(_ context.Context, cfg config.Config, logger *slog.Logger) (localStore, error) {
	o := engine.Options{Region: cfg.Region, Logger: logger}
	if !cfg.Memory {
		o.Dir = cfg.Data
	}
	store, err := engine.Open(o)
	if err != nil {
		return nil, fmt.Errorf("open the local store: %w", err)
	}
	return store, nil
}
