package cmd

import (
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var negative = regexp.MustCompile(`^-(\d|\.\d)`)

// positions lets negative numbers be positions: a position that begins like one is moved behind "--", where nothing is a flag, along with the positions that follow it. Flags
// keep their values, whatever they look like.
func positions(root *cobra.Command, args []string) []string {
	found := false
	for _, a := range args {
		if a == "--" {
			return args
		}
		found = found || negative.MatchString(a)
	}
	if !found {
		return args
	}
	command, _, err := root.Find(withoutNegatives(args))
	if err != nil {
		return args
	}
	var front, back []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case len(back) > 0 && !isFlag(a), negative.MatchString(a):
			back = append(back, a)
		default:
			front = append(front, a)
			if isFlag(a) && takesValue(command, a) && i+1 < len(args) {
				i++
				front = append(front, args[i])
			}
		}
	}
	return append(append(front, "--"), back...)
}

func isFlag(a string) bool { return len(a) > 1 && a[0] == '-' && !negative.MatchString(a) }

func withoutNegatives(args []string) []string {
	var kept []string
	for _, a := range args {
		if !negative.MatchString(a) {
			kept = append(kept, a)
		}
	}
	return kept
}

// takesValue tells whether the next argument belongs to this flag.
func takesValue(c *cobra.Command, arg string) bool {
	if strings.Contains(arg, "=") {
		return false
	}
	var flag *pflag.Flag
	if name, long := strings.CutPrefix(arg, "--"); long {
		flag = c.Flag(name)
	} else {
		last := arg[len(arg)-1:]
		if flag = c.Flags().ShorthandLookup(last); flag == nil {
			flag = c.InheritedFlags().ShorthandLookup(last)
		}
	}
	return flag != nil && flag.NoOptDefVal == ""
}
