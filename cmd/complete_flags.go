package cmd

import (
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/mcp"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
	"github.com/ddb-cli/ddb/internal/tablefile"
	"github.com/ddb-cli/ddb/prompts"
)

// completeRest registers what every command completes beyond what its own file says. It walks the whole tree, so it is done only when a shell asks.
func completeRest(a *app, root *cobra.Command) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if _, done := c.GetFlagCompletionFunc(f.Name); done {
				return
			}
			if complete := a.flagCompletion(c, f); complete != nil {
				_ = c.RegisterFlagCompletionFunc(f.Name, complete)
			}
		})
		if complete := a.positionCompletion(c); complete != nil {
			c.ValidArgsFunction = complete
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	for name, complete := range map[string]completion{
		config.FlagProfile: listed(fromMachine(dynamo.Profiles)), config.FlagRegion: listed(fixedCompletion(append([]string{"all"}, allRegions...)...)),
		config.FlagRegions: listed(fixedCompletion(allRegions...)), config.FlagTable: a.accountCompletion("tables", allTables), config.FlagTables: listed(a.accountCompletion("tables", allTables)),
		config.FlagEffects: listed(fixedCompletion("read", "write", "destroy")),
		config.FlagData:    directories, config.FlagS3Root: directories, config.FlagConfig: files("yaml", "yml"),
		"columns": listed(a.attributeCompletion("")), "query": nothing, "jq": nothing, "timeout": fixedCompletion("10s", "30s", "1m", "10m"), config.FlagEndpoint: fixedCompletion("http://localhost:8000"),
	} {
		_ = root.RegisterFlagCompletionFunc(name, complete)
	}
}

// flagCompletion is what a flag completes to by its name, or nil for names of files.
func (a *app) flagCompletion(c *cobra.Command, f *pflag.Flag) completion {
	if words := flagWords[path.Join(c.CommandPath(), f.Name)]; words != nil {
		return fixedCompletion(words...)
	}
	switch f.Name {
	case "set", "add", "key":
		return a.attributeCompletion("=")
	case "remove", "delete", "filter", "where", "if", "project", "ttl":
		return a.attributeCompletion("")
	case "index", "drop-index":
		return a.indexCompletion()
	case "table", "only":
		return listed(a.accountCompletion("tables", allTables))
	case "return":
		words := []string{"none", "old"}
		if strings.Contains(f.Usage, "updated") {
			words = append(words, "new", "updated-old", "updated-new")
		}
		return fixedCompletion(words...)
	case "return-consumed-capacity":
		return fixedCompletion(enumOf(reflect.TypeFor[types.ReturnConsumedCapacity]())...)
	case "return-item-collection-metrics":
		return fixedCompletion(enumOf(reflect.TypeFor[types.ReturnItemCollectionMetrics]())...)
	case "select":
		return fixedCompletion(enumOf(selectType)...)
	case "without":
		if c.CommandPath() == "ddb table list" {
			return listed(fixedCompletion(strings.Fields(lackingNames)...))
		}
		return listed(fixedCompletion(tablefile.Settings[1:]...))
	case "stream":
		words := []string{"new-and-old", "new", "old", "keys"}
		if strings.Contains(f.Usage, "off") {
			words = append(words, "off")
		}
		return fixedCompletion(words...)
	case "toolsets":
		return listed(fixedCompletion(mcp.Toolsets(ops.All)...))
	case "tools", "exclude-tools":
		var names []string
		for _, o := range ops.All {
			names = append(names, o.Spec().Tool)
		}
		return listed(fixedCompletion(names...))
	case "section":
		var names []string
		for _, s := range prompts.Sections() {
			names = append(names, s.Name)
		}
		return fixedCompletion(names...)
	case "scan-guard":
		return fixedCompletion(scanGuardOff, op.ScanWarn, op.ScanEnforce)
	}
	switch f.Value.Type() {
	case "string", "stringArray", "stringSlice":
		if !strings.Contains(f.Usage, "file") && !strings.Contains(f.Usage, "FILE") {
			return nothing
		}
		return nil
	}
	return nothing // a number or a time
}

// flagWords are the values of flags whose name means something else elsewhere.
var flagWords = map[string][]string{
	"ddb backup list/type":       {"USER", "SYSTEM", "AWS_BACKUP", "ALL"},
	"ddb bulk start/format":      {"DYNAMODB_JSON", "ION"},
	"ddb bulk start/compression": {"NONE", "GZIP", "ZSTD"},
	"ddb local start/lifecycle":  {"instant", "realistic"},
	"ddb local start/namespace":  {"key"},
	"ddb mcp call/confirm":       {"auto", "always", "never"},
	"ddb mcp call/format":        {"typed", "plain"},
	"ddb serve-mcp/confirm":      {"auto", "always", "never"},
	"ddb serve-mcp/format":       {"typed", "plain"},
}

// positionCompletion is what the positions of a command complete to, where its own file does not say.
func (a *app) positionCompletion(c *cobra.Command) completion {
	second := func(complete completion) completion { // behind a table
		return func(c *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return completeTables(a)(c, args, text)
			}
			return complete(c, args, text)
		}
	}
	switch c.CommandPath() {
	case "ddb config use", "ddb config remove":
		return firstOnly(a.contextCompletion())
	case "ddb config get", "ddb config set", "ddb config unset":
		keys := slices.Sorted(maps.Keys(settings(config.Config{})))
		if c.Name() != "get" {
			keys = slices.DeleteFunc(keys, func(k string) bool { return k == "context" || k == "path" })
		}
		return firstOnly(fixedCompletion(keys...))
	case "ddb backup describe", "ddb backup delete", "ddb backup restore", "ddb wait backup":
		return firstOnly(a.accountCompletion("backups", allBackups))
	case "ddb tag remove":
		return second(a.accountCompletion("tags of ", tagKeys))
	case "ddb ttl enable":
		return second(a.attributeCompletion(""))
	case "ddb index delete", "ddb index wait", "ddb vector search":
		return second(a.indexCompletion())
	case "ddb help":
		return nil
	}
	if c.HasSubCommands() || c.ValidArgsFunction != nil || len(c.ValidArgs) > 0 || strings.Contains(c.Use, "FILE") {
		return nil
	}
	return nothing
}

// nothing completes to nothing, and not to the names of files either.
func nothing(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveNoFileComp
}

func directories(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func files(extensions ...string) completion {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return extensions, cobra.ShellCompDirectiveFilterFileExt
	}
}

func fromMachine(names func() []string) completion {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return names(), cobra.ShellCompDirectiveNoFileComp
	}
}

func firstOnly(complete completion) completion {
	return func(c *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(c, args, text)
	}
}

// listed completes the last of several names between commas; those that stand already are not offered again.
func listed(complete completion) completion {
	return func(c *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
		names, directive := complete(c, args, text)
		at := strings.LastIndexByte(text, ',') + 1
		if at == 0 {
			return names, directive
		}
		given := strings.Split(text[:at-1], ",")
		var list []string
		for _, n := range names {
			if !slices.Contains(given, n) && n != "all" {
				list = append(list, text[:at]+strings.TrimPrefix(n, text[:at]))
			}
		}
		return list, directive
	}
}
