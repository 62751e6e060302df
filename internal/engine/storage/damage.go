package storage

import (
	"errors"
	"strings"
)

// ErrDamaged says that the store's files are not what was written to them; nothing is served from such a store.
var ErrDamaged = errors.New("the store is damaged")

// damage is ErrDamaged with what Pebble found, in one line: its own text goes on with markers for its error reports.
type damage struct{ cause error }

func (d *damage) Error() string {
	found, _, _ := strings.Cut(d.cause.Error(), "\n")
	return ErrDamaged.Error() + ": " + found
}

func (d *damage) Is(target error) bool { return target == ErrDamaged }

func (d *damage) Unwrap() error { return d.cause }
