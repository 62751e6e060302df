package bucket

import (
	"encoding/json"
	"errors"
	"path"
)

// A Report writes what a bulk operation could not write to its table, by kind,
// below prefix/AWSDynamoDB/id: a directory of data files for each kind that
// has something to tell, and the manifests of an export. Use Add for each line,
// then Finish or Abort.
type Report struct {
	root           Root
	bucket, prefix string
	kinds          map[string]*lines
	order          []string
}

// Report begins a report. Nothing is written before the first line or Finish.
func (r Root) Report(bucket, prefix, id string) *Report {
	return &Report{root: r, bucket: bucket, prefix: path.Join(prefix, "AWSDynamoDB", id), kinds: map[string]*lines{}}
}

// Add writes one line, without its newline, to the files of a kind.
func (r *Report) Add(kind string, line []byte) error {
	l := r.kinds[kind]
	if l == nil {
		l = &lines{root: r.root, bucket: r.bucket, base: r.prefix + "/" + kind, suffix: ".json.gz"}
		r.kinds[kind] = l
		r.order = append(r.order, kind)
	}
	return l.add(line)
}

// Finish closes the data files and writes the manifests; summary, which becomes
// manifest-summary.json, is written last. After an error the report is aborted.
func (r *Report) Finish(summary any) error {
	if err := r.finish(summary); err != nil {
		return errors.Join(err, r.Abort())
	}
	return nil
}

// Abort ends an unfinished report and removes the data files being written. Whole files stay, without a manifest.
func (r *Report) Abort() error {
	var errs []error
	for _, kind := range r.order {
		errs = append(errs, r.kinds[kind].abort())
	}
	return errors.Join(errs...)
}

func (r *Report) finish(summary any) error {
	var files []File
	for _, kind := range r.order {
		if err := r.kinds[kind].close(); err != nil {
			return err
		}
		files = append(files, r.kinds[kind].files...)
	}
	list, err := fileList(files)
	if err != nil {
		return err
	}
	l := lines{root: r.root, bucket: r.bucket}
	if err := l.manifest(r.prefix, "manifest-files", list); err != nil {
		return err
	}
	content, err := json.Marshal(summary)
	if err != nil {
		return err
	}
	return l.manifest(r.prefix, "manifest-summary", content)
}
