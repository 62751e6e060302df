package config

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/adrg/xdg"
	"github.com/spf13/viper"
)

// env is the part of the environment ddb looks at.
type env struct {
	v *viper.Viper
	// readOnly is DDB-MCP-READONLY, by either spelling: a name with dashes is what 1.0.3 asked for, though no shell sets it.
	readOnly bool
	// identified and endpoint say that the environment tells the SDK who calls, and where to.
	identified, endpoint bool
}

// variables lists the environment variables by the name they have here. The first that is set counts.
var variables = map[string][]string{
	"config":            {"DDB_CONFIG"},
	"context":           {"DDB_CONTEXT"},
	"profile":           {"DDB_PROFILE"},
	"region":            {"DDB_REGION"},
	"endpoint":          {"DDB_ENDPOINT"},
	"local":             {"DDB_LOCAL"},
	"data":              {"DDB_DATA"},
	"s3_root":           {"DDB_S3_ROOT"},
	"snapshots":         {"DDB_SNAPSHOTS"},
	"table":             {"DDB_TABLE"},
	"read_only":         {"DDB_READ_ONLY"},
	"tables":            {"DDB_TABLES"},
	"effects":           {"DDB_EFFECTS"},
	"regions":           {"DDB_REGIONS"},
	"output":            {"DDB_OUTPUT"},
	"color":             {"DDB_COLOR"},
	"no_color":          {"NO_COLOR"},
	"mcp_read_only":     {"DDB-MCP-READONLY", "DDB_MCP_READONLY"},
	"fastmcp_log_level": {"FASTMCP_LOG_LEVEL"},
	"aws_region":        {"AWS_REGION", "AWS_DEFAULT_REGION"},
	"aws_profile":       {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"},
	"aws_endpoint":      {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"},
	"aws_keys":          {"AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"},
	"aws_web_identity":  {"AWS_WEB_IDENTITY_TOKEN_FILE"},
	"aws_ignore":        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"},
}

func environment() *env {
	v := viper.New()
	for name, list := range variables {
		// It fails only without a name.
		_ = v.BindEnv(append([]string{name}, list...)...)
	}
	e := &env{v: v}
	for _, name := range variables["mcp_read_only"] {
		e.readOnly = e.readOnly || truth(os.Getenv(name))
	}
	e.endpoint = e.text("aws_endpoint") != "" && !truth(e.text("aws_ignore"))
	e.identified = e.text("aws_profile") != "" || e.text("aws_keys") != "" || e.text("aws_web_identity") != ""
	return e
}

func (e *env) text(name string) string { return e.v.GetString(name) }

// path is where the configuration file is: --config, DDB_CONFIG, else below the XDG configuration home.
func (l *loader) path() string {
	if p := l.flag(FlagConfig); p != "" {
		return p
	}
	if p := l.env.text("config"); p != "" {
		return p
	}
	return defaultPath()
}

// defaultPath is ~/.config/ddb/config.yaml, or its like on this system.
func defaultPath() string {
	return userFolder(&xdg.ConfigHome, "config.yaml")
}

// dataDir is where the embedded engine keeps its data.
func dataDir() string {
	return userFolder(&xdg.DataHome, "local")
}

// CacheDir is for what can be had again, such as completions.
func CacheDir() string {
	return userFolder(&xdg.CacheHome)
}

// StateDir is for what is kept between runs and is no setting, such as the history of the shell.
func StateDir() string {
	return userFolder(&xdg.StateHome)
}

// reading keeps the folders of package xdg, which are variables, for one reader at a time.
var reading sync.Mutex

// userFolder is ddb's own folder below one of the user's. The environment is read each time: package xdg reads it when the program starts, and tests set it later.
func userFolder(base *string, below ...string) string {
	reading.Lock()
	defer reading.Unlock()
	xdg.Reload()
	return filepath.Join(append([]string{*base, "ddb"}, below...)...)
}
