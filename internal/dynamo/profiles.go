package dynamo

import (
	"bufio"
	"os"
	"slices"
	"strings"
)

// Profiles are the names of the profiles in the shared configuration and credentials files, sorted. A file that is not there has none.
func Profiles() []string {
	state := stateOfFiles()
	var names []string
	for _, section := range append(sections(state.config.path), sections(state.credentials.path)...) {
		kind, name, found := strings.Cut(section, " ")
		switch {
		case !found: // in the configuration file only default goes without "profile"; in the credentials file all names do
			name = kind
		case kind != "profile": // sso-session, services
			continue
		}
		if name = strings.Trim(strings.TrimSpace(name), `"'`); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// sections are the headers of a file of the AWS tools, without their brackets.
func sections(path string) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // it was read only
	var list []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if !strings.HasPrefix(line, "[") {
			continue
		}
		if name, _, closed := strings.Cut(line[1:], "]"); closed {
			list = append(list, strings.Join(strings.Fields(name), " "))
		}
	}
	return list
}
