package bucket

import (
	"crypto/md5" //nolint:gosec // the manifests of the service carry MD5 sums, as S3 does
	"encoding/base64"
	"encoding/json"
	"path"
	"time"
)

// Layout is what the exports of one kind have of their own.
type Layout struct {
	Suffix string // of the data files: ".json.gz", ".ion.gz"
	// Shared puts the data files into the directory that all incremental exports
	// below one prefix share; their manifests tell them apart.
	Shared bool
}

// An Export writes the objects of one table export. Use Create, Add for each
// line, then Finish or Abort.
type Export struct {
	prefix string // ends with the export's id, without slash
	lines  lines
}

// Summary is the content of manifest-summary.json, in the service's order.
// Times are UTC with milliseconds. Finish fills ManifestFilesS3Key and ItemCount.
// A full export has an ExportTime, an incremental one the two ends of its period
// and an OutputView.
type Summary struct {
	Version            string  `json:"version"`
	ExportARN          string  `json:"exportArn"`
	StartTime          string  `json:"startTime"`
	EndTime            string  `json:"endTime"`
	TableARN           string  `json:"tableArn"`
	TableID            string  `json:"tableId"`
	ExportTime         string  `json:"exportTime,omitempty"`
	ExportFromTime     string  `json:"exportFromTime,omitempty"`
	ExportToTime       string  `json:"exportToTime,omitempty"`
	S3Bucket           string  `json:"s3Bucket"`
	S3Prefix           *string `json:"s3Prefix"`
	S3SSEAlgorithm     string  `json:"s3SseAlgorithm"`
	S3SSEKMSKeyID      *string `json:"s3SseKmsKeyId"`
	ManifestFilesS3Key string  `json:"manifestFilesS3Key"`
	BilledSizeBytes    int64   `json:"billedSizeBytes"`
	ItemCount          int64   `json:"itemCount"`
	OutputFormat       string  `json:"outputFormat"`
	OutputView         string  `json:"outputView,omitempty"`
	ExportType         string  `json:"exportType"`
}

// Time formats an instant as manifests have it: UTC with milliseconds.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Create begins an export below prefix/AWSDynamoDB/id and writes the empty
// object _started, which shows that the bucket can be written to. What an earlier
// attempt at the same export left that was cut short goes, where it can be told.
func (r Root) Create(bucket, prefix, id string, o Layout) (*Export, error) {
	above := path.Join(prefix, "AWSDynamoDB")
	e := &Export{prefix: path.Join(above, id)}
	e.lines = lines{root: r, bucket: bucket, base: e.prefix + "/data", suffix: o.Suffix}
	if o.Shared {
		e.lines.base = above + "/data"
	} else if err := r.clear(bucket, e.lines.base); err != nil {
		return nil, err
	}
	if err := r.put(bucket, e.prefix+"/_started", nil); err != nil {
		return nil, err
	}
	return e, nil
}

// ManifestKey is the key of manifest-summary.json, which DescribeExport reports.
func (e *Export) ManifestKey() string { return e.prefix + "/manifest-summary.json" }

// Add writes one line, without its newline, to the data files.
func (e *Export) Add(line []byte) error { return e.lines.add(line) }

// Finish closes the data files and writes the manifests, the summary last:
// who finds it finds all. An empty export still has one empty data file.
func (e *Export) Finish(s Summary) error {
	if e.lines.open == nil && len(e.lines.files) == 0 {
		if err := e.lines.begin(); err != nil {
			return err
		}
	}
	if err := e.lines.close(); err != nil {
		return err
	}
	list, err := fileList(e.lines.files)
	if err != nil {
		return err
	}
	if err := e.lines.manifest(e.prefix, "manifest-files", list); err != nil {
		return err
	}
	s.ManifestFilesS3Key = e.prefix + "/manifest-files.json"
	s.ItemCount = e.lines.items
	summary, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return e.lines.manifest(e.prefix, "manifest-summary", summary)
}

// fileList is the content of manifest-files.json: one file a line.
func fileList(files []File) ([]byte, error) {
	var list []byte
	for _, f := range files {
		line, err := json.Marshal(f)
		if err != nil {
			return nil, err
		}
		list = append(append(list, line...), '\n')
	}
	return list, nil
}

// Abort ends an unfinished export and removes the data file being written.
// Whole files stay, as they do on the service, without a manifest.
func (e *Export) Abort() error { return e.lines.abort() }

// Items is the number of lines added.
func (e *Export) Items() int64 { return e.lines.items }

// manifest writes a manifest and, before it, the object with its MD5 sum. The
// service names that .md5; only its guide says .checksum.
func (l *lines) manifest(prefix, name string, content []byte) error {
	sum := md5.Sum(content) //nolint:gosec // see the import
	if err := l.root.put(l.bucket, prefix+"/"+name+".md5", []byte(base64.StdEncoding.EncodeToString(sum[:]))); err != nil {
		return err
	}
	return l.root.put(l.bucket, prefix+"/"+name+".json", content)
}
