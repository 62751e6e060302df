//go:build !windows

package cmd

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// watchesReader tells whether it can be seen that the reader of f is gone: of a pipe and a socket.
func watchesReader(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0
}

// readerLeft waits for so many milliseconds and tells whether the reader of f is gone.
func readerLeft(f *os.File, milliseconds int) bool {
	fds := []unix.PollFd{{Fd: int32(f.Fd())}}
	n, err := unix.Poll(fds, milliseconds)
	if errors.Is(err, unix.EINTR) {
		return false
	}
	return n > 0 && fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0
}
