package cmd

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/engine/local"
	"github.com/ddb-cli/ddb/internal/op"
)

// localCommands run and look after the embedded engine as a server.
func localCommands(a *app) []*cobra.Command {
	return []*cobra.Command{localStart(a), localStop(a), localStatus(a), localReset(a), localSnapshots(a)}
}

func localStop(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "stop", Short: "Stop the server on this machine's data", Args: cobra.NoArgs,
		Long: "Stop the server that ddb local start runs on the data folder. What it has begun is answered first.", Example: example("ddb local stop"),
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			err = local.Stop(cfg.Data)
			if errors.Is(err, local.ErrNoServer) {
				return &op.Error{Code: "ResourceNotFoundException", Message: "no server is running on " + cfg.Data, Hint: "start one with: ddb local start", Cause: err}
			}
			return localError(err)
		},
	}
}

func localReset(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "reset", Short: "Empty the local store: all tables, backups and history", Args: cobra.NoArgs,
		Long: "Empty the local store. On a terminal ddb asks first; in a script --yes is needed. Nothing else in the folder is touched.", Example: example("ddb local reset --yes"),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			if cfg.ReadOnly {
				return &op.Error{Code: op.CodeReadOnly, Message: "read-only mode is on (set by " + cfg.ReadOnlyBy + ")"}
			}
			if a.dryRun() {
				a.io.notef("ddb: this would empty the local store in %s", cfg.Data)
				return nil
			}
			if state, err := local.Status(cfg.Data); err == nil && !state.Exists {
				return localError(local.Reset(cfg.Data)) // there is nothing to ask about
			}
			if err := a.confirm(c.Context(), op.Spec{Tool: "local_reset", Title: "Emptying the local store in " + cfg.Data}, nil, nil); err != nil {
				return err
			}
			return localError(local.Reset(cfg.Data))
		},
	}
}
