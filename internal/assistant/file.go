package assistant

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wholefile"
)

// backupSuffix follows the name of a file for what it was before an edit.
const backupSuffix = ".ddb-backup"

// Read gives the text of a client's file; one that is not there is empty.
func Read(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &op.Error{Code: CodeClientFile, Message: err.Error(), Cause: err}
	}
	return text, nil
}

// Write puts a change into its file: a copy of what was there beside it, then the new text by a rename, so that a reader sees the
// old file or the new one and nothing between. Permissions stay, a symbolic link stays one, and a file that somebody changed
// meanwhile is left as it is. It gives the name of the copy, "" where there was no file.
func (c Change) Write(scope Scope) (backup string, err error) {
	target, err := filepath.EvalSymlinks(c.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, broken := os.Lstat(c.File); broken == nil {
			return "", unwritten(fmt.Errorf("%s is a symbolic link to a file that is not there", c.File))
		}
		target = c.File
	case err != nil:
		return "", unwritten(err)
	}
	mode := fs.FileMode(0o600) // such files hold tokens
	if scope == Project {
		mode = 0o644
	}
	info, err := os.Stat(target)
	switch {
	case err == nil:
		mode = info.Mode().Perm()
		if backup, err = keep(target, c.Before, mode); err != nil {
			return "", unwritten(err)
		}
	case errors.Is(err, fs.ErrNotExist):
		folder := fs.FileMode(0o700)
		if scope == Project {
			folder = 0o755
		}
		if err := os.MkdirAll(filepath.Dir(target), folder); err != nil {
			return "", unwritten(err)
		}
	default:
		return "", unwritten(err)
	}
	now, err := Read(target)
	if err != nil {
		return backup, err
	}
	if !bytes.Equal(now, c.Before) {
		return backup, unwritten(fmt.Errorf("%s was changed by somebody else meanwhile; try again", target))
	}
	return backup, replace(target, c.After, mode)
}

func unwritten(err error) error {
	return &op.Error{Code: CodeClientFile, Message: "nothing was written: " + err.Error(), Cause: err}
}

// keep writes a copy under the first name that is free, so that no earlier copy is lost.
func keep(target string, text []byte, mode fs.FileMode) (string, error) {
	for n := 1; ; n++ {
		name := target + backupSuffix
		if n > 1 {
			name = fmt.Sprintf("%s-%d", name, n)
		}
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(text)
		return name, errors.Join(err, f.Close())
	}
}

func replace(target string, text []byte, mode fs.FileMode) error {
	if err := wholefile.Write(target, text, mode); err != nil {
		return unwritten(err)
	}
	return nil
}
