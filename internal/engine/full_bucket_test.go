//go:build unix

package engine_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/storage/storagetest"
)

// leastRoom is the size beyond which no file of this process grows.
const leastRoom = 8 << 10

// incompressible is text that gzip does not make much smaller.
func incompressible(n int) string {
	b := make([]byte, n*3/4)
	_, _ = rand.Read(b)
	return base64.StdEncoding.EncodeToString(b)
}

// TestTransfersMeetAFullBucket exports, in full and incrementally, and reports on a bulk operation, where the directory that stands for S3 takes no more: they
// are FAILED and say why, nothing looks like a whole export or report, the table is as it was, and so it is in the next process. The system ends writes for
// the process as a whole, so it is one of its own.
func TestTransfersMeetAFullBucket(t *testing.T) {
	if !inItsOwnProcess(t) {
		return
	}
	root := t.TempDir()
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	o := engine.Options{Dir: "store", S3Root: root, Clock: clock.Now, Storage: storage.Options{FS: storagetest.New()}}
	e, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	from, _ := changedTable(t, c, clock)
	for i := range 20 {
		put(t, c, "Music", track(fmt.Sprint("long", i), incompressible(2000)))
	}
	var lines strings.Builder
	for i := range 40 { // items that are none, each of which the report tells of
		fmt.Fprintf(&lines, `{"Item":{"pk":{"N":"%d"},"v":{"S":"%s"}}}`+"\n", i, incompressible(1000))
	}
	object(t, root, "in/a.json", lines.String())
	before := scanned(t, c)
	clock.advance(time.Minute)

	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = leastRoom
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Skip("files cannot be limited here:", err)
	}

	var failed []*string
	for name, in := range map[string]*dynamodb.ExportTableToPointInTimeInput{
		"full":        {TableArn: arnOf("Music"), S3Bucket: aws.String("my-bucket")},
		"incremental": incremental(from, clock.Now()),
	} {
		d := exported(t, c, in)
		if d.ExportStatus != "FAILED" || aws.ToString(d.FailureCode) != "S3AccessError" || !strings.Contains(aws.ToString(d.FailureMessage), syscall.EFBIG.Error()) {
			t.Errorf("the %s export: %s, %s: %s", name, d.ExportStatus, aws.ToString(d.FailureCode), aws.ToString(d.FailureMessage))
		}
		if d.ExportManifest != nil || d.ItemCount != nil {
			t.Errorf("the %s export that failed has a manifest or a count: %+v", name, d)
		}
		failed = append(failed, d.ExportArn)
	}
	b := bulk(t, c, bulkPut("Music", "in/"))
	if b.BulkOperationStatus != "FAILED" || aws.ToString(b.FailureCode) != "S3AccessError" || !strings.Contains(aws.ToString(b.FailureMessage), syscall.EFBIG.Error()) {
		t.Errorf("the bulk operation: %s, %s: %s", b.BulkOperationStatus, aws.ToString(b.FailureCode), aws.ToString(b.FailureMessage))
	}

	if err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if name := d.Name(); err == nil && (strings.HasSuffix(name, ".part") || strings.HasPrefix(name, "manifest") || strings.HasSuffix(name, ".gz")) {
			t.Errorf("left behind: %s", path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		for _, f := range open {
			if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && strings.HasPrefix(to, root) {
				t.Errorf("still open: %s", to)
			}
		}
	}
	if after := scanned(t, c); after != before {
		t.Errorf("the table had %d items and has %d", before, after)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}

	_, c = open(t, o)
	for _, arn := range failed {
		d, err := c.DescribeExport(t.Context(), &dynamodb.DescribeExportInput{ExportArn: arn})
		if err != nil || d.ExportDescription.ExportStatus != "FAILED" {
			t.Errorf("in the next process: %+v, %v", d, err)
		}
	}
	if d := bulkEnd(t, c, *b.BulkOperationArn); d.BulkOperationStatus != "FAILED" || *d.FailureCode != "S3AccessError" {
		t.Errorf("in the next process: %+v", d)
	}
	if after := scanned(t, c); after != before {
		t.Errorf("in the next process the table has %d items, not %d", after, before)
	}
}

// scanned counts the items of Music.
func scanned(t *testing.T, c *dynamodb.Client) int32 {
	t.Helper()
	out, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Music"), Select: "COUNT"})
	if err != nil {
		t.Fatal(err)
	}
	return out.Count
}
