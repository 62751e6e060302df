package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
)

// ownPath is a path to this program that is good after an upgrade too. The system may know only the file behind the links (for Homebrew a folder
// with the version in its name, which the next upgrade takes away), so the name it was started by and ddb on the PATH come first, where they lead
// to that same file. lookPath is exec.LookPath.
func ownPath(startedAs, executable string, lookPath func(string) (string, error)) string {
	own, err := os.Stat(executable)
	if err != nil {
		return executable
	}
	candidates := []string{startedAs}
	if filepath.Base(startedAs) == startedAs { // found on the PATH
		candidates = nil
	}
	for _, name := range []string{filepath.Base(startedAs), "ddb"} {
		if found, err := lookPath(name); err == nil {
			candidates = append(candidates, found)
		}
	}
	best := executable
	for _, candidate := range candidates {
		whole, err := filepath.Abs(candidate)
		if err != nil {
			continue
		}
		info, err := os.Stat(whole)
		if err != nil || !os.SameFile(own, info) {
			continue
		}
		if isLink(whole) {
			return whole // what a package manager moves on
		}
		if best == executable {
			best = whole
		}
	}
	return best
}

// isLink says whether a path leads through a symbolic link.
func isLink(path string) bool {
	resolved, err := filepath.EvalSymlinks(path)
	return err == nil && resolved != path
}

// executablePath is ownPath of the running process.
func executablePath() (string, error) {
	executable, err := os.Executable()
	if err != nil {
		return "", err
	}
	startedAs := executable
	if len(os.Args) > 0 && os.Args[0] != "" {
		startedAs = os.Args[0]
	}
	return ownPath(startedAs, executable, exec.LookPath), nil
}
