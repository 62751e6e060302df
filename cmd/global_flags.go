package cmd

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/render"
)

// globalFlags are the flags that every command takes and config does not look at.
type globalFlags struct {
	query, jq              string
	columns                []string
	noHeader, typed, debug bool
	crlf                   bool
	yes, dryRun, explain   bool
	stats                  bool
	returns                returned
	timeout                time.Duration
}

// globals defines the flags every command takes.
func (a *app) globals(f *pflag.FlagSet) {
	f.String(config.FlagProfile, "", "AWS `profile`, or several for commands that read: dev,prod")
	f.String(config.FlagRegion, "", "AWS `region`, or several for commands that read: eu-west-1,us-east-1 or all")
	f.String(config.FlagEndpoint, "", "another endpoint `URL`")
	f.String(config.FlagContext, "", "`context` of the configuration file")
	f.String(config.FlagConfig, "", "configuration `file`")
	f.String(config.FlagLocal, "", "the embedded engine: its store, --local=memory, or --local=`DIR`")
	f.Lookup(config.FlagLocal).NoOptDefVal = "disk"
	f.String(config.FlagData, "", "`directory` of the embedded store")
	f.String(config.FlagS3Root, "", "`directory` that stands for S3 in exports and imports of the embedded engine")
	f.String(config.FlagTable, "", "default `table`, written . where a table is expected")
	f.Bool(config.FlagReadOnly, false, "refuse everything that is no read")
	f.StringSlice(config.FlagTables, nil, "touch only tables that match these `globs`")
	f.StringSlice(config.FlagEffects, nil, "allow only calls that `read,write,destroy`, as listed")
	f.StringSlice(config.FlagRegions, nil, "touch only regions that match these `globs`")
	f.VarP(new(outputFormat), config.FlagOutput, "o", "output `format`: "+strings.Join(render.Formats, " "))
	f.String(config.FlagColor, "", "auto, always or never")
	f.StringVar(&a.flags.query, "query", "", "select from the answer with `JMESPath`; a list of items is one array")
	f.StringVar(&a.flags.jq, "jq", "", "transform with `jq`, one by one what -o jsonl has on a line; arithmetic is float64")
	f.StringSliceVar(&a.flags.columns, "columns", nil, "show only these `attributes`, in this order")
	f.BoolVar(&a.flags.noHeader, "no-header", false, "no header in tables, CSV and TSV")
	f.BoolVar(&a.flags.crlf, "crlf", false, "end the rows of CSV in CR LF, as RFC 4180 has them")
	f.BoolVar(&a.flags.typed, "typed", false, "DynamoDB JSON in and out")
	f.BoolVar(&a.flags.debug, "debug", false, "show requests on standard error, credentials redacted")
	f.BoolVar(&a.flags.stats, "stats", false, "tell capacity and time on standard error, as on a terminal")
	f.BoolVarP(&a.flags.yes, "yes", "y", false, "do not ask before destroying")
	f.BoolVar(&a.flags.dryRun, "dry-run", false, "print the request instead of sending it")
	f.DurationVar(&a.flags.timeout, "timeout", 0, "give up after this `time`: 30s, 10m")
}

// codeFormats are what table describe writes beside the formats of render.
var codeFormats = []string{"cloudformation", "terraform"}

// An outputFormat is the value of -o. Each one given is looked at, also where a later one takes its place.
type outputFormat string

func (o *outputFormat) Set(text string) error {
	if text != "" && !slices.Contains(render.Formats, text) && !slices.Contains(codeFormats, text) {
		more := ""
		if text == "text" || text == "raw" || text == "plain" {
			more = "; without -o, what --query and --jq select stands bare on its line"
		}
		return fmt.Errorf("unknown output format %q; formats are: %s%s", text, strings.Join(render.Formats, " "), more)
	}
	*o = outputFormat(text)
	return nil
}

func (o *outputFormat) Type() string { return "string" }

func (o *outputFormat) String() string { return string(*o) }
