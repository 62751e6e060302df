package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/render"
	"github.com/ddb-cli/ddb/internal/wholefile"
)

// A completion must not keep a person waiting: the account is asked for this long at most, and remembered for a while. The embedded
// engine waits for no network; it gets longer, for a machine under load to open the store.
const (
	completionTime = 300 * time.Millisecond
	embeddedTime   = 5 * time.Second
	completionKept = time.Minute
)

type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// completeTables completes the first position with the names of tables.
func completeTables(a *app) completion {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return a.accountCompletion("tables", allTables)(c, args, "")
	}
}

// completePositions completes the position that stands for a table.
func completePositions(a *app, fields []*boundField) completion {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) < len(fields) && fields[len(args)].name == "table" {
			return a.accountCompletion("tables", allTables)(c, args, "")
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

// fixedCompletion completes a flag that takes one of a few words.
func fixedCompletion(values ...string) completion {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeGlobals completes the flags that have a fixed set of values, and the names of contexts.
func completeGlobals(a *app, root *cobra.Command) {
	_ = root.RegisterFlagCompletionFunc(config.FlagOutput, fixedCompletion(render.Formats...))
	_ = root.RegisterFlagCompletionFunc(config.FlagColor, fixedCompletion("auto", "always", "never"))
	_ = root.RegisterFlagCompletionFunc(config.FlagLocal, fixedCompletion("memory", "disk"))
	_ = root.RegisterFlagCompletionFunc(config.FlagContext, a.contextCompletion())
}

func allTables(ctx context.Context, env *op.Env, _ string) ([]string, error) {
	var names []string
	_, err := table.List.Each(ctx, env, &table.ListInput{}, func(name string) error {
		names = append(names, name)
		return nil
	})
	return names, err
}

// completed gives names from the account, or those of the last minute. What fails completes nothing.
func (a *app) completed(c *cobra.Command, what string, ask func(context.Context, *op.Env) ([]string, error)) []string {
	a.begin(c)
	if w, err := a.wanted(); err == nil && w != nil { // of several places, the first one's names
		first := append(append([]string{}, w.profiles...), "")
		_ = a.set.Set(config.FlagProfile, first[0])
		region := append(append([]string{}, w.regions...), "")[0]
		_ = a.set.Set(config.FlagRegion, strings.TrimPrefix(region, "all"))
	}
	cfg, err := a.config()
	if err != nil {
		return nil
	}
	file := completionFile(cfg, what)
	if names, fresh := rememberedFor(file, completionKept); fresh && !cfg.Local {
		return names
	}
	ctx, cancel := context.WithTimeout(c.Context(), completionBudget(cfg))
	defer cancel()
	env, err := a.env(ctx)
	if err != nil {
		return nil
	}
	names, err := ask(ctx, env)
	if err == nil && !cfg.Local {
		remember(file, names)
	}
	return names
}

func completionBudget(cfg config.Config) time.Duration {
	if cfg.Local {
		return embeddedTime
	}
	return completionTime
}

// completionFile is one file for each place names may come from.
func completionFile(cfg config.Config, what string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{cfg.Context, cfg.Profile, cfg.Region, cfg.Endpoint, strings.Join(cfg.Tables, ","), strings.Join(cfg.Regions, ","), what}, "\x00")))
	return filepath.Join(config.CacheDir(), "completion", hex.EncodeToString(sum[:8])+".json")
}

func rememberedFor(file string, kept time.Duration) (names []string, fresh bool) {
	info, err := os.Stat(file)
	if err != nil || time.Since(info.ModTime()) > kept {
		return nil, false
	}
	text, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(text, &names) != nil {
		return nil, false
	}
	return names, true
}

// remember replaces the cache as a whole: two shells may complete at once. A cache that cannot be written is none.
func remember(file string, names []string) {
	text, err := json.Marshal(names)
	if err != nil || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	_ = wholefile.Write(file, text, 0o600)
}
