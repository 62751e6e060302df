package cmd

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
)

func configSet(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "set KEY VALUE", Short: "Change the configuration file: a context's setting, or a general one",
		Long: "Change a setting of the context named by --context, which is made where it is not there, or of the current context.\nThe keys of a context are profile, region, endpoint, local, data, table, read_only, tables, effects, regions and output; output, color and data may stand outside.\nAn empty value removes a setting, as ddb config unset does. Comments in the file stay.",
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
			cfg, context, err := a.editedContext(c, args[0], "ddb config set --context dev "+args[0]+" "+args[1])
			if err != nil {
				return err
			}
			if a.dryRun() {
				a.io.notef("ddb: this would write %s = %s into %s", args[0], args[1], cfg.Path)
				return nil
			}
			return config.Set(cfg.Path, context, args[0], args[1])
		},
	}
}

func configUnset(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "unset KEY", Short: "Take a setting out of the configuration file",
		Long: "Take a setting out of the context named by --context, or of the current context, so that what stands further down holds again: the environment, the general settings, the SDK's own.\nThe keys are those of ddb config set. A setting that is not there is no error. A comment above it goes with it, others stay.",
		Example: example(`
			ddb config unset table
			ddb config unset --context prod endpoint
			ddb config unset color
		`),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("one KEY is needed", "usage: "+c.UseLine()+"; a whole context goes with ddb config remove CONTEXT")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			cfg, context, err := a.editedContext(c, args[0], "ddb config unset --context dev "+args[0])
			if err != nil {
				return err
			}
			if a.dryRun() {
				a.io.notef("ddb: this would take %s out of %s", args[0], cfg.Path)
				return nil
			}
			was, err := config.Unset(cfg.Path, context, args[0])
			if err == nil && !was {
				a.io.notef("ddb: %s is not set in %s; nothing was changed", args[0], cmp.Or(context, cfg.Path))
			}
			return err
		},
	}
}

// editedContext is the context whose setting a command changes, "" for the file's own settings: that of --context, which may be new, or the
// current one. instead is what to type where there is none.
func (a *app) editedContext(c *cobra.Command, key, instead string) (config.Config, string, error) {
	context := ""
	if f := c.Flags().Lookup(config.FlagContext); f != nil {
		context = f.Value.String()
		// The context may be new, so it must not be looked for while the settings are loaded.
		if err := f.Value.Set(""); err != nil {
			return config.Config{}, "", fmt.Errorf("--context: %w", err)
		}
	}
	cfg, err := a.config()
	if err != nil {
		return cfg, "", err
	}
	if context == "" && !slices.Contains(config.GeneralKeys, key) {
		if context = cfg.Context; context == "" {
			return cfg, "", usage("there is no current context to change", "name one: "+instead)
		}
	}
	return cfg, context, nil
}

func configRemove(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "remove CONTEXT", Aliases: []string{"rm"}, Short: "Take a context out of the configuration file",
		Long:    "Take a context with its settings out of the configuration file. If it is the current one, none is current afterwards. Nothing of AWS or of the local store is touched.",
		Example: example("ddb config remove dev"),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return usage("CONTEXT is needed", "usage: "+c.UseLine()+"; see: ddb config list")
			}
			return nil
		},
		ValidArgsFunction: a.contextCompletion(),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, file, err := a.configFile()
			if err != nil {
				return err
			}
			if err := knownContext(cfg, file, args[0]); err != nil {
				return err
			}
			if a.dryRun() {
				a.io.notef("ddb: this would take the context %s out of %s", args[0], cfg.Path)
				return nil
			}
			return config.Remove(cfg.Path, args[0])
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
			if name != "" {
				if err := knownContext(cfg, file, name); err != nil {
					return err
				}
			}
			if a.dryRun() {
				a.io.notef("ddb: this would make %s the current context, in %s", name, cfg.Path)
				return nil
			}
			return config.Use(cfg.Path, name)
		},
	}
}

// knownContext is an error where the file has no such context.
func knownContext(cfg config.Config, file config.File, name string) error {
	var names []string
	for _, x := range file.Contexts {
		names = append(names, x.Name)
	}
	if slices.Contains(names, name) {
		return nil
	}
	hint := "there are " + strings.Join(names, ", ")
	if len(names) == 0 {
		hint = "make one with: ddb config set --context " + name + " region eu-west-1"
	}
	return &op.Error{Code: op.CodeNoContext, Message: fmt.Sprintf("there is no context %q in %s", name, cfg.Path), Hint: orNearest(name, names, hint)}
}
