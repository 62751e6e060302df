package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// sealFile lists the store's files as an orderly end left them.
//
// The storage engine takes an unreadable record at the end of its own logs for the torn write of a crash and goes on
// without it, which is right after a crash and wrong after damage: the store would open with less in it than was put
// there. A seal tells the two apart. It exists only while nobody has the store open.
const sealFile = "closed.json"

// sealed is what the seal says of one file.
type sealed struct {
	Size int64  `json:"size"`
	Sum  uint32 `json:"crc32,omitempty"` // of files that carry no checksums the storage engine insists on
}

// seal writes the seal for a store that has just been closed. The caller holds the store's lock.
func seal(dir string) error {
	files, err := inventory(filepath.Join(dir, storeFolder))
	if err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, sealFile), files)
}

// unseal compares the store's files with the seal, if there is one, and removes it. The caller holds the store's lock.
// Its error is storage.ErrDamaged when they differ.
func unseal(dir string) error {
	path := filepath.Join(dir, sealFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot read the store's seal: %w", err)
	}
	if err := compare(filepath.Join(dir, storeFolder), data); err != nil {
		return err
	}
	return os.Remove(path)
}

func compare(store string, data []byte) error {
	var want map[string]sealed
	if err := json.Unmarshal(data, &want); err != nil {
		return fmt.Errorf("%w: %s is not readable", storage.ErrDamaged, sealFile)
	}
	have, err := inventory(store)
	if err != nil {
		return err
	}
	for name, w := range want {
		h, ok := have[name]
		switch {
		case !ok:
			return fmt.Errorf("%w: the file %s is gone from %s; bring it back or run 'ddb local reset'", storage.ErrDamaged, name, store)
		case h != w:
			return fmt.Errorf("%w: the file %s in %s is not as it was when the store was closed; bring it back or run 'ddb local reset'", storage.ErrDamaged, name, store)
		}
	}
	return nil
}

// inventory lists the files of a closed store.
func inventory(store string) (map[string]sealed, error) {
	entries, err := os.ReadDir(store)
	if err != nil {
		return nil, fmt.Errorf("cannot list the store's files: %w", err)
	}
	files := make(map[string]sealed, len(entries))
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || name == "LOCK" {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("cannot list the store's files: %w", err)
		}
		f := sealed{Size: info.Size()}
		if strings.HasPrefix(name, "MANIFEST") || strings.HasSuffix(name, ".log") {
			if f.Sum, err = checksum(filepath.Join(store, name)); err != nil {
				return nil, err
			}
		}
		files[name] = f
	}
	return files, nil
}

func checksum(path string) (uint32, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("cannot read the store: %w", err)
	}
	defer f.Close()
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, f); err != nil {
		return 0, fmt.Errorf("cannot read the store: %w", err)
	}
	return sum.Sum32(), nil
}
