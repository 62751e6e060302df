package assistant

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/op"
)

// Entry is a server that a client is to start, as its file names it.
type Entry struct {
	// Name is what the client calls the server.
	Name    string
	Command string
	Args    []string
}

// Change is a file before and after an edit. Nothing is written yet: Write does that.
type Change struct {
	File          string
	Before, After []byte
	// Entries are the names of those that were put in, changed or taken out.
	Entries []string
}

// Made says whether there is anything to write; false where the entry is as wanted already, or not there to be taken out.
func (c Change) Made() bool { return !bytes.Equal(c.Before, c.After) }

const (
	// CodeClientFile says that a client's file cannot be read or edited.
	CodeClientFile = "ClientFile"
	// CodeForeignEntry refuses to replace or to take out an entry that starts something else than ddb.
	CodeForeignEntry = "ForeignEntry"
)

func (c Client) open(file string, text []byte) (document, error) {
	var d document
	var err error
	if c.toml {
		d, err = openTOML(text, c.servers)
	} else {
		d, err = openJSON(text, c.servers)
	}
	if err != nil {
		return nil, fault(file, text, err)
	}
	return d, nil
}

func fault(file string, text []byte, err error) error {
	at := file
	if bad, ok := errors.AsType[*faultError](err); ok {
		line, column := place(text, bad.at)
		at = fmt.Sprintf("%s:%d:%d", file, line, column)
	}
	return &op.Error{Code: CodeClientFile, Message: at + ": " + err.Error(), Hint: "nothing was written; correct the file and try again", Cause: err}
}

// Install puts an entry into the text of a client's file, or brings the one of that name up to date. An entry of the name that
// starts something else than ddb is left alone unless replace is set.
func (c Client) Install(file string, text []byte, e Entry, replace bool) (Change, error) {
	d, err := c.open(file, text)
	if err != nil {
		return Change{}, err
	}
	old, there := d.servers()[e.Name]
	fields := append(slices.Clone(c.extra), field{"command", e.Command}, field{"args", e.Args})
	if there {
		if _, remote := members(old)["url"]; remote && !replace || !replace && !isOurs(e.Name, old) {
			return Change{}, &op.Error{
				Code: CodeForeignEntry, Message: fmt.Sprintf("%s has an entry %q already, which starts something else: %s", file, e.Name, describe(old)),
				Hint: "give ours another name with --name, take its place with --yes, or with --migrate if it is awslabs.dynamodb-mcp-server",
			}
		}
		fields = fields[len(c.extra):] // what it is besides is the user's choice by now
	}
	return c.edit(file, text, d, []string{e.Name}, func(d document, name string) ([]byte, error) { return d.put(name, fields) })
}

// Migrate turns the entries of awslabs.dynamodb-mcp-server into ones for ddb where they stand, under their own names, with
// their environment and everything else they hold.
func (c Client) Migrate(file string, text []byte, e Entry) (Change, error) {
	d, err := c.open(file, text)
	if err != nil {
		return Change{}, err
	}
	var names []string
	environments := map[string]map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(d.servers())) {
		old := d.servers()[name]
		if !startsAwslabs(old) {
			continue
		}
		env, err := containerEnvironment(old)
		if err == nil && len(env) > 0 && c.toml {
			err = errors.New("it sets variables for a container, which cannot be carried over in TOML")
		}
		if err != nil {
			return Change{}, &op.Error{Code: CodeClientFile, Message: fmt.Sprintf("%s: the entry %q cannot be migrated: %v", file, name, err), Hint: `move the variables into "env" of the entry and try again`}
		}
		names, environments[name] = append(names, name), env
	}
	if len(names) == 0 {
		return Change{}, &op.Error{Code: CodeClientFile, Message: "there is no entry for awslabs.dynamodb-mcp-server in " + file, Hint: "without --migrate a new entry is put in"}
	}
	return c.edit(file, text, d, names, func(d document, name string) ([]byte, error) {
		fields := []field{{"command", e.Command}, {"args", e.Args}}
		if env := environments[name]; len(env) > 0 {
			fields = append(fields, field{"env", env})
		}
		return d.put(name, fields)
	})
}

// Uninstall takes an entry out. One that does not start ddb stays unless force is set. There is no change where it is not there.
func (c Client) Uninstall(file string, text []byte, name string, force bool) (Change, error) {
	d, err := c.open(file, text)
	if err != nil {
		return Change{}, err
	}
	old, there := d.servers()[name]
	if !there {
		return Change{File: file, Before: text, After: text}, nil
	}
	if !force && !isOurs(name, old) {
		return Change{}, &op.Error{
			Code: CodeForeignEntry, Message: fmt.Sprintf("the entry %q of %s is not ddb's: %s", name, file, describe(old)),
			Hint: "name ddb's with --name, or take this one out with --yes",
		}
	}
	return c.edit(file, text, d, []string{name}, func(d document, name string) ([]byte, error) { return d.remove(name) })
}

// edit makes one change after the other and makes sure that nothing else in the file came to mean something different.
func (c Client) edit(file string, text []byte, d document, names []string, step func(document, string) ([]byte, error)) (Change, error) {
	change := Change{File: file, Before: text, Entries: names}
	before := d
	for _, name := range names {
		next, err := step(d, name)
		if err != nil {
			return Change{}, fault(file, text, err)
		}
		if d, err = c.open(file, next); err != nil {
			return Change{}, &op.Error{Code: op.CodeInternal, Message: "the edit would have broken the file: " + err.Error(), Hint: "please report this"}
		}
		change.After = next
	}
	if !reflect.DeepEqual(c.without(before, names), c.without(d, names)) {
		return Change{}, &op.Error{Code: op.CodeInternal, Message: "the edit would have changed more of " + file + " than its entry", Hint: "please report this"}
	}
	if reflect.DeepEqual(before.tree(), d.tree()) {
		change.After = text // not even a blank is moved where nothing changes
	}
	return change, nil
}

// without is what a file says beside some entries.
func (c Client) without(d document, names []string) any {
	var strip func(values map[string]any, path []string) map[string]any
	strip = func(values map[string]any, path []string) map[string]any {
		out := maps.Clone(values)
		if len(path) == 0 {
			for _, name := range names {
				delete(out, name)
			}
			return out
		}
		next, ok := out[path[0]].(map[string]any)
		if !ok {
			return out
		}
		if out[path[0]] = strip(next, path[1:]); len(strip(next, path[1:])) == 0 {
			delete(out, path[0])
		}
		return out
	}
	out := strip(d.tree(), c.servers)
	if len(out) == 0 {
		return nil
	}
	return out
}

func describe(entry any) string {
	if words := commandLine(entry); len(words) > 0 {
		return strings.Join(words, " ")
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return "it is in a form not known here"
	}
	return string(text)
}
