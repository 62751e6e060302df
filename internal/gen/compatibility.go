package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// compatibilityPage says how the embedded engine compares with the service, operation by operation.
const compatibilityPage = "docs/compatibility.md"

// scenarioDir holds the scenarios, whose steps are counted.
const scenarioDir = "internal/engine/enginetest/testdata"

// compatibilityProse is what is said of each operation; the one place to change when an answer changes.
//
//go:embed compatibility.yaml
var compatibilityProse []byte

// compatibility is the page: what stands before the tables, and the areas in order.
type compatibility struct {
	Intro string `yaml:"intro"`
	Areas []struct {
		Name       string         `yaml:"name"`
		Operations []comparedCall `yaml:"operations"`
	} `yaml:"areas"`
	Everywhere string `yaml:"everywhere"`
}

// comparedCall is one operation: exact when nothing is known to differ, approximate in what is listed, and what it
// refuses.
type comparedCall struct {
	Name        string   `yaml:"name"`
	Approximate []string `yaml:"approximate"`
	Refused     []string `yaml:"refused"`
	Note        string   `yaml:"note"`
}

// writeCompatibility writes the page of a module's root from the prose and the scenarios below that root.
func writeCompatibility(root string) error {
	page, err := readCompatibility()
	if err != nil {
		return err
	}
	steps, files, err := countSteps(filepath.Join(root, filepath.FromSlash(scenarioDir)))
	if err != nil {
		return err
	}
	total := 0
	for _, n := range steps {
		total += n
	}
	var b strings.Builder
	b.WriteString("# Compatibility\n\n" + strings.TrimSpace(page.Intro) + "\n")
	fmt.Fprintf(&b, "\nThe scenarios are %d steps in %d files, run in process, over HTTP in memory, and over HTTP on disk.\n", total, files)
	for _, a := range page.Areas {
		fmt.Fprintf(&b, "\n## %s\n\n| Operation | | What differs | Steps |\n|---|---|---|---|\n", a.Name)
		for _, o := range a.Operations {
			fmt.Fprintf(&b, "| %s | %s | %s | %d |\n", o.Name, o.verdict(), o.differences(), steps[o.Name])
		}
	}
	b.WriteString("\n## Everywhere\n\n" + strings.TrimSpace(page.Everywhere) + "\n")
	return os.WriteFile(filepath.Join(root, filepath.FromSlash(compatibilityPage)), tidy([]byte(b.String())), 0o644)
}

func readCompatibility() (page compatibility, err error) {
	if err := yaml.UnmarshalWithOptions(compatibilityProse, &page, yaml.DisallowUnknownField()); err != nil {
		return page, fmt.Errorf("compatibility.yaml: %w", err)
	}
	return page, nil
}

// verdict is the word for an operation.
func (o comparedCall) verdict() string {
	if len(o.Approximate) > 0 || len(o.Refused) > 0 {
		return "approximate"
	}
	return "exact"
}

func (o comparedCall) differences() string {
	var parts []string
	if o.Note != "" {
		parts = append(parts, o.Note)
	}
	parts = append(parts, o.Approximate...)
	for _, r := range o.Refused {
		parts = append(parts, "**Refused:** "+r)
	}
	for i, p := range parts {
		parts[i] = strings.TrimSuffix(strings.TrimSpace(p), ".") + "."
	}
	return strings.Join(parts, " ")
}

// countSteps counts the calls of all scenarios by operation, and the files.
func countSteps(dir string) (steps map[string]int, files int, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, 0, err
	}
	steps = map[string]int{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, 0, err
		}
		for _, operation := range stepsOf(string(text)) {
			steps[operation]++
		}
	}
	return steps, len(names), nil
}

// stepsOf lists the operations a scenario calls: the first word of each step, which ends with its answer and a blank line.
func stepsOf(scenario string) (operations []string) {
	const separator = "----"
	lines := strings.Split(scenario, "\n")
	for i := 0; i < len(lines); i++ {
		if fields := strings.Fields(lines[i]); len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		operations = append(operations, strings.Fields(lines[i])[0])
		answer := slices.Index(lines[i:], separator)
		if answer < 0 {
			return operations
		}
		i += answer + 1
		if i < len(lines) && lines[i] == separator { // an answer that holds blank lines stands between double separators
			i++
			for i+1 < len(lines) && (lines[i] != separator || lines[i+1] != separator) {
				i++
			}
			i++
			continue
		}
		for i < len(lines) && strings.TrimSpace(lines[i]) != "" {
			i++
		}
	}
	return operations
}
