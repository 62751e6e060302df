package cmd

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

// unknownCommand is what a noun without a verb does: help on its own, a suggestion for a word it does not know.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	return unknownAmong(c, args[0], "")
}

// orNearest is a hint about a name that is none of those there are: the one that was perhaps meant, or else what is said otherwise.
func orNearest(name string, among []string, otherwise string) string {
	if near := nearest.Name(name, among); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return otherwise
}

// unknownAmong refuses a word that is none of the commands below c. The hint is the one given, or the command that was perhaps meant, among those and others.
func unknownAmong(c *cobra.Command, word, hint string, others ...string) error {
	names := slices.Concat(others, commandNames(c))
	near := nearest.Name(word, names)
	if same := sameVerb(c, word); hint == "" && same != "" {
		hint = "that is: " + same
	}
	switch {
	case hint != "":
	case near != "":
		hint = fmt.Sprintf("did you mean %q?", near)
	case verbFirst(c) != "":
		hint = "a verb stands before the name: " + c.CommandPath() + " " + verbFirst(c) + " " + word
	case c.HasParent() && len(names) < 12:
		hint = "there are: " + strings.Join(names, ", ")
	default:
		hint = "see: " + c.CommandPath() + " --help"
	}
	return usage(fmt.Sprintf("unknown command %q for %q", word, c.CommandPath()), hint)
}

// verbs are what a verb is called elsewhere.
var verbs = map[string]string{
	"rm": "delete", "drop": "delete", "del": "delete", "destroy": "delete", "remove": "delete", "ls": "list", "show": "describe", "desc": "describe", "get": "describe", "info": "describe",
	"add": "create", "new": "create", "make": "create", "alter": "update", "modify": "update", "edit": "update", "on": "enable", "off": "disable", "delete": "remove", "put": "set",
}

// verbsOf are verbs of one noun that another command stands for.
var verbsOf = map[string]string{
	"insights enable": "insights update TABLE --action ENABLE", "insights disable": "insights update TABLE --action DISABLE", "insights status": "insights describe TABLE",
	"stream enable": "table update TABLE --stream new-and-old", "stream disable": "table update TABLE --stream off", "stream status": "stream describe TABLE", "stream read": "stream tail TABLE --from start --no-follow",
	"tag add": "tag set TABLE KEY=VALUE", "index describe": "index list TABLE", "table import": "s3-import start, or with a file here: ddb put TABLE @FILE", "table export": "s3-export start, or with a file here: ddb scan TABLE",
	"table count": "scan TABLE --count", "table scan": "scan TABLE", "table query": "query TABLE KEY", "table restore": "backup restore NAME TABLE", "table backup": "backup create TABLE NAME",
}

// sameVerb is the command below c that does what a verb of another tool does, "" where there is none.
func sameVerb(c *cobra.Command, word string) string {
	if !c.HasParent() {
		return ""
	}
	if command := verbsOf[strings.TrimPrefix(c.CommandPath(), "ddb ")+" "+word]; command != "" {
		return "ddb " + command
	}
	for _, sub := range c.Commands() {
		if !sub.Hidden && sub.Name() == verbs[word] {
			return strings.TrimSuffix(sub.UseLine(), " [flags]")
		}
	}
	return ""
}

// unknownAtRoot is unknownCommand for ddb itself, where people also type what they know from elsewhere: a name of the API, a verb of another tool, PartiQL.
func (a *app) unknownAtRoot(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	word := args[0]
	if len(args) > 1 && (word == "dynamodb" || word == "dynamodbstreams" || word == "dy") {
		word = args[1]
	}
	if command := elsewhere(word); command != "" {
		return unknownAmong(c, args[0], "that is: ddb "+command)
	}
	sql := []string{"SELECT", "INSERT", "UPDATE", "DELETE", "EXISTS"}
	if a.session != nil {
		return unknownAmong(c, word, "", append(sql, "begin", "commit", "rollback", "quit", "exit")...)
	}
	if first := strings.ToUpper(strings.Fields(word + " .")[0]); slices.Contains(sql, first) {
		return unknownAmong(c, args[0], "PartiQL is one argument of: ddb sql 'SELECT …'")
	}
	if near := nearest.Name(word, commandNames(c)); near == "" {
		if command := elsewhere(nearest.Within(strings.ToLower(word), elsewhereWords(), 2)); command != "" {
			return unknownAmong(c, args[0], "did you mean: ddb "+command)
		}
	}
	return unknownAmong(c, word, "")
}

// verbFirst is the verb that shows what a noun is about, for who gave a name at once: ddb ttl Orders.
func verbFirst(c *cobra.Command) string {
	if !c.HasParent() {
		return ""
	}
	for _, verb := range []string{"status", "describe", "list", "get", "table"} {
		for _, sub := range c.Commands() {
			if words := strings.Fields(sub.Use); sub.Name() == verb && len(words) > 1 {
				return verb
			}
		}
	}
	return ""
}

// commandNames are the names of the commands below c that are not hidden.
func commandNames(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			names = append(names, append([]string{sub.Name()}, sub.Aliases...)...)
		}
	}
	return names
}

// elsewhereWords are the names of the AWS CLI, for one that is mistyped.
func elsewhereWords() []string {
	var words []string
	for _, o := range ops.All {
		if api := o.Spec().API; api != "" {
			words = append(words, strings.ToLower(kebab.ReplaceAllString(api, "$1-$2")))
		}
	}
	return words
}

// kebab finds the places where the AWS CLI has a hyphen in a name of the API.
var kebab = regexp.MustCompile(`([a-z])([A-Z])`)

// elsewhereNames are the verbs of dynein that are others here, and what people type for want of knowing.
var elsewhereNames = map[string]string{
	"ls": "table list", "list": "table list", "desc": "table describe TABLE", "describe": "table describe TABLE", "use": "config use CONTEXT", "upd": "update TABLE KEY",
	"del": "delete TABLE KEY", "bwrite": "put TABLE @FILE", "restore": "backup restore NAME TABLE", "bootstrap": "demo", "admin": "table --help", "create": "table create TABLE --keys NAME:S",
	"rm": "delete TABLE KEY", "drop": "table delete TABLE", "count": "scan TABLE --count", "copy": "table copy FROM TO", "cp": "table copy FROM TO", "truncate": "table truncate TABLE", "apply": "table apply FILE",
	"diff": "table diff A B", "load": "put TABLE @FILE", "dump": "scan TABLE", "insert": "put TABLE ITEM", "add": "put TABLE ITEM", "stats": "table stats TABLE", "tags": "tag list TABLE",
	"tables": "table list", "search": "vector search TABLE", "login": "config --help, and: aws sso login", "configure": "config set", "tail": "stream tail TABLE", "exit": "shell --help", "quit": "shell --help",
}

// elsewhere gives the command that does what a name of the AWS CLI, or a verb of another tool, stands for.
func elsewhere(word string) string {
	if command := elsewhereNames[word]; command != "" {
		return command
	}
	for _, o := range ops.All {
		if api := o.Spec().API; api != "" && strings.EqualFold(strings.ReplaceAll(word, "-", ""), api) {
			return commandOf(o.Spec())
		}
	}
	return ""
}

// commandOf is the shortest way to an operation: the bare verb for those on one item.
func commandOf(s op.Spec) string {
	switch s.Tool { // two verbs stand for each
	case ttl.Update.Spec().Tool:
		return "ttl enable TABLE ATTRIBUTE, and: ddb ttl disable TABLE"
	case backup.UpdateContinuous.Spec().Tool:
		return "pitr enable TABLE, and: ddb pitr disable TABLE"
	}
	path := s.Path()
	if _, verb, item := strings.Cut(path, "item "); item && slices.Contains([]string{"get", "put", "update", "delete"}, verb) {
		return verb
	}
	return path
}
