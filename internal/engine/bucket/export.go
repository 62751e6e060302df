package bucket

import (
	"compress/gzip"
	"crypto/md5" //nolint:gosec // the manifests of the service carry MD5 sums, as S3 does
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"
)

// fileBytes is the size of uncompressed lines after which an export begins a
// new data file. The service writes one or more for each partition.
const fileBytes = 64 << 20

// An Export writes the objects of one table export. Use Create, Add for each
// line, then Finish or Abort.
type Export struct {
	root           Root
	bucket, prefix string // prefix ends with the export's id, without slash
	data           *dataFile
	files          []manifestFile
	items          int64
}

// manifestFile is one line of manifest-files.json (developer guide, "DynamoDB
// table export output format").
type manifestFile struct {
	ItemCount     int64  `json:"itemCount"`
	MD5Checksum   string `json:"md5Checksum"`
	ETag          string `json:"etag"`
	DataFileS3Key string `json:"dataFileS3Key"`
}

// Summary is the content of manifest-summary.json, in the service's order.
// Times are UTC with milliseconds. Finish fills ManifestFilesS3Key and ItemCount.
type Summary struct {
	Version            string  `json:"version"`
	ExportARN          string  `json:"exportArn"`
	StartTime          string  `json:"startTime"`
	EndTime            string  `json:"endTime"`
	TableARN           string  `json:"tableArn"`
	TableID            string  `json:"tableId"`
	ExportTime         string  `json:"exportTime"`
	S3Bucket           string  `json:"s3Bucket"`
	S3Prefix           *string `json:"s3Prefix"`
	S3SSEAlgorithm     string  `json:"s3SseAlgorithm"`
	S3SSEKMSKeyID      *string `json:"s3SseKmsKeyId"`
	ManifestFilesS3Key string  `json:"manifestFilesS3Key"`
	BilledSizeBytes    int64   `json:"billedSizeBytes"`
	ItemCount          int64   `json:"itemCount"`
	OutputFormat       string  `json:"outputFormat"`
	ExportType         string  `json:"exportType"`
}

// Time formats an instant as manifests have it.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Create begins an export below prefix/AWSDynamoDB/id and writes the empty
// object _started, which shows that the bucket can be written to.
func (r Root) Create(bucket, prefix, id string) (*Export, error) {
	e := &Export{root: r, bucket: bucket, prefix: path.Join(prefix, "AWSDynamoDB", id)}
	if err := r.put(bucket, e.prefix+"/_started", nil); err != nil {
		return nil, err
	}
	return e, nil
}

// ManifestKey is the key of manifest-summary.json, which DescribeExport reports.
func (e *Export) ManifestKey() string { return e.prefix + "/manifest-summary.json" }

// Add writes one line, without its newline, to the data files.
func (e *Export) Add(line []byte) error {
	if e.data == nil {
		d, err := e.newDataFile()
		if err != nil {
			return err
		}
		e.data = d
	}
	if err := e.data.add(line); err != nil {
		return err
	}
	e.items++
	if e.data.bytes >= fileBytes {
		return e.closeData()
	}
	return nil
}

// Finish closes the data files and writes the manifests, the summary last:
// who finds it finds all. An empty table still has one empty data file.
func (e *Export) Finish(s Summary) error {
	if e.data == nil && len(e.files) == 0 {
		d, err := e.newDataFile()
		if err != nil {
			return err
		}
		e.data = d
	}
	if err := e.closeData(); err != nil {
		return err
	}
	var list []byte
	for _, f := range e.files {
		line, err := json.Marshal(f)
		if err != nil {
			return err
		}
		list = append(append(list, line...), '\n')
	}
	if err := e.manifest("manifest-files", list); err != nil {
		return err
	}
	s.ManifestFilesS3Key = e.prefix + "/manifest-files.json"
	s.ItemCount = e.items
	summary, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return e.manifest("manifest-summary", summary)
}

// Abort ends an unfinished export and removes the data file being written.
// Whole files stay, as they do on the service, without a manifest.
func (e *Export) Abort() error {
	if e.data == nil {
		return nil
	}
	d := e.data
	e.data = nil
	return errors.Join(d.file.Close(), os.Remove(d.temp))
}

// Items is the number of lines added.
func (e *Export) Items() int64 { return e.items }

func (e *Export) manifest(name string, content []byte) error {
	sum := md5.Sum(content) //nolint:gosec // see the import
	if err := e.root.put(e.bucket, e.prefix+"/"+name+".checksum", []byte(base64.StdEncoding.EncodeToString(sum[:]))); err != nil {
		return err
	}
	return e.root.put(e.bucket, e.prefix+"/"+name+".json", content)
}

// dataFile is one gzip file of lines, written under a hidden name first.
type dataFile struct {
	key, temp, final string
	file             *os.File
	sum              hash.Hash
	zip              *gzip.Writer
	bytes, items     int64
}

func (e *Export) newDataFile() (*dataFile, error) {
	key := e.prefix + "/data/" + dataName() + ".json.gz"
	final, err := e.root.path(e.bucket, key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return nil, err
	}
	temp := filepath.Join(filepath.Dir(final), "."+filepath.Base(final)+".part")
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	d := &dataFile{key: key, temp: temp, final: final, file: f, sum: md5.New()} //nolint:gosec // see the import
	d.zip = gzip.NewWriter(io.MultiWriter(f, d.sum))
	return d, nil
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

// closeData gives the open data file its name and its line in the manifest.
// The etag is that of a one-part upload: the MD5 of the part's MD5, then "-1".
func (e *Export) closeData() error {
	d := e.data
	if d == nil {
		return nil
	}
	e.data = nil
	if err := errors.Join(d.zip.Close(), d.file.Close()); err != nil {
		return errors.Join(err, os.Remove(d.temp))
	}
	if err := os.Rename(d.temp, d.final); err != nil {
		return err
	}
	sum := d.sum.Sum(nil)
	part := md5.Sum(sum) //nolint:gosec // see the import
	e.files = append(e.files, manifestFile{
		ItemCount:     d.items,
		MD5Checksum:   base64.StdEncoding.EncodeToString(sum),
		ETag:          hex.EncodeToString(part[:]) + "-1",
		DataFileS3Key: d.key,
	})
	return nil
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
