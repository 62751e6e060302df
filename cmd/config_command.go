package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/render"
)

// configCommands hang in the family that looks at and edits the configuration file.
func configCommands(a *app) []*cobra.Command {
	return []*cobra.Command{configList(a), configGet(a), configSet(a), configUnset(a), configUse(a), configRemove(a)}
}

func (a *app) configFile() (config.Config, config.File, error) {
	cfg, err := a.config()
	if err != nil {
		return cfg, config.File{}, err
	}
	file, err := config.ReadFile(cfg.Path)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return cfg, file, err
}

func configList(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List the contexts, the one in force marked", Args: cobra.NoArgs,
		Long: "List the contexts of the configuration file. A context names a profile, a region, an endpoint or the embedded engine, a default table and safety rules.", Example: example("ddb config list"),
		RunE: func(*cobra.Command, []string) error {
			cfg, file, err := a.configFile()
			if err != nil {
				return err
			}
			type row struct {
				Current  bool     `json:"current"`
				Name     string   `json:"name"`
				Profile  string   `json:"profile,omitempty"`
				Region   string   `json:"region,omitempty"`
				Endpoint string   `json:"endpoint,omitempty"`
				Local    string   `json:"local,omitempty"`
				Table    string   `json:"table,omitempty"`
				ReadOnly bool     `json:"read_only,omitempty"`
				Tables   []string `json:"tables,omitempty"`
				Effects  []string `json:"effects,omitempty"`
				Regions  []string `json:"regions,omitempty"`
			}
			rows := []row{}
			for _, c := range file.Contexts {
				rows = append(rows, row{c.Name == cfg.Context, c.Name, c.Profile, c.Region, c.Endpoint, c.Local, c.Table, c.ReadOnly != nil && *c.ReadOnly, c.Tables, c.Effects, c.Regions})
			}
			if len(rows) == 0 && a.io.OutTerminal {
				a.hint("no contexts yet; make one with: ddb config set --context dev region eu-west-1")
			}
			return a.show(rows, nil)
		},
	}
}

// show prints a value of ddb's own.
func (a *app) show(v any, view render.View) error {
	p, err := a.printer()
	if err != nil {
		return err
	}
	doc, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	if err := p.Document(doc, view); err != nil {
		return err
	}
	return p.Flush()
}

// settings are the keys of config get, and what they are now.
func settings(c config.Config) map[string]string {
	local := ""
	switch {
	case c.Memory:
		local = "memory"
	case c.Local:
		local = "disk"
	}
	effects := make([]string, len(c.Effects))
	for i, e := range c.Effects {
		effects[i] = e.String()
	}
	return map[string]string{
		"context": c.Context, "profile": c.Profile, "region": c.Region, "endpoint": c.Endpoint, "local": local, "data": c.Data, "table": c.Table,
		"read_only": fmt.Sprint(c.ReadOnly), "tables": strings.Join(c.Tables, ","),
		"effects": strings.Join(effects, ","), "regions": strings.Join(c.Regions, ","), "output": c.Output, "color": c.Color, "path": c.Path,
	}
}

func configGet(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "get [KEY]", Short: "Show the settings in force, wherever they come from", Args: cobra.MaximumNArgs(1),
		Long:    "Show the settings in force: flags over the context named on the command, over DDB_ and AWS_ variables, over the current context, over defaults.\nAn empty value leaves the choice to the AWS SDK.",
		Example: example("ddb config get\nddb config get region\nddb config get path"),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			all := settings(cfg)
			if len(args) == 0 {
				return a.show(all, nil)
			}
			value, ok := all[args[0]]
			if !ok {
				return unknownSetting(args[0], all)
			}
			_, err = fmt.Fprintln(a.io.Out, value)
			return err
		},
	}
}

func unknownSetting(name string, all map[string]string) error {
	names := slices.Sorted(maps.Keys(all))
	return usage(fmt.Sprintf("unknown setting %q", name), orNearest(name, names, "there are "+strings.Join(names, ", ")))
}
