// Package bucket stands for Amazon S3: a directory whose first level holds
// buckets and whose files are objects, so that exports and imports of the
// embedded engine have a real place to write to and read from. It writes an
// export in the layout the service writes (manifests, checksums, gzip data
// files), likewise the report of a bulk operation, and reads objects for an
// import. Keys never leave their bucket.
package bucket

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoRoot says that the engine was opened without a directory for buckets.
var ErrNoRoot = errors.New("exports and imports need a directory that stands for Amazon S3; start with --s3-root DIR")

// ErrNoBucket says that a bucket to read from does not exist under the root.
var ErrNoBucket = errors.New("the specified bucket does not exist")

// A Root is the directory that stands for S3. The zero value has none and
// refuses every use with ErrNoRoot.
type Root struct{ dir string }

// NewRoot returns the root at dir; an empty dir gives a root that refuses use.
// The directory is made by the first export.
func NewRoot(dir string) Root { return Root{dir: dir} }

// Configured is ErrNoRoot for a root without a directory, else nil: operations refuse before they begin.
func (r Root) Configured() error {
	if r.dir == "" {
		return ErrNoRoot
	}
	return nil
}

// path returns the file of an object. Names that would lead out of the bucket
// ("..", absolute or empty segments) are refused, as a directory is no S3.
func (r Root) path(bucket, key string) (string, error) {
	if err := r.Configured(); err != nil {
		return "", err
	}
	if bucket == "" || bucket == "." || bucket == ".." || strings.ContainsAny(bucket, `/\`) {
		return "", fmt.Errorf("bucket name %q cannot be a directory name", bucket)
	}
	local := filepath.FromSlash(strings.Trim(key, "/"))
	if local != "" && !filepath.IsLocal(local) {
		return "", fmt.Errorf("key %q leads out of bucket %q", key, bucket)
	}
	return filepath.Join(r.dir, bucket, local), nil
}

// An Object is one file of a bucket, found by Objects.
type Object struct {
	Key  string // path below the bucket, with slashes
	Size int64  // bytes as stored
	file string
}

// Objects lists the objects whose key begins with prefix, in key order.
// As in S3 the prefix is text and need not end at a directory; names that
// begin with a dot are skipped, for they are unfinished writes.
func (r Root) Objects(bucket, prefix string) ([]Object, error) {
	base, err := r.path(bucket, "")
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%w: %s (looked for the directory %s)", ErrNoBucket, bucket, base)
	}
	// Only the directory that the prefix surely names needs to be walked.
	start := base
	if i := strings.LastIndexByte(prefix, '/'); i > 0 {
		if start, err = r.path(bucket, prefix[:i]); err != nil {
			return nil, err
		}
	}
	var list []Object
	err = filepath.WalkDir(start, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		if strings.HasPrefix(d.Name(), ".") && file != start {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(base, file)
		if err != nil {
			return err
		}
		key := filepath.ToSlash(rel)
		if !strings.HasPrefix(key, strings.TrimPrefix(prefix, "/")) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		list = append(list, Object{Key: key, Size: info.Size(), file: file})
		return nil
	})
	return list, err
}

// clear removes the objects of a directory.
func (r Root) clear(bucket, key string) error {
	dir, err := r.path(bucket, key)
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// put writes a small object whole: a reader sees all of it or nothing.
func (r Root) put(bucket, key string, content []byte) error {
	file, err := r.path(bucket, key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	temp := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".part")
	if err := os.WriteFile(temp, content, 0o644); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return rename(temp, file)
}

// rename gives a written file its name, or removes it.
func rename(temp, file string) error {
	if err := os.Rename(temp, file); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return nil
}
