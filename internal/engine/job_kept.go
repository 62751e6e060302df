package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// States of exports, imports and bulk operations.
const (
	jobInProgress = "IN_PROGRESS"
	jobCompleted  = "COMPLETED"
	jobFailed     = "FAILED"
)

// tokenLife is how long a client token makes calls idempotent (API reference, ExportTableToPointInTime, ImportTable,
// StartBulkPutItems).
const tokenLife = 8 * time.Hour

// jobHistory is how long finished jobs are listed (API reference, ListExports, ListImports, ListBulkOperations: the last
// 90 days).
const jobHistory = 90 * 24 * time.Hour

// jobHead is what is kept of every export, import and bulk operation.
type jobHead struct {
	catalog.Ref        // Name is the id
	Status             string
	Start              time.Time
	End                time.Time `json:",omitzero"`
	Table              catalog.Ref
	TableUUID          string
	Token, Fingerprint string // client token, and a digest of the parameters it came with
	FailureCode        string
	FailureMessage     string
}

func (h *jobHead) head() *jobHead { return h }

func (h *jobHead) tableARN() string { return catalog.TableARN(h.Table.Region, h.Table.Name) }

// newJob is the head of a job that a call begins.
func (c *call) newJob(t *catalog.Table, token, print string) jobHead {
	return jobHead{
		Ref: c.ref(newLongID(c.now)), Status: jobInProgress, Start: c.now.UTC(), Table: t.Ref, TableUUID: t.UUID,
		Token: token, Fingerprint: print,
	}
}

// jobError is a reason for a job to fail as a whole, with the code its description gives.
type jobError struct{ code, message string }

func (f *jobError) Error() string { return f.message }

// fail ends the job with an error; code is for one that has none of its own.
func (h *jobHead) fail(at time.Time, code string, err error) {
	h.Status, h.End, h.FailureCode, h.FailureMessage = jobFailed, at.UTC(), code, err.Error()
	if f, ok := errors.AsType[*jobError](err); ok {
		h.FailureCode = f.code
	}
}

// kept is a document that begins with a jobHead.
type kept[T any] interface {
	*T
	head() *jobHead
}

// jobKind is one kind of jobs: where they are kept, and how they are named.
type jobKind[T any, P kept[T]] struct {
	catalog.Docs[T]
	path      string // in ARNs: "export"
	malformed string // the message for an ARN of something else
	missing   string // the exception for one that is not there
	absent    string // and its message, before the ARN
	elsewhere string // its message where the ARN is of another Region; empty for the usual one
	conflict  apiError
	byTable   bool // a token goes with the name of a table alone; other parameters may change
}

func (k jobKind[T, P]) arn(h *jobHead) string { return h.tableARN() + "/" + k.path + "/" + h.Name }

// same finds the job that a request with the same client token began; nil when there is none. The token makes calls
// idempotent, and refuses other parameters.
func (k jobKind[T, P]) same(c *call, token, print, table string) (P, error) {
	if token == "" {
		return nil, nil
	}
	list, err := k.List(c.e.store, c.ref(""))
	if err != nil {
		return nil, err
	}
	for _, j := range list {
		h := P(j).head()
		if h.Token != token || c.now.Sub(h.Start) > tokenLife {
			continue
		}
		if h.Fingerprint != print && (!k.byTable || h.Table.Name != table) {
			conflict := k.conflict
			return nil, &conflict
		}
		return j, nil
	}
	return nil, nil
}

// find finds a job by its ARN.
func (k jobKind[T, P]) find(c *call, arn string) (P, error) {
	p, ok := parseARN(arn)
	id, named := strings.CutPrefix(p.rest, k.path+"/")
	absent := &apiError{Type: k.missing, Message: k.absent + arn}
	switch {
	case !ok || !named:
		return nil, validation(k.malformed)
	case c.foreign(p.account):
		return nil, errDenied()
	case p.region != c.region:
		if k.elsewhere != "" {
			absent.Message = k.elsewhere
		}
		return nil, absent
	}
	j, err := k.Get(c.e.store, c.ref(id))
	if err != nil {
		return nil, err
	}
	if j == nil || P(j).head().Table.Name != p.table {
		return nil, absent
	}
	return j, nil
}

// page lists the jobs of the last 90 days behind a token, up to limit of them, the newest first: those that of takes; nil takes all. The token it
// returns is empty at the end.
func (k jobKind[T, P]) page(c *call, token string, limit int, of func(*jobHead) bool) ([]P, string, error) {
	after, err := readJobToken(k.path, token)
	if err != nil {
		return nil, "", err
	}
	list, err := k.List(c.e.store, c.ref(""))
	if err != nil {
		return nil, "", err
	}
	var out []P
	for _, j := range slices.Backward(list) {
		h := P(j).head()
		if after != "" && h.Name >= after || of != nil && !of(h) || c.now.Sub(h.Start) > jobHistory {
			continue
		}
		if len(out) == limit {
			return out, jobToken(k.path, out[limit-1].head().Name), nil
		}
		out = append(out, j)
	}
	return out, "", nil
}

// finish writes down how the work of a job ended; code is for an error that has none of its own. A job cut short by
// Close stays as it is, for the next process.
func (k jobKind[T, P]) finish(e *Engine, j P, err error, code string) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	h := j.head()
	if err != nil {
		h.fail(e.opts.Clock(), code, err)
	} else {
		h.Status, h.End = jobCompleted, e.opts.Clock().UTC()
	}
	return errors.Join(err, e.whileFull(func() error { return putDoc(e, k.Docs, h.Ref, (*T)(j)) }))
}

// needsRoot refuses what reads or writes objects of S3 on an engine without a directory that stands for it.
func (c *call) needsRoot() error {
	if err := bucket.NewRoot(c.e.opts.S3Root).Configured(); err != nil {
		return validation(err.Error())
	}
	return nil
}

// fingerprint is a digest of the parameters of a request.
func fingerprint(in ...any) string {
	raw, err := json.Marshal(in)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
