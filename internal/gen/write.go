package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/ddb-cli/ddb/cmd"
)

// completions names the file of each shell as the shells look for it.
var completions = map[string]func(*cobra.Command, io.Writer) error{
	"ddb.bash": cmd.BashCompletion,
	"_ddb":     func(c *cobra.Command, w io.Writer) error { return c.GenZshCompletion(w) },
	"ddb.fish": func(c *cobra.Command, w io.Writer) error { return c.GenFishCompletion(w, true) },
	"ddb.ps1":  func(c *cobra.Command, w io.Writer) error { return c.GenPowerShellCompletionWithDesc(w) },
}

func writeCompletions(root *cobra.Command, dir string) error {
	files := map[string][]byte{}
	for name, generate := range completions {
		var b bytes.Buffer
		if err := generate(root, &b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		files[name] = tidy(b.Bytes())
	}
	return replace(dir, files)
}

// writeCommands writes one page for each command a person sees.
func writeCommands(root *cobra.Command, dir string) error {
	prepare(root)
	files := map[string][]byte{}
	err := each(root, func(c *cobra.Command) error {
		files[page(c)+".md"] = tidy(markdown(c))
		return nil
	})
	if err != nil {
		return err
	}
	return replace(dir, files)
}

// The marks in .goreleaser.yaml between which the cask's man pages are named: Homebrew wants each by name.
const (
	pagesBegin = "      # START MANPAGES (go generate)\n"
	pagesEnd   = "      # END MANPAGES\n"
)

func writeCask(root *cobra.Command, file string) error {
	prepare(root)
	var list []string
	_ = each(root, func(c *cobra.Command) error {
		list = append(list, "      - man/"+manPage(c)+"\n")
		return nil
	})
	slices.Sort(list)
	return between(file, pagesBegin, pagesEnd, strings.Join(list, ""))
}

// writeMan writes one page of section 1 for each command, dated by the last release.
func writeMan(root *cobra.Command, changelog, dir string) error {
	prepare(root)
	text, err := os.ReadFile(changelog)
	if err != nil {
		return err
	}
	date, err := released(text)
	if err != nil {
		return fmt.Errorf("%s: %w", changelog, err)
	}
	files := map[string][]byte{}
	err = each(root, func(c *cobra.Command) error {
		var b bytes.Buffer
		name := manPage(c)
		header := &doc.GenManHeader{Title: strings.ToUpper(strings.TrimSuffix(name, ".1")), Section: "1", Source: "ddb", Manual: "ddb", Date: &date}
		if err := doc.GenMan(c, header, &b); err != nil {
			return err
		}
		files[name] = b.Bytes()
		return nil
	})
	if err != nil {
		return err
	}
	return replace(dir, files)
}

// prepare makes the tree as a person finds it: with help and completion, without cobra's note of the day.
func prepare(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	root.DisableAutoGenTag = true
	_ = each(root, func(c *cobra.Command) error { c.DisableAutoGenTag = true; return nil })
}

// page is the command's path as a file's name: "ddb_table_list".
func page(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "_") }

// manPage is the file of a command's manual page: "ddb-table-list.1".
func manPage(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1" }

// each visits the commands a person sees, a parent before its children.
func each(c *cobra.Command, visit func(*cobra.Command) error) error {
	if c.HasParent() && (!c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand()) {
		return nil
	}
	if err := visit(c); err != nil {
		return err
	}
	for _, sub := range c.Commands() {
		if err := each(sub, visit); err != nil {
			return err
		}
	}
	return nil
}

var release = regexp.MustCompile(`(?m)^## \[[0-9][^\]]*\] - (\d{4}-\d{2}-\d{2})$`)

// beginning dates the pages until there is a first release.
var beginning = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// released is the date of the newest release in a changelog, which lists the newest first.
func released(changelog []byte) (time.Time, error) {
	found := release.FindSubmatch(changelog)
	if found == nil {
		return beginning, nil
	}
	return time.Parse(time.DateOnly, string(found[1]))
}

// tidy removes blanks at ends of lines and gives the file exactly one newline at its end.
func tidy(text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	for i := range lines {
		lines[i] = bytes.TrimRight(lines[i], " \t\r")
	}
	return append(bytes.TrimRight(bytes.Join(lines, []byte("\n")), "\n"), '\n')
}

// replace makes dir hold exactly these files: a page of a command that is gone goes too.
func replace(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range there {
		if _, keep := files[entry.Name()]; !keep && !entry.IsDir() {
			if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	for name, content := range files {
		if err := write(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return nil
}

// write leaves a file that is already right untouched, so that nothing is rebuilt for it.
func write(name string, content []byte) error {
	old, err := os.ReadFile(name)
	if err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(name, content, fs.FileMode(0o644))
}

// between replaces what stands between two marks of a file that people write.
func between(name, begin, end, text string) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(content), begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		return fmt.Errorf("%s: the marks %q and %q are gone; put them back where the generated part belongs", name, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return write(name, []byte(before+begin+text+end+after))
}
