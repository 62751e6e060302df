package config

import (
	"strings"

	"github.com/ddb-cli/ddb/internal/op"
)

// settings are what each level may say. Empty is nothing said.
type settings struct {
	Profile  string
	Region   string
	Endpoint string
	Local    *where
	Data     string
	Table    string
	ReadOnly *bool
	Tables   []string
	Effects  []string
	Regions  []string
	Output   string
	Color    string
}

// values are the settings of one level, and where they come from.
type values struct {
	origin string
	settings
	// identified says that the SDK will find at this level who calls; elsewhere, that it will find where or who.
	identified, elsewhere bool
}

// where is a setting of local: off, on, memory, or a directory.
type where string

func (w where) parse() (on, memory bool, dir string) {
	switch strings.ToLower(string(w)) {
	case "", "0", "false", "no", "off":
		return false, false, ""
	case "1", "true", "yes", "on", "disk":
		return true, false, ""
	case "memory", "mem":
		return true, true, ""
	}
	return true, false, string(w)
}

// levels lists what each level says, highest first, and notes the context in force.
func (l *loader) levels(file File, c *Config) ([]values, error) {
	levels := []values{l.flagLevel()}
	named := l.flag(FlagContext)
	if named == "" && !l.server {
		named = l.env.text("context") // DDB_CONTEXT names one as the flag does
	}
	if named != "" {
		context, ok := file.context(named)
		if !ok {
			return nil, noContext(named, file, c.Path)
		}
		c.Context = context.Name
		levels = append(levels, values{origin: "context " + quote(context.Name), settings: context.settings()})
	}
	levels = append(levels, l.ddbLevel(), l.awsLevel())
	if named == "" && !l.server && file.Current != "" {
		context, ok := file.context(file.Current)
		if !ok {
			return nil, noContext(file.Current, file, c.Path)
		}
		c.Context = context.Name
		levels = append(levels, values{origin: "context " + quote(context.Name), settings: context.settings()})
	}
	general := settings{Output: file.Output, Color: file.Color, Data: file.Data}
	return append(levels, values{origin: c.Path, settings: general}), nil
}

func noContext(name string, file File, path string) error {
	hint := "there are none yet; make one with: ddb config set --context " + name + " region eu-west-1"
	if names := file.names(); len(names) > 0 {
		hint = "there are " + strings.Join(names, ", ")
	}
	return &op.Error{Code: op.CodeNoContext, Message: "context " + quote(name) + " is not in " + path, Hint: hint}
}

func (l *loader) flagLevel() values {
	v := values{origin: "--" + FlagReadOnly}
	v.Profile, v.Region, v.Endpoint = l.flag(FlagProfile), l.flag(FlagRegion), l.flag(FlagEndpoint)
	v.Data, v.Table, v.Output, v.Color = l.flag(FlagData), l.flag(FlagTable), l.flag(FlagOutput), l.flag(FlagColor)
	if l.given(FlagLocal) {
		w := where(l.flag(FlagLocal))
		v.Local = &w
	}
	if l.given(FlagReadOnly) {
		on := truth(l.flag(FlagReadOnly))
		v.ReadOnly = &on
	}
	v.Tables, v.Effects, v.Regions = l.list(FlagTables), l.list(FlagEffects), l.list(FlagRegions)
	return v
}

func (l *loader) ddbLevel() values {
	v := values{origin: "DDB_READ_ONLY"}
	v.Data, v.Table = l.env.text("data"), l.env.text("table")
	v.Output, v.Color = l.env.text("output"), l.env.text("color")
	if l.env.text("no_color") != "" && v.Color == "" {
		v.Color = "never" // https://no-color.org
	}
	if !l.server {
		v.Profile, v.Region, v.Endpoint = l.env.text("profile"), l.env.text("region"), l.env.text("endpoint")
	}
	if s := l.env.text("local"); s != "" {
		w := where(s)
		v.Local = &w
	}
	if s := l.env.text("read_only"); s != "" {
		on := truth(s)
		v.ReadOnly = &on
	}
	v.Tables, v.Effects, v.Regions = split(l.env.text("tables")), split(l.env.text("effects")), split(l.env.text("regions"))
	return v
}

// list is the value of a flag that takes several, nil where it was not given.
func (l *loader) list(name string) []string {
	if !l.given(name) {
		return nil
	}
	if list, err := l.flags.GetStringSlice(name); err == nil {
		return list
	}
	return split(l.flag(name))
}

// awsLevel is the environment the SDK reads for itself. The region is repeated here for the embedded engine, which has
// no chain; the rest only keeps lower levels from overriding what the SDK will find.
func (l *loader) awsLevel() values {
	v := values{origin: "the environment"}
	v.Region = l.env.text("aws_region")
	v.identified, v.elsewhere = l.env.identified, l.env.identified || l.env.endpoint
	return v
}

func (l *loader) profileInForce(chosen string) string {
	if chosen != "" {
		return chosen
	}
	return l.env.text("aws_profile")
}

func (l *loader) given(name string) bool {
	return l.flags != nil && l.flags.Changed(name)
}

func (l *loader) flag(name string) string {
	if !l.given(name) {
		return ""
	}
	return l.flags.Lookup(name).Value.String()
}

func split(s string) []string {
	var list []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// isTruth reports whether a text is a word for on or off. A safety that was asked for in other words must not be off.
func isTruth(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "0", "false", "no", "off":
		return true
	}
	return truth(s)
}

func truth(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "1", "true", "yes", "on":
		return true
	}
	return false
}
