package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/textin"
)

// File is the configuration file. Contexts and profile rules are lists with names, since names hold dots and capitals.
type File struct {
	// Current is the context used where none is named.
	Current  string    `mapstructure:"current" yaml:"current,omitempty"`
	Output   string    `mapstructure:"output" yaml:"output,omitempty"`
	Color    string    `mapstructure:"color" yaml:"color,omitempty"`
	Data     string    `mapstructure:"data" yaml:"data,omitempty"`
	Contexts []Context `mapstructure:"contexts" yaml:"contexts,omitempty"`
	Profiles []Rule    `mapstructure:"profiles" yaml:"profiles,omitempty"`
}

// Context is a named set of settings in the file. What it leaves out is looked for at the next lower level; see Load.
type Context struct {
	Name     string   `mapstructure:"name" yaml:"name"`
	Profile  string   `mapstructure:"profile" yaml:"profile,omitempty"`
	Region   string   `mapstructure:"region" yaml:"region,omitempty"`
	Endpoint string   `mapstructure:"endpoint" yaml:"endpoint,omitempty"`
	Local    string   `mapstructure:"local" yaml:"local,omitempty"`
	Data     string   `mapstructure:"data" yaml:"data,omitempty"`
	Table    string   `mapstructure:"table" yaml:"table,omitempty"`
	ReadOnly *bool    `mapstructure:"read_only" yaml:"read_only,omitempty"`
	Tables   []string `mapstructure:"tables" yaml:"tables,omitempty"`
	Effects  []string `mapstructure:"effects" yaml:"effects,omitempty"`
	Regions  []string `mapstructure:"regions" yaml:"regions,omitempty"`
	Output   string   `mapstructure:"output" yaml:"output,omitempty"`
}

func (c Context) settings() settings {
	s := settings{
		Profile: c.Profile, Region: c.Region, Endpoint: c.Endpoint, Data: c.Data,
		Table: c.Table, ReadOnly: c.ReadOnly, Tables: c.Tables, Effects: c.Effects, Regions: c.Regions, Output: c.Output,
	}
	if c.Local != "" {
		w := where(c.Local)
		s.Local = &w
	}
	return s
}

// Rule is what holds whenever an AWS profile is used, however it was chosen.
type Rule struct {
	Name     string   `mapstructure:"name" yaml:"name"`
	ReadOnly *bool    `mapstructure:"read_only" yaml:"read_only,omitempty"`
	Tables   []string `mapstructure:"tables" yaml:"tables,omitempty"`
	Effects  []string `mapstructure:"effects" yaml:"effects,omitempty"`
	Regions  []string `mapstructure:"regions" yaml:"regions,omitempty"`
	Table    string   `mapstructure:"table" yaml:"table,omitempty"`
}

func (r Rule) settings() settings {
	return settings{ReadOnly: r.ReadOnly, Tables: r.Tables, Effects: r.Effects, Regions: r.Regions, Table: r.Table}
}

func (f File) context(name string) (Context, bool) {
	i := slices.IndexFunc(f.Contexts, func(c Context) bool { return c.Name == name })
	if i < 0 {
		return Context{}, false
	}
	return f.Contexts[i], true
}

func (f File) profile(name string) (Rule, bool) {
	i := slices.IndexFunc(f.Profiles, func(r Rule) bool { return name != "" && r.Name == name })
	if i < 0 {
		return Rule{}, false
	}
	return f.Profiles[i], true
}

func (f File) names() []string {
	names := make([]string, len(f.Contexts))
	for i, c := range f.Contexts {
		names[i] = c.Name
	}
	return names
}

// file reads the configuration file; one that is not there says nothing, unless it was asked for.
func (l *loader) file(path string) (File, error) {
	f, err := ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && l.flag(FlagConfig) == "" && l.env.text("config") == "" {
		return File{}, nil
	}
	return f, err
}

// ReadFile reads a configuration file. A key that is not known is an error, with the ones that are.
func ReadFile(path string) (File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return File{}, &op.Error{Code: op.CodeConfig, Message: "the configuration cannot be read: " + err.Error(), Cause: err}
	}
	return parse(path, textin.Bytes(text))
}

func parse(path string, text []byte) (File, error) {
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return File{}, fault(path, "it is not YAML: "+err.Error(), "")
	}
	var f File
	if err := v.UnmarshalExact(&f, func(c *mapstructure.DecoderConfig) { c.WeaklyTypedInput = true }); err != nil {
		return File{}, misfit(path, err)
	}
	for _, c := range f.Contexts {
		if c.Name == "" {
			return File{}, fault(path, "a context has no name", "each entry of contexts begins with: - name: …")
		}
	}
	if f.Current != "" {
		if _, ok := f.context(f.Current); !ok {
			return File{}, noContext(f.Current, f, path)
		}
	}
	return f, nil
}

func fault(path, what, hint string) error {
	return &op.Error{Code: op.CodeConfig, Message: "configuration " + path + ": " + what, Hint: hint}
}

// mapstructure words an unknown key so: ” has invalid keys: foo, bar.
var unknownKeys = regexp.MustCompile(`'([^']*)' has invalid keys: (.*)`)

func misfit(path string, err error) error {
	m := unknownKeys.FindStringSubmatch(err.Error())
	if m == nil {
		return fault(path, err.Error(), "")
	}
	t := reflect.TypeFor[File]()
	at := ""
	switch {
	case strings.HasPrefix(m[1], "contexts"):
		t, at = reflect.TypeFor[Context](), " in a context"
	case strings.HasPrefix(m[1], "profiles"):
		t, at = reflect.TypeFor[Rule](), " in a rule for a profile"
	}
	return fault(path, "unknown key "+m[2]+at, "valid ones: "+strings.Join(keysOf(t), ", "))
}

func keysOf(t reflect.Type) []string {
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i] = t.Field(i).Tag.Get("mapstructure")
	}
	return keys
}

func quote(s string) string { return strconv.Quote(s) }
