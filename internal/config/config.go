package config

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
)

// Config is the settings of one run. Empty texts leave the choice to the AWS SDK's chain.
type Config struct {
	// Context is the context in force, "" for none.
	Context string
	// Profile, Region and Endpoint override the SDK's chain.
	Profile, Region, Endpoint string
	// Local says that the embedded engine answers; Memory that it keeps nothing; Data is its directory otherwise.
	Local, Memory bool
	Data          string
	// S3Root is the directory that stands for Amazon S3 in exports and imports of the embedded engine; "" is the folder
	// s3 in Data, and none when nothing is kept.
	S3Root string
	// Snapshots is how many snapshots of deleted tables the embedded engine keeps, DDB_SNAPSHOTS; 0 for none.
	Snapshots int
	// Table is the default table of the terminal.
	Table string
	// ReadOnly refuses all that is no read; ReadOnlyBy says what set it, as op.Env wants it.
	ReadOnly   bool
	ReadOnlyBy string
	// Tables are the globs of the tables that may be touched, empty for all.
	Tables []string
	// Effects are those that calls may have, empty for all; Regions the globs of the regions that may be touched.
	Effects []op.Effect
	Regions []string
	// Output is the format asked for, "" for the one that fits terminal or pipe. Color is auto, always or never.
	Output, Color string
	// LogLevel is for the MCP server: FASTMCP_LOG_LEVEL, which every configuration of 1.0.x carries.
	LogLevel string
	// Path is the configuration file, whether it is there or not.
	Path string
}

// Option changes where Load looks for settings.
type Option func(*loader)

// ForServer keeps contexts and DDB_PROFILE, DDB_REGION and DDB_ENDPOINT out of the MCP server, unless a context is
// named on the command: an assistant must not follow what somebody switches to at a terminal.
func ForServer() Option { return func(l *loader) { l.server = true } }

// The names of the flags Load looks at; those that a command does not define count as not given.
const (
	FlagConfig   = "config"
	FlagContext  = "context"
	FlagProfile  = "profile"
	FlagRegion   = "region"
	FlagEndpoint = "endpoint-url"
	FlagLocal    = "local"
	FlagData     = "data"
	FlagS3Root   = "s3-root"
	FlagTable    = "table"
	FlagReadOnly = "read-only"
	FlagTables   = "tables"
	FlagEffects  = "effects"
	FlagRegions  = "regions"
	FlagOutput   = "output"
	FlagColor    = "color"
)

// Load finds the settings for a command with these flags. Errors are *op.Error and say which file, variable or flag.
func Load(flags *pflag.FlagSet, opts ...Option) (Config, error) {
	l := loader{flags: flags, env: environment()}
	for _, o := range opts {
		o(&l)
	}
	return l.load()
}

type loader struct {
	flags  *pflag.FlagSet
	env    *env
	server bool
}

func (l *loader) load() (Config, error) {
	c := Config{Path: l.path()}
	file, err := l.file(c.Path)
	if err != nil {
		return c, err
	}
	levels, err := l.levels(file, &c)
	if err != nil {
		return c, err
	}
	// Profile rules are the last level, and need the profile the others chose.
	c.Profile = profile(levels)
	if rule, ok := file.profile(l.profileInForce(c.Profile)); ok {
		levels = append(levels, values{origin: "rule for profile " + quote(rule.Name), settings: rule.settings()})
	}
	c.Data = first(levels, func(v values) string { return v.Data })
	l.where(levels, &c) // --local=DIR is the last word on the directory
	c.Region = first(levels, func(v values) string { return v.Region })
	c.Table = first(levels, func(v values) string { return v.Table })
	c.Output = first(levels, func(v values) string { return v.Output })
	c.Color = first(levels, func(v values) string { return v.Color })
	c.LogLevel = l.env.text("fastmcp_log_level")
	if c.S3Root = l.flag(FlagS3Root); c.S3Root == "" {
		c.S3Root = l.env.text("s3_root")
	}
	if c.Snapshots, err = l.snapshots(); err != nil {
		return c, err
	}
	if i := slices.IndexFunc(levels, func(v values) bool { return v.Tables != nil }); i >= 0 {
		c.Tables = levels[i].Tables
	}
	if i := slices.IndexFunc(levels, func(v values) bool { return v.Regions != nil }); i >= 0 {
		c.Regions = levels[i].Regions
	}
	if i := slices.IndexFunc(levels, func(v values) bool { return v.Effects != nil }); i >= 0 {
		if c.Effects, err = op.ParseEffects(levels[i].Effects); err != nil {
			return c, err
		}
	}
	l.readOnly(levels, &c)
	if c.Color == "" {
		c.Color = "auto"
	}
	return c, l.check(&c, levels)
}

// readOnly is the first level's word, except that a server told by its environment stays read-only.
func (l *loader) readOnly(levels []values, c *Config) {
	for _, v := range levels {
		if v.ReadOnly != nil {
			c.ReadOnly, c.ReadOnlyBy = *v.ReadOnly, v.origin
			break
		}
	}
	if l.server && l.env.readOnly && (!c.ReadOnly || c.ReadOnlyBy != "--"+FlagReadOnly) {
		c.ReadOnly, c.ReadOnlyBy = true, ""
	}
	if !c.ReadOnly {
		c.ReadOnlyBy = ""
	}
}

// where decides between the embedded engine and an endpoint: the one named at the higher level wins.
func (l *loader) where(levels []values, c *Config) {
	for _, v := range levels {
		if v.Endpoint != "" {
			c.Endpoint = v.Endpoint
			return
		}
		if v.Local == nil {
			if v.Profile != "" || v.elsewhere {
				return // this level means AWS; what lower ones say of local does not hold
			}
			continue
		}
		switch on, memory, dir := v.Local.parse(); {
		case !on:
			// said to be off: lower levels may still name an endpoint
			for _, lower := range levels {
				if lower.Endpoint != "" {
					c.Endpoint = lower.Endpoint
					return
				}
			}
			return
		default:
			c.Local, c.Memory = true, memory
			if dir != "" {
				c.Data = dir
			}
			c.Profile = ""
			return
		}
	}
}

func (l *loader) check(c *Config, levels []values) error {
	if top := levels[0]; top.Local != nil && top.Endpoint != "" {
		if on, _, _ := top.Local.parse(); on {
			return op.Invalid("--local and --endpoint-url exclude each other", "give one of them")
		}
	}
	if l.given(FlagLocal) && l.flag(FlagLocal) == "" { // such as --local=$DIR with DIR unset, which must not end at AWS
		return op.Invalid("--local= names nothing", "it is memory, on, off, or a directory")
	}
	for _, name := range []string{FlagTables, FlagEffects, FlagRegions} { // such as --tables=$LIST with LIST unset, which must not admit all
		if list := slices.DeleteFunc(l.list(name), func(s string) bool { return strings.TrimSpace(s) == "" }); l.given(name) && len(list) == 0 {
			return op.Invalid("--"+name+" names nothing", "leave the flag out to allow all")
		}
	}
	if s := l.env.text("read_only"); s != "" && !isTruth(s) {
		return op.Invalid("DDB_READ_ONLY="+s+" is not known", "it is true or false")
	}
	for _, v := range levels {
		if v.Local == nil {
			continue
		}
		if _, _, dir := v.Local.parse(); dir != "" && !isDirectoryName(dir) {
			return op.Invalid("local "+quote(dir)+" is not known", "it is memory, on, off, or a directory, such as ./"+dir)
		}
	}
	if !slices.Contains([]string{"auto", "always", "never"}, c.Color) {
		return op.Invalid("color "+quote(c.Color)+" is not known", "it is auto, always or never")
	}
	if c.Data == "" {
		c.Data = dataDir()
	}
	gate := c.Gate()
	return gate.Check()
}

// Gate is what the settings allow, in the form in which op.Env holds calls to it.
func (c Config) Gate() op.Gate {
	return op.Gate{ReadOnly: c.ReadOnly, ReadOnlyBy: c.ReadOnlyBy, Tables: c.Tables, Effects: c.Effects, Regions: c.Regions}
}

// profile is the first one named, unless a higher level already tells the SDK who calls.
func profile(levels []values) string {
	for _, v := range levels {
		if v.Profile != "" || v.identified {
			return v.Profile
		}
	}
	return ""
}

func first(levels []values, get func(values) string) string {
	for _, v := range levels {
		if s := get(v); s != "" {
			return s
		}
	}
	return ""
}

// isDirectoryName tells a directory from a mistyped word: it is written as a path, or is there.
func isDirectoryName(name string) bool {
	if strings.ContainsAny(name, `/\`) || name == "." || name == ".." {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
