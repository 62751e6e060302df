package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/render"
)

// configCommands hang in the family that looks at and edits the configuration file.
func configCommands(a *app) []*cobra.Command {
	return []*cobra.Command{configList(a), configGet(a), configSet(a), configUse(a)}
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
	names := make([]string, 0, len(all))
	for n := range all {
		names = append(names, n)
	}
	slices.Sort(names)
	hint := "there are " + strings.Join(names, ", ")
	if near := nearest.Name(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return usage(fmt.Sprintf("unknown setting %q", name), hint)
}

func configSet(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "set KEY VALUE", Short: "Change the configuration file: a context's setting, or a general one",
		Long: "Change a setting of the context named by --context, which is made where it is not there, or of the current context.\nThe keys of a context are profile, region, endpoint, local, data, table, read_only, tables, effects, regions and output; output, color and data may stand outside.\nAn empty value removes a setting. Comments in the file stay.",
		Example: example(`
			ddb config set --context dev region eu-west-1
			ddb config set --context prod read_only true
			ddb config set --context toy local memory
			ddb config set color never
		`),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("KEY and VALUE are needed", "usage: "+c.UseLine())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			context := ""
			if f := c.Flags().Lookup(config.FlagContext); f != nil {
				context = f.Value.String()
				// The context may be new, so it must not be looked for while the settings are loaded.
				if err := f.Value.Set(""); err != nil {
					return fmt.Errorf("--context: %w", err)
				}
			}
			cfg, err := a.config()
			if err != nil {
				return err
			}
			general := []string{"output", "color", "data", "current"}
			if context == "" && !slices.Contains(general, args[0]) {
				if context = cfg.Context; context == "" {
					return usage("there is no current context to change", "name one: ddb config set --context dev "+args[0]+" "+args[1])
				}
			}
			if a.dryRun() {
				a.io.notef("ddb: this would write %s = %s into %s", args[0], args[1], cfg.Path)
				return nil
			}
			return config.Set(cfg.Path, context, args[0], args[1])
		},
	}
}

func configUse(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "use CONTEXT", Short: "Make a context the current one",
		Long: "Make a context the current one: it holds where neither flags nor the environment say otherwise. \"-\" makes none current.", Example: example("ddb config use dev\nddb config use -"),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("CONTEXT is needed", "usage: "+c.UseLine()+"; see: ddb config list")
			}
			if args[0] == "" {
				return usage("the name of a context is empty", "ddb config use - makes none current; see: ddb config list")
			}
			return nil
		},
		ValidArgsFunction: a.contextCompletion(),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, file, err := a.configFile()
			if err != nil {
				return err
			}
			name := args[0]
			if name == "-" {
				name = ""
			}
			var names []string
			for _, x := range file.Contexts {
				names = append(names, x.Name)
			}
			if name != "" && !slices.Contains(names, name) {
				e := &op.Error{Code: op.CodeNoContext, Message: fmt.Sprintf("there is no context %q in %s", name, cfg.Path), Hint: "there are " + strings.Join(names, ", ")}
				if near := nearest.Name(name, names); near != "" {
					e.Hint = fmt.Sprintf("did you mean %q?", near)
				} else if len(names) == 0 {
					e.Hint = "make one with: ddb config set --context " + name + " region eu-west-1"
				}
				return e
			}
			if a.dryRun() {
				a.io.notef("ddb: this would make %s the current context, in %s", name, cfg.Path)
				return nil
			}
			return config.Use(cfg.Path, name)
		},
	}
}
