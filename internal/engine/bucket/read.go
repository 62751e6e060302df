package bucket

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// Compression of the objects of an import, as ImportTable names it.
type Compression string

// The compressions of the API reference, ImportTable, InputCompressionType.
const (
	None Compression = "NONE"
	Gzip Compression = "GZIP"
	Zstd Compression = "ZSTD"
)

// MaxRecord bounds one record of an import: a 400 KB item in its JSON form with
// every byte escaped stays far below, and memory stays bounded on bad input.
const MaxRecord = 16 << 20

// zstdMemory bounds what a hostile zstd frame can make the decoder hold.
const zstdMemory = 64 << 20

// Open opens an object for reading its content, decompressed. The error is the file's own, or says that the object is not in the
// compression; one found later comes from Read. Close both closes the file and ends the decompression.
func (o Object) Open(c Compression) (io.ReadCloser, error) {
	f, err := os.Open(o.file)
	if err != nil {
		return nil, err
	}
	switch c {
	case Gzip:
		z, err := gzip.NewReader(bufio.NewReaderSize(f, 64<<10))
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("object %s is not gzip: %w", o.Key, err)
		}
		return readCloser{z, func() error { return errors.Join(z.Close(), f.Close()) }}, nil
	case Zstd:
		z, err := zstd.NewReader(f, zstd.WithDecoderMaxMemory(zstdMemory), zstd.WithDecoderConcurrency(1))
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("object %s is not zstd: %w", o.Key, err)
		}
		return readCloser{z, func() error { z.Close(); return f.Close() }}, nil
	default:
		return f, nil
	}
}

// Lines calls each for every non-empty line of an object. The slice is valid
// during the call only. It stops at the first error of each, or of reading.
func (o Object) Lines(c Compression, each func(line []byte) error) error {
	r, err := o.Open(c)
	if err != nil {
		return err
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), MaxRecord)
	for s.Scan() {
		if len(s.Bytes()) == 0 {
			continue
		}
		if err := each(s.Bytes()); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("object %s: %w", o.Key, err)
	}
	return nil
}

// readCloser joins a decompressor with the closing of what it reads from.
type readCloser struct {
	io.Reader
	close func() error
}

func (r readCloser) Close() error { return r.close() }
