package bucket

import (
	"compress/gzip"
	"crypto/md5" //nolint:gosec // the manifests of the service carry MD5 sums, as S3 does
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// fileBytes is the size of uncompressed lines after which a new data file is
// begun. The service writes one or more for each partition.
const fileBytes = 64 << 20

// A File is one finished data file, as manifest-files.json lists it (developer
// guide, "DynamoDB table export output format").
type File struct {
	ItemCount     int64  `json:"itemCount"`
	MD5Checksum   string `json:"md5Checksum"`
	ETag          string `json:"etag"`
	DataFileS3Key string `json:"dataFileS3Key"`
}

// lines writes lines to gzip files of random names in one directory of a bucket.
type lines struct {
	root                 Root
	bucket, base, suffix string // base is the key of the directory, without slash
	open                 *dataFile
	files                []File
	items                int64
}

// add writes one line, without its newline.
func (l *lines) add(line []byte) error {
	if l.open == nil {
		if err := l.begin(); err != nil {
			return err
		}
	}
	if err := l.open.add(line); err != nil {
		return err
	}
	l.items++
	if l.open.bytes >= fileBytes {
		return l.close()
	}
	return nil
}

// dataFile is one gzip file of lines, written under a hidden name first.
type dataFile struct {
	key, temp, final string
	file             *os.File
	sum              hash.Hash
	zip              *gzip.Writer
	bytes, items     int64
}

func (l *lines) begin() error {
	key := l.base + "/" + dataName() + l.suffix
	final, err := l.root.path(l.bucket, key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	temp := filepath.Join(filepath.Dir(final), "."+filepath.Base(final)+".part")
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	l.open = &dataFile{key: key, temp: temp, final: final, file: f, sum: md5.New()} //nolint:gosec // see the import
	l.open.zip = gzip.NewWriter(io.MultiWriter(f, l.open.sum))
	return nil
}

func (d *dataFile) add(line []byte) error {
	if _, err := d.zip.Write(line); err != nil {
		return err
	}
	if _, err := d.zip.Write([]byte{'\n'}); err != nil {
		return err
	}
	d.bytes += int64(len(line)) + 1
	d.items++
	return nil
}

// close gives the open data file its name and its line in the manifest. The etag
// is that of a one-part upload: the MD5 of the part's MD5, then "-1".
func (l *lines) close() error {
	d := l.open
	if d == nil {
		return nil
	}
	l.open = nil
	if err := errors.Join(d.zip.Close(), d.file.Close()); err != nil {
		return errors.Join(err, os.Remove(d.temp))
	}
	if err := rename(d.temp, d.final); err != nil {
		return err
	}
	sum := d.sum.Sum(nil)
	part := md5.Sum(sum) //nolint:gosec // see the import
	l.files = append(l.files, File{
		ItemCount:     d.items,
		MD5Checksum:   base64.StdEncoding.EncodeToString(sum),
		ETag:          hex.EncodeToString(part[:]) + "-1",
		DataFileS3Key: d.key,
	})
	return nil
}

// abort removes the data file being written. Whole files stay.
func (l *lines) abort() error {
	d := l.open
	if d == nil {
		return nil
	}
	l.open = nil
	return errors.Join(d.file.Close(), os.Remove(d.temp))
}

// dataName is a random name of 26 lower-case letters and digits, as the
// service's data files have.
func dataName() string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	b := make([]byte, 26)
	_, _ = rand.Read(b) // crypto/rand.Read never fails
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b)
}
