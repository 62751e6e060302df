// Package cmd is the command tree of ddb.
package cmd

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/engine"
)

// IO are the streams of a run.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
}

// app is what the commands share.
type app struct {
	in          io.Reader
	out, errOut io.Writer
}

// Main runs ddb with the process's arguments and streams and gives its exit code.
func Main() int {
	root := newRoot(&IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	if err := root.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "ddb: error:", err)
		return 1
	}
	return 0
}

func newRoot(streams *IO) *cobra.Command {
	a := &app{in: streams.In, out: streams.Out, errOut: streams.Err}
	root := &cobra.Command{Use: "ddb", Short: "Work with Amazon DynamoDB", SilenceUsage: true, SilenceErrors: true}
	flags := root.PersistentFlags()
	flags.String("config", "", "configuration file")
	flags.String("context", "", "context of the configuration to use")
	flags.String("profile", "", "AWS profile")
	flags.String("region", "", "AWS region")
	flags.String("endpoint-url", "", "endpoint to call instead of the service's own")
	flags.String("local", "", "use the embedded engine: on disk, or =memory")
	flags.Lookup("local").NoOptDefVal = "disk"
	flags.String("data", "", "directory of the embedded engine's data")
	flags.Bool("read-only", false, "refuse all that is no read")
	flags.StringSlice("tables", nil, "globs of the tables that may be touched")
	root.AddCommand(newServeMCP(a))
	return root
}

// localStore is the embedded engine as a command needs it.
type localStore interface {
	Handler() http.Handler
	Close() error
}

// openLocal opens the embedded engine the settings ask for.
func (a *app) openLocal(_ context.Context, cfg config.Config, logger *slog.Logger) (localStore, error) {
	o := engine.Options{Region: cfg.Region, Logger: logger}
	if !cfg.Memory {
		o.Dir = cfg.Data
	}
	return engine.Open(o)
}
