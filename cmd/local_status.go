package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/engine/local"
	"github.com/ddb-cli/ddb/internal/op"
)

func localStatus(a *app) *cobra.Command {
	var (
		serving bool
		wait    time.Duration
	)
	c := &cobra.Command{
		Use: "status", Short: "Show the local store: where, how large, who has it open", Args: cobra.NoArgs,
		Long: "Show the local store without opening it: where it is, how large and how old, which version wrote it, who has it open, and where a server listens.\nThe exit code is 0 whether or not a server runs, unless --serving asks for one, as a health check does: then it is 3 where no server answers, after --wait if that is given. --query server is null where none does.", Example: example("ddb local status\nddb local status --query size\nddb local status --serving --wait 10s"),
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			state, err := local.Status(cfg.Data)
			for end := time.Now().Add(wait); err == nil && state.Server == nil && time.Now().Before(end); state, err = local.Status(cfg.Data) {
				select {
				case <-c.Context().Done():
					return context.Cause(c.Context())
				case <-time.After(50 * time.Millisecond):
				}
			}
			if err != nil {
				return localError(err)
			}
			if err := a.show(statusOf(state), nil); err != nil {
				return err
			}
			if (serving || wait > 0) && state.Server == nil {
				return &op.Error{Code: codeNotServing, Message: "no server answers for the store in " + state.Dir, Hint: "start one with: ddb local start"}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&serving, "serving", false, "fail unless a server (ddb local start) answers")
	c.Flags().DurationVar(&wait, "wait", 0, "with --serving: how long to wait for a server that is just starting, such as 10s")
	return c
}

// localState is the answer of local status, an interface of its own.
type localState struct {
	Directory string        `json:"directory"`
	Exists    bool          `json:"exists"`
	Size      int64         `json:"size"`
	Created   *time.Time    `json:"created,omitempty"`
	Version   string        `json:"version,omitempty"`
	Owner     *localProcess `json:"owner"`
	Server    *localProcess `json:"server"`
}

type localProcess struct {
	PID       int        `json:"pid"`
	Version   string     `json:"version,omitempty"`
	Started   *time.Time `json:"started,omitempty"`
	Addresses []string   `json:"addresses,omitempty"`
}

func statusOf(s local.State) localState {
	out := localState{Directory: s.Dir, Exists: s.Exists, Size: s.Size, Version: s.Version, Owner: processOf(s.Owner), Server: processOf(s.Server)}
	if !s.Created.IsZero() {
		out.Created = &s.Created
	}
	return out
}

func processOf(p *local.Process) *localProcess {
	if p == nil {
		return nil
	}
	out := &localProcess{PID: p.PID, Version: p.Version, Addresses: p.Addresses}
	if !p.Started.IsZero() {
		out.Started = &p.Started
	}
	return out
}
