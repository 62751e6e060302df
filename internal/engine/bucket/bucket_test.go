package bucket

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

func TestExportWritesTheLayoutOfTheService(t *testing.T) {
	dir := t.TempDir()
	root := NewRoot(dir)
	e, err := root.Create("shop", "backups/2026", "01693685827463-2d8752fd", Layout{Suffix: ".json.gz"})
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{`{"Item":{"pk":{"S":"a"}}}`, `{"Item":{"pk":{"S":"b"}}}`}
	for _, l := range lines {
		if err := e.Add([]byte(l)); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Finish(Summary{Version: "2020-06-30", S3Bucket: "shop"}); err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(dir, "shop", "backups", "2026", "AWSDynamoDB", "01693685827463-2d8752fd")
	if info, err := os.Stat(filepath.Join(base, "_started")); err != nil || info.Size() != 0 {
		t.Errorf("_started: %v, %v", info, err)
	}
	for _, name := range []string{"manifest-summary", "manifest-files"} {
		content, err := os.ReadFile(filepath.Join(base, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		sum := md5.Sum(content)
		checksum, err := os.ReadFile(filepath.Join(base, name+".md5"))
		if err != nil || string(checksum) != base64.StdEncoding.EncodeToString(sum[:]) {
			t.Errorf("%s.md5 is %q, %v", name, checksum, err)
		}
	}
	var f File
	list, err := os.ReadFile(filepath.Join(base, "manifest-files.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(list, &f); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, "shop", filepath.FromSlash(f.DataFileS3Key)))
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum(content)
	if f.ItemCount != 2 || f.MD5Checksum != base64.StdEncoding.EncodeToString(sum[:]) || !strings.HasSuffix(f.ETag, "-1") || len(f.ETag) != 34 {
		t.Errorf("manifest line %+v does not fit the data file", f)
	}
	objects, err := root.Objects("shop", "backups/2026/AWSDynamoDB/01693685827463-2d8752fd/data/")
	if err != nil || len(objects) != 1 {
		t.Fatalf("objects %v, %v", objects, err)
	}
	var got []string
	if err := objects[0].Lines(Gzip, func(l []byte) error { got = append(got, string(l)); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Errorf("lines read back differ (-want +got):\n%s", diff)
	}
}

// exportNothing makes an export of no items, and gives its data files.
func exportNothing(t *testing.T, root Root) ([]Object, error) {
	t.Helper()
	e, err := root.Create("b1", "", "id", Layout{Suffix: ".json.gz"})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Finish(Summary{}); err != nil {
		t.Fatal(err)
	}
	return root.Objects("b1", "AWSDynamoDB/id/data/")
}

func TestEmptyExportHasOneEmptyDataFile(t *testing.T) {
	root := NewRoot(t.TempDir())
	objects, err := exportNothing(t, root)
	if err != nil || len(objects) != 1 {
		t.Fatalf("objects %v, %v", objects, err)
	}
	if err := objects[0].Lines(Gzip, func([]byte) error { return errors.New("a line") }); err != nil {
		t.Error(err)
	}
}

func TestAbortLeavesNoPart(t *testing.T) {
	dir := t.TempDir()
	root := NewRoot(dir)
	e, err := root.Create("b1", "", "id", Layout{Suffix: ".json.gz"})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Add([]byte("{}")); err != nil {
		t.Fatal(err)
	}
	if err := e.Abort(); err != nil {
		t.Fatal(err)
	}
	rest, err := os.ReadDir(filepath.Join(dir, "b1", "AWSDynamoDB", "id", "data"))
	if err != nil || len(rest) != 0 {
		t.Errorf("left behind: %v, %v", rest, err)
	}
}

// A report that cannot be finished leaves no data file that is not whole, of whichever kind, and no manifest.
func TestReportThatCannotBeFinished(t *testing.T) {
	dir := t.TempDir()
	r := NewRoot(dir).Report("b1", "", "id")
	for _, kind := range []string{"error", "condition-check-failure"} {
		if err := r.Add(kind, []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	base := filepath.Join(dir, "b1", "AWSDynamoDB", "id")
	if err := r.kinds["error"].open.file.Close(); err != nil { // the first of two cannot be written any more
		t.Fatal(err)
	}
	if err := r.Finish(Summary{}); err == nil {
		t.Fatal("a report was finished whose file was closed")
	}
	for _, name := range []string{"error/*", "error/.*", "condition-check-failure/*", "condition-check-failure/.*", "manifest*"} {
		if left, err := filepath.Glob(filepath.Join(base, name)); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
}

// An export that is begun again has nothing of the attempt that a killed process left.
func TestExportBegunAgain(t *testing.T) {
	root := NewRoot(t.TempDir())
	if err := root.put("b1", "AWSDynamoDB/id/data/whole.json.gz", []byte("x")); err != nil {
		t.Fatal(err)
	}
	objects, err := exportNothing(t, root)
	if err != nil || len(objects) != 1 || objects[0].Key == "AWSDynamoDB/id/data/whole.json.gz" {
		t.Errorf("objects %v, %v", objects, err)
	}
}

func TestObjectsReadsEveryCompression(t *testing.T) {
	dir := t.TempDir()
	root := NewRoot(dir)
	var gz, zs bytes.Buffer
	w := gzip.NewWriter(&gz)
	if _, err := w.Write([]byte("one\n\ntwo")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewWriter(&zs)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte("one\n\ntwo")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for c, content := range map[Compression][]byte{None: []byte("one\n\ntwo\n"), Gzip: gz.Bytes(), Zstd: zs.Bytes()} {
		if err := root.put("b", "in/"+string(c), content); err != nil {
			t.Fatal(err)
		}
		objects, err := root.Objects("b", "in/"+string(c))
		if err != nil || len(objects) != 1 {
			t.Fatalf("%s: %v, %v", c, objects, err)
		}
		var got []string
		if err := objects[0].Lines(c, func(l []byte) error { got = append(got, string(l)); return nil }); err != nil {
			t.Errorf("%s: %v", c, err)
		}
		if diff := cmp.Diff([]string{"one", "two"}, got); diff != "" {
			t.Errorf("%s: %s", c, diff)
		}
		if c == None {
			if err := objects[0].Lines(Gzip, func([]byte) error { return nil }); err == nil {
				t.Error("plain text was read as gzip")
			}
		}
	}
}

func TestKeysStayInTheirBucket(t *testing.T) {
	root := NewRoot(t.TempDir())
	for _, c := range []struct{ bucket, prefix string }{{"b", "../other"}, {"..", "x"}, {"a/b", "x"}, {"b", "x/../../y"}} {
		if _, err := root.Create(c.bucket, c.prefix, "../../../id", Layout{}); err == nil {
			t.Errorf("an export to %q/%q was begun", c.bucket, c.prefix)
		}
	}
	if _, err := root.Objects("b", "../"); err == nil {
		t.Error("a prefix outside of the bucket was listed")
	}
	if _, err := root.Objects("missing", ""); !errors.Is(err, ErrNoBucket) {
		t.Errorf("a missing bucket gives %v", err)
	}
	if _, err := (Root{}).Create("b", "", "id", Layout{}); !errors.Is(err, ErrNoRoot) {
		t.Errorf("no root gives %v", err)
	}
}
