package cmd

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// understandsEscapes makes a console of Windows read colours and the movements of a line of progress as what they are; consoles of before
// Windows 10 show them as they stand, and get none.
func understandsEscapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	if mode&windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING != 0 {
		return true
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// readerGone tells that the reader of a pipe has closed it.
func readerGone(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}
