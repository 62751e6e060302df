package storage

import (
	"fmt"
	"log/slog"
)

// logger passes Pebble's messages on. Its progress reports are of no interest to a user and stay at debug level.
type logger struct{ log *slog.Logger }

func (l logger) Infof(format string, args ...any) {
	if l.log != nil {
		l.log.Debug("store: " + fmt.Sprintf(format, args...))
	}
}

func (l logger) Errorf(format string, args ...any) {
	if l.log != nil {
		l.log.Error("store: " + fmt.Sprintf(format, args...))
	}
}

// Fatalf is how Pebble says that it cannot go on, for example when the log cannot be written because the disk is full.
// Going on would answer for writes that are not kept, so it ends the commit in progress by panicking; Batch.Commit turns
// that into an error.
func (l logger) Fatalf(format string, args ...any) {
	panic(fatal{fmt.Sprintf(format, args...)})
}

// fatal is the panic of Fatalf.
type fatal struct{ text string }

func (f fatal) Error() string { return f.text }
