//go:build !windows

package cmd

import (
	"errors"
	"os"
	"syscall"
)

// understandsEscapes tells whether a terminal understands colours and the movements of a line of progress: all but old ones of Windows do.
func understandsEscapes(*os.File) bool { return true }

// readerGone tells that the reader of a pipe has closed it.
func readerGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
