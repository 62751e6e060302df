// Package prompts carries the texts ddb gives to language models: the DynamoDB
// data modeling prompt, in Markdown, whole or by section. The command
// "ddb modeling prompt", the MCP tool dynamodb_data_modeling and the MCP prompt
// of the same name all serve it from here.
package prompts

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

//go:embed modeling/*.md
var files embed.FS

// MaxBytes bounds the whole modeling prompt: a model reads it in one piece, and
// every byte of it is paid for in each conversation that asks for it.
const MaxBytes = 32 * 1024

// A Section is one part of the modeling prompt, readable on its own.
type Section struct {
	Name  string // stable name for --section and MCP arguments, such as "indexes"
	Title string // the section's heading, without the Markdown mark
	Text  string // Markdown, heading included, ending in a newline
}

// sections is read once from the embedded files: they cannot change at run time.
var sections = load()

// Modeling returns the whole data modeling prompt: every section in reading order.
func Modeling() string {
	texts := make([]string, len(sections))
	for i, s := range sections {
		texts[i] = s.Text
	}
	return strings.Join(texts, "\n")
}

// Sections returns the parts of the modeling prompt in reading order.
// The caller owns the slice.
func Sections() []Section {
	return append([]Section(nil), sections...)
}

// SectionByName returns one part of the modeling prompt. An unknown name is an error that lists
// the valid ones.
func SectionByName(name string) (Section, error) {
	names := make([]string, len(sections))
	for i, s := range sections {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	return Section{}, fmt.Errorf("unknown section %q of the modeling prompt; choose one of: %s", name, strings.Join(names, ", "))
}

// load orders the sections by file name ("25-indexes.md"): the number gives
// the place, the rest the section's name.
func load() []Section {
	entries, err := files.ReadDir("modeling")
	if err != nil {
		return nil // an embedded directory is always there; a test counts the sections
	}
	list := make([]Section, 0, len(entries))
	for _, e := range entries {
		text, err := files.ReadFile(path.Join("modeling", e.Name()))
		if err != nil {
			continue
		}
		_, name, _ := strings.Cut(strings.TrimSuffix(e.Name(), ".md"), "-")
		heading, _, _ := strings.Cut(string(text), "\n")
		list = append(list, Section{Name: name, Title: strings.TrimPrefix(heading, "# "), Text: string(text)})
	}
	return list
}
