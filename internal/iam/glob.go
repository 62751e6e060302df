package iam

import (
	"slices"
	"strings"
)

// maxExpanded is how many patterns one class of characters may become; a larger one becomes any character.
const maxExpanded = 16

// tables are the allow-list's globs as IAM writes patterns: it has * and ? and no classes of characters, so [ab] becomes
// two patterns. Widened tells where a pattern allows more than its glob.
func (o Options) tables() []string {
	if len(o.Tables) == 0 {
		return []string{"*"}
	}
	var list []string
	for _, glob := range o.Tables {
		expanded, _ := expand(glob)
		for _, p := range expanded {
			if !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	return list
}

// Widened lists the globs that a policy can only approximate, by allowing more. The gate of ddb itself holds them exactly.
func (o Options) Widened() []string {
	var list []string
	for _, glob := range o.Tables {
		if _, exact := expand(glob); !exact {
			list = append(list, glob)
		}
	}
	return list
}

func expand(glob string) (patterns []string, exact bool) {
	start := strings.IndexByte(glob, '[')
	if start < 0 {
		return []string{strings.ReplaceAll(glob, `\`, "")}, true // no name of a table needs an escape
	}
	end := strings.IndexByte(glob[start:], ']')
	if end < 0 {
		return []string{glob}, true // op.Gate.Check refuses it
	}
	members, exact := class(glob[start+1 : start+end])
	tails, rest := expand(glob[start+end+1:])
	for _, m := range members {
		for _, tail := range tails {
			patterns = append(patterns, strings.ReplaceAll(glob[:start], `\`, "")+m+tail)
		}
	}
	if len(patterns) > maxExpanded {
		patterns, exact = nil, false
		for _, tail := range tails {
			patterns = append(patterns, glob[:start]+"?"+tail)
		}
	}
	return patterns, exact && rest
}

// class lists the characters of a class such as a-c_.
func class(text string) (members []string, exact bool) {
	if strings.HasPrefix(text, "^") || strings.Contains(text, `\`) {
		return []string{"?"}, false
	}
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		last := runes[i]
		first := last
		if i+2 < len(runes) && runes[i+1] == '-' {
			last = runes[i+2]
			i += 2
		}
		for r := first; r <= last; r++ {
			if members = append(members, string(r)); len(members) > maxExpanded {
				return []string{"?"}, false
			}
		}
	}
	return members, true
}
