package storage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Lock takes the store in dir for this process without opening it, for work on its files as a whole. Close gives it back.
// ErrLocked means that another process, or this one, has the store.
func Lock(dir string) (io.Closer, error) {
	l, err := pebble.LockDirectory(dir, vfs.Default)
	switch {
	case err == nil:
		return l, nil
	case isLockError(err) && !errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("%w: %s", ErrLocked, dir)
	}
	return nil, fmt.Errorf("cannot lock the store in %s: %w", dir, err)
}

// Exists reports whether dir holds the files of a store, whole or not.
func Exists(dir string) bool {
	markers, err := filepath.Glob(filepath.Join(dir, "marker.manifest.*"))
	return err == nil && len(markers) > 0
}
