//go:build !windows

package local

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

// userFolder names this user's folder among everybody's temporary files.
func userFolder() string { return "ddb-" + strconv.Itoa(os.Getuid()) }

// checkPrivate refuses a folder that another user could have put in our way.
func checkPrivate(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("the folder for the socket: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 || ok && int(st.Uid) != os.Getuid() {
		return fmt.Errorf("the folder for the socket, %s, must be a folder that belongs to you and is closed to others (mode 0700)", dir)
	}
	return nil
}

// alive reports whether an idle connection is still good: open, with nothing to read. An owner that has ended has closed
// it, and one that is ending has written a refusal.
func alive(c net.Conn) bool {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	var readErr error
	var n int
	err = raw.Read(func(fd uintptr) bool {
		var one [1]byte
		n, readErr = syscall.Read(int(fd), one[:])
		return true // do not wait
	})
	return err == nil && n <= 0 && (readErr == syscall.EAGAIN || readErr == syscall.EWOULDBLOCK)
}
