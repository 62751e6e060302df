package wire

import (
	"encoding/json"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Error is JSON that does not fit the type it is read into.
type Error struct {
	// Path names the place, e.g. `key_schema[0].KeyType`; empty for the whole.
	Path    string
	Message string
	// Valid are the names there are, sorted, where one is not among them.
	Valid []string
}

func (e *Error) Error() string {
	text := e.Message
	if len(e.Valid) > 0 {
		text += "; valid ones: " + strings.Join(e.Valid, ", ")
	}
	if e.Path == "" {
		return text
	}
	return e.Path + ": " + text
}

func syntaxMessage(data []byte) string {
	var ignored any
	if err := json.Unmarshal(data, &ignored); err != nil {
		return "the text is not JSON: " + err.Error()
	}
	return "the text is not JSON"
}

// itemError says which attribute of an item is at fault: the service's own words leave that open.
func itemError(object []byte, path string, err error) error {
	var entries map[string]json.RawMessage
	if json.Unmarshal(object, &entries) != nil {
		return at(path, err)
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if entries[name][0] != '{' {
			return mismatch(join(path, name), `an attribute value such as {"S":"text"}`, entries[name])
		}
		if _, err := attr.ParseValue(entries[name]); err != nil {
			return at(join(path, name), err)
		}
	}
	return at(path, err)
}

func unknown(path string, entries map[string]json.RawMessage, fields []Field) error {
	names := make([]string, 0, len(entries))
	for name := range entries {
		names = append(names, strconv.Quote(name))
	}
	sort.Strings(names)
	valid := make([]string, len(fields))
	for i, f := range fields {
		valid[i] = f.Name
	}
	sort.Strings(valid)
	if len(valid) == 0 {
		return &Error{Path: path, Message: "unknown argument " + strings.Join(names, ", ") + "; none is taken here"}
	}
	return &Error{Path: path, Message: "unknown argument " + strings.Join(names, ", "), Valid: valid}
}

// alsoUnknown names what is not known among the arguments, where one is missing: it is likely the missing one's, spelled otherwise.
func alsoUnknown(entries map[string]json.RawMessage, fields []Field) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if !slices.ContainsFunc(fields, func(f Field) bool { return f.Name == name }) {
			names = append(names, strconv.Quote(name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; unknown argument " + strings.Join(names, ", ")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func at(path string, err error) error {
	message := err.Error()
	if strings.HasSuffix(message, "_VALUE cannot be converted to String") { // as the service says it, which leaves open what to write
		message += `: texts and numbers stand in quotes, {"S":"text"}, {"N":"12.5"}`
	}
	return &Error{Path: path, Message: message}
}

// mismatch quotes what was there, cut where it is long: errors are read on one line.
func mismatch(path, want string, raw []byte) error {
	got := string(raw)
	if len(got) > 60 {
		got = strings.ToValidUTF8(got[:60], "") + "…"
	}
	return &Error{Path: path, Message: "expected " + want + ", got " + got}
}
