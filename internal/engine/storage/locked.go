package storage

import (
	"errors"
	"strings"
	"syscall"
)

func lockErrno(err error) bool {
	return errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES)
}

// containsLock covers the file systems that answer in words: Windows, and a second open in one process.
func containsLock(text string) bool {
	return strings.Contains(text, "lock held by current process") || strings.Contains(text, "used by another process") ||
		strings.Contains(text, "resource temporarily unavailable")
}
