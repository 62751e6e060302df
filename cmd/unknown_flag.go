package cmd

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/nearest"
)

var unknownFlag = regexp.MustCompile(`^unknown (?:shorthand )?flag: (?:'(.)' in )?-?-?([^ ]+)`)

// flagError adds the flag that was perhaps meant, or how the thing is said here. Behind a word that is no command the word is the mistake.
func (a *app) flagError(c *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	hint := "see: " + c.CommandPath() + " --help"
	if m := unknownFlag.FindStringSubmatch(err.Error()); m != nil {
		name, _, _ := strings.Cut(m[2], "=")
		if m[1] != "" {
			name = m[1]
		}
		near := nearest.Name(name, flagNames(c))
		if words := c.Flags().Args(); !c.HasParent() && len(words) > 0 && nearest.Within(name, flagNames(c), 1) == "" {
			return a.unknownAtRoot(c, words)
		}
		if here := flagElsewhere(c, name); here != "" {
			hint = here
		} else if near != "" && m[1] == "" {
			hint = fmt.Sprintf("did you mean --%s?", near)
		}
	}
	return usage(err.Error(), hint)
}

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	c.InheritedFlags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// flagsElsewhere are flags of the AWS CLI, of dynein, and of ddb's own commands next door, with what to write instead. A key may name the command it is for: table update --ttl.
var flagsElsewhere = map[string]string{ //nolint:gosec // names of flags, and no credentials
	"put -f": "a file is a position: ddb put TABLE @FILE", "put --file": "a file is a position: ddb put TABLE @FILE", "put --input": "a file is a position: ddb put TABLE @FILE",
	"scan --where": "write --filter 'total > 100'; ddb query TABLE --where finds the index that fits", "scan --sort": inOrder, "scan --order-by": inOrder, "query --sort": inOrder, "query --order-by": inOrder,
	"scan --desc": inOrder, "query --desc": "write --reverse", "update --append": "write --set 'tags = list_append(tags, [\"c\"])'", "update --increment": "write --add NAME=1", "update --inc": "write --add NAME=1",
	"sql -f": "a file is a position: ddb sql @FILE for one statement, ddb shell --file FILE for several", "sql --file": "a file is a position: ddb sql @FILE for one statement, ddb shell --file FILE for several",
	"index create --keys": "the keys stand behind the name: ddb index create TABLE 'ByStatus=status:S,placed:S'", "table wait --active": "it waits for that by itself", "get --fields": "write --columns a,b or --project 'a, b'",
	"get --attributes": "write --columns a,b or --project 'a, b'", "scan --attributes": "write --columns a,b or --project 'a, b'", "scan --fields": "write --columns a,b or --project 'a, b'",
	"table create -k": "write --keys NAME:S,NAME:N", "table create --key": "write --keys NAME:S,NAME:N", "--quiet": "what is not data goes to standard error: 2>/dev/null", "--output-file": "write > FILE behind the command", "--no-color": "write --color never, or set NO_COLOR",
	"scan --parallel":    "processes share a scan by --segment 0 --total-segments 4 and so on",
	"table update --ttl": "that is: ddb ttl enable TABLE ATTRIBUTE", "table update --pitr": "that is: ddb pitr enable TABLE", "table update --tag": "that is: ddb tag set TABLE KEY=VALUE",
	"table update --tags": "that is: ddb tag set TABLE KEY=VALUE", "table update --class": "write --table-class STANDARD_INFREQUENT_ACCESS or STANDARD",
	"table update --billing":    "write --on-demand, or --capacity READ,WRITE",
	"table create --key-schema": "write --keys NAME:S,NAME:N", "table create --billing": "it is on demand, unless --capacity READ,WRITE is given",
	"wait table --deleted": "write --gone", "table wait --deleted": "write --gone", "wait index --deleted": "write --gone", "--force": "write --yes", "--max-items": "write --limit N", "--port": "write --endpoint-url http://127.0.0.1:PORT",
	"--starting-token": "write --start-key KEY", "--no-paginate": "every page is followed; --limit N and --max-items-read N end it", "--json": "write -o json", "--format": "write -o FORMAT",
	"--cli-input-json": "each parameter has a flag or a position here", "--no-cli-pager": "there is no pager", "--scan-index-forward": "the order is turned by --reverse", "--no-scan-index-forward": "write --reverse",
}

// inOrder is what is to be known of the order of items.
const inOrder = "items of one partition come in the order of the sort key, which query --reverse turns; others are sorted behind: -o json --query 'sort_by(@, &age)'"

// flagElsewhere is the hint for a flag that is another here, "" for one that nobody knows.
func flagElsewhere(c *cobra.Command, name string) string {
	dashed := "--" + name
	if len(name) == 1 {
		dashed = "-" + name
	}
	path := strings.TrimPrefix(strings.TrimPrefix(c.CommandPath(), "ddb "), "item ")
	if hint := flagsElsewhere[path+" "+dashed]; hint != "" {
		return hint
	}
	if name == "table-name" || name == "name" || name == "backup-name" {
		return "names are positions here: " + strings.TrimSuffix(c.UseLine(), " [flags]")
	}
	return flagsElsewhere[dashed]
}
