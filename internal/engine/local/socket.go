package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// maxSocketPath is the longest path used for a socket. The systems' limits are 104 and 108 bytes with the closing NUL.
const maxSocketPath = 100

// socketPath is where the owner of a data folder listens: in the folder, or for a folder with a long path in the runtime
// folder, under a hash of that path.
func socketPath(o Options) (string, error) {
	path := filepath.Join(o.Dir, socketFile)
	if len(path) <= maxSocketPath {
		return path, nil
	}
	runtime := o.RuntimeDir
	if runtime == "" {
		runtime = filepath.Join(os.TempDir(), userFolder())
	}
	if err := os.MkdirAll(runtime, 0o700); err != nil {
		return "", fmt.Errorf("cannot make the folder for the socket: %w", err)
	}
	if err := checkPrivate(runtime); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(o.Dir))
	path = filepath.Join(runtime, hex.EncodeToString(sum[:12])+".sock")
	if len(path) > maxSocketPath {
		return "", fmt.Errorf("no place for a socket: both %s and %s are too long; use a data folder with a shorter path", o.Dir, runtime)
	}
	return path, nil
}

// listen makes the socket. Only the owner of the store's lock calls it, so what is in its place is left over.
func listen(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("cannot remove the socket of an earlier process: %w", err)
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, fmt.Errorf("cannot listen for other processes: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("cannot close the socket to other users: %w", err)
	}
	return l, nil
}
