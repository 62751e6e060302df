package storage

import (
	"fmt"
	"hash/crc32"
	"io"

	"github.com/cockroachdb/pebble/v2/vfs"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// end is how far a file that grows has come, and the checksum of all that is in it until there. What is behind it is of no account: of a log it may be the
// write under way when the process was killed, or the rest of an older log whose file was taken for it.
type end struct {
	size int64
	sum  uint32
}

func (e *end) add(p []byte) {
	e.size += int64(len(p))
	e.sum = crc32.Update(e.sum, castagnoli, p)
}

// fileDamage says of a file that something is missing of what was written to it. It goes through Pebble, which puts its own words before it (see openError).
type fileDamage struct{ text string }

func (d *fileDamage) Error() string { return ErrDamaged.Error() + ": " + d.text }

func (d *fileDamage) Is(target error) bool { return target == ErrDamaged }

// check compares the file at path with what was written to it; its error is of the kind ErrDamaged when they differ.
func (e end) check(fs vfs.FS, path string) error {
	f, err := fs.Open(path, vfs.SequentialReadsOption)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := crc32.New(castagnoli)
	n, err := io.Copy(sum, io.LimitReader(f, e.size))
	switch {
	case err != nil:
		return fmt.Errorf("cannot read %s: %w", path, err)
	case n < e.size:
		return &fileDamage{fmt.Sprintf("%s has %d bytes, and at least %d were written to it: writes are missing; bring the file back, or start with an empty directory",
			path, n, e.size)}
	case sum.Sum32() != e.sum:
		return &fileDamage{fmt.Sprintf("%s is not what was written to it: its first %d bytes have the checksum %08x, and it was %08x; bring the file back, or start with an empty directory",
			path, e.size, sum.Sum32(), e.sum)}
	}
	return nil
}
