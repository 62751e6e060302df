package local

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/version"
)

// Names in the data folder.
const (
	storeFolder = "store"       // Pebble's files
	s3Folder    = "s3"          // buckets of exports and imports unless Options.S3Root names another folder; Reset leaves it
	markerFile  = "store.json"  // what the store is and who wrote it
	ownerFile   = "owner.json"  // who has it open
	serverFile  = "server.json" // which server answers on the network
	socketFile  = "ddb.sock"
)

// marker is the store's identity, kept beside the store so that it can be read without opening it.
type marker struct {
	ID      string    `json:"id"`
	Format  int       `json:"format"`
	Version string    `json:"version"` // of the ddb that opened it for writing last
	Created time.Time `json:"created"`
}

// readMarker reads the marker; nil when there is none.
func readMarker(dir string) (*marker, error) {
	data, err := os.ReadFile(filepath.Join(dir, markerFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // absence is an answer here
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the store's marker: %w", err)
	}
	m := new(marker)
	if err := json.Unmarshal(data, m); err != nil || m.ID == "" {
		return nil, fmt.Errorf("%w: %s is not readable (%d bytes)", storage.ErrDamaged, filepath.Join(dir, markerFile), len(data))
	}
	return m, nil
}

// check refuses a store that this program must not open: one of a later format, or one whose files are gone.
func (m *marker) check(dir string) error {
	if m == nil {
		return nil
	}
	if m.Format > storage.FormatVersion {
		return &VersionError{Dir: dir, Writer: m.Version, Reader: version.String(), Format: m.Format, Supports: storage.FormatVersion}
	}
	if store := filepath.Join(dir, storeFolder); storage.Exists(store) {
		return checkLog(store)
	}
	return fmt.Errorf("%w: %s says that ddb %s wrote a store there, and its files are gone; bring them back or run 'ddb local reset'",
		storage.ErrDamaged, filepath.Join(dir, markerFile), m.Version)
}

// checkLog looks for the log: a store that was ever opened has one, however its last process ended. Without it the store
// would open, and lack what was not yet moved from the log to its tables.
func checkLog(store string) error {
	logs, err := filepath.Glob(filepath.Join(store, "*.log"))
	if err != nil || len(logs) > 0 {
		return err
	}
	return fmt.Errorf("%w: the log is gone from %s, and with it the latest writes; bring the *.log files back or run 'ddb local reset'", storage.ErrDamaged, store)
}

// settle brings the marker up to date after this process has opened the store.
func (m *marker) settle(dir string, now time.Time) (*marker, error) {
	if m != nil && m.Version == version.String() && m.Format == storage.FormatVersion {
		return m, nil
	}
	next := &marker{Format: storage.FormatVersion, Version: version.String(), Created: now.UTC()}
	if m != nil {
		next.ID, next.Created = m.ID, m.Created
	} else {
		id := make([]byte, 16)
		if _, err := rand.Read(id); err != nil {
			return nil, err
		}
		next.ID = hex.EncodeToString(id)
	}
	return next, writeJSON(filepath.Join(dir, markerFile), next)
}

// writeJSON replaces a file as a whole, so that a reader never sees half of it.
func writeJSON(path string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	_, err = tmp.Write(append(data, '\n'))
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

// process is what a process leaves behind about itself.
type process struct {
	PID       int       `json:"pid"`
	Version   string    `json:"version"`
	Started   time.Time `json:"started"`
	Addresses []string  `json:"addresses,omitempty"`
	Token     string    `json:"token,omitempty"` // proves to a server that the caller may read the data folder
}

func readProcess(path string) *process {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	p := new(process)
	if json.Unmarshal(data, p) != nil || p.PID == 0 {
		return nil
	}
	return p
}

// turn tells one process's use of the store from the next one's.
type turn struct {
	pid   int
	files time.Time // when files last came or went in the store's own folder, which nobody but its owner touches
}

// lastTurn looks at who took the store last. The process alone would not do: where many take the store for a few
// milliseconds each, whoever has just found it locked finds it between two of them, without a name, every time.
func lastTurn(dir string) turn {
	t := turn{pid: ownerPID(dir)}
	if info, err := os.Stat(filepath.Join(dir, storeFolder)); err == nil {
		t.files = info.ModTime()
	}
	return t
}

// ownerPID is the process that took the store last, 0 when unknown. It may have ended since.
func ownerPID(dir string) int {
	if p := readProcess(filepath.Join(dir, ownerFile)); p != nil {
		return p.PID
	}
	return 0
}
