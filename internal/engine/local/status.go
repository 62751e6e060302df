package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// ErrDamaged is that a store, or what stands beside it, cannot be read; nothing wrong is served from it.
var ErrDamaged = storage.ErrDamaged

// State is what is known of a store without opening it.
type State struct {
	Dir     string
	Exists  bool      // there is a store
	Size    int64     // bytes of its files
	Created time.Time // zero when there is none
	Version string    // of the ddb that opened it last
	Format  int
	Owner   *Process // who has it open; nil when nobody has
	Server  *Process // the server started with Serve; nil when there is none
}

// Process is a process that uses the store.
type Process struct {
	PID       int
	Version   string
	Started   time.Time
	Addresses []string // of a server: where it listens
}

// Status tells what there is in a data folder and who has it open. A folder that does not exist is an empty State.
//
// Errors: storage.ErrDamaged when what is there cannot be read.
func Status(dir string) (State, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return State{}, err
	}
	s := State{Dir: dir}
	mark, err := readMarker(dir)
	if err != nil {
		return s, err
	}
	if mark != nil {
		s.Exists, s.Created, s.Version, s.Format = true, mark.Created, mark.Version, mark.Format
		s.Size = size(filepath.Join(dir, storeFolder))
	}
	s.Owner = findOwner(dir)
	if p, err := findServer(dir); err == nil {
		s.Server = p.public()
	}
	return s, nil
}

// findOwner asks at the socket. An owner that does not answer still shows by the lock it holds.
func findOwner(dir string) *Process {
	ctx, cancel := context.WithTimeout(context.Background(), helloWait)
	defer cancel()
	file := readProcess(filepath.Join(dir, ownerFile))
	o := Options{Options: engine.Options{Dir: dir}}
	var p *peer
	var err error
	if o.socket, err = socketPath(o); err == nil {
		p, err = dial(ctx, o)
	}
	if err == nil {
		_ = p.close()
		if file != nil {
			return file.public()
		}
		return &Process{}
	}
	if busy, ok := errors.AsType[*BusyError](err); ok {
		return &Process{PID: busy.PID, Version: busy.Version}
	}
	if !storage.Exists(filepath.Join(dir, storeFolder)) {
		return nil
	}
	lock, err := storage.Lock(filepath.Join(dir, storeFolder))
	if errors.Is(err, storage.ErrLocked) {
		if file != nil {
			return file.public()
		}
		return &Process{}
	}
	if err == nil {
		_ = lock.Close()
	}
	return nil
}

func (p *process) public() *Process {
	return &Process{PID: p.PID, Version: p.Version, Started: p.Started, Addresses: p.Addresses}
}

// size adds up the files below a folder. Files that vanish while it looks do not count.
func size(dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // a file that went away
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			sum += info.Size()
		}
		return nil
	})
	return sum
}

// Reset removes the store in a data folder, and nothing else that is in it. A folder without a store is left as it is.
//
// Errors: *BusyError while a process has the store open.
func Reset(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	store := filepath.Join(dir, storeFolder)
	if _, err := os.Stat(store); errors.Is(err, fs.ErrNotExist) {
		return removeAll(filepath.Join(dir, markerFile), filepath.Join(dir, ownerFile), filepath.Join(dir, serverFile))
	}
	lock, err := storage.Lock(store)
	if errors.Is(err, storage.ErrLocked) {
		return &BusyError{Dir: dir, PID: ownerPID(dir), Reason: "a store that is open cannot be emptied"}
	}
	if err != nil {
		return err
	}
	// The marker goes first: without it what is left counts as no store.
	err = removeAll(filepath.Join(dir, markerFile), filepath.Join(dir, ownerFile), filepath.Join(dir, serverFile),
		filepath.Join(dir, sealFile), filepath.Join(dir, socketFile))
	if err == nil {
		err = emptyStore(store)
	}
	return errors.Join(err, lock.Close())
}

// emptyStore removes the store's files but for the lock, which this process holds.
func emptyStore(store string) error {
	entries, err := os.ReadDir(store)
	if err != nil {
		return fmt.Errorf("cannot empty the store: %w", err)
	}
	for _, e := range entries {
		if e.Name() == "LOCK" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(store, e.Name())); err != nil {
			return fmt.Errorf("cannot empty the store: %w", err)
		}
	}
	return nil
}

func removeAll(paths ...string) error {
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot empty the data folder: %w", err)
		}
	}
	return nil
}
