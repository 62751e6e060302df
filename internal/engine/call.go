package engine

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// RegionHeader names the region of an unsigned request, for callers in process.
const RegionHeader = "X-Ddb-Region"

// call is one request on its way: what every action needs beyond its input.
type call struct {
	ctx       context.Context
	body      io.Reader // of the request, which may know of room for the answer
	e         *Engine
	action    string
	region    string
	host      string // as the caller names this server; empty for the engine's own calls
	namespace string // access key when tables are separated by it, else empty
	now       time.Time
	requestID string
	changed   time.Time // of the change records of the mutate under way
	snapshots int       // of deleted tables that DeleteTable keeps; 0 for none

	grown int   // bytes of the answer so far, of an operation on many items
	room  int64 // that was taken for the answer

	scratch []byte // for keys and images; reused by the next call
}

var calls = sync.Pool{New: func() any { return &call{scratch: make([]byte, 0, 4096)} }}

// maxScratch is the largest scratch kept for reuse, so that one large request does not hold memory for ever.
const maxScratch = 256 << 10

func (e *Engine) newCall(r *http.Request, action string) *call {
	c := calls.Get().(*call)
	var key, region string
	if auth := r.Header["Authorization"]; len(auth) > 0 {
		key, region = credential(auth[0])
	}
	if region == "" {
		region = r.Header.Get(RegionHeader)
	}
	if region == "" {
		region = e.opts.Region
	}
	if e.opts.Namespace != "key" {
		key = ""
	}
	c.body = r.Body
	c.ctx, c.e, c.action, c.region, c.namespace = r.Context(), e, action, region, key
	c.now, c.requestID, c.host = e.opts.Clock(), newRequestID(), r.Host
	c.scratch, c.snapshots, c.grown, c.room = c.scratch[:0], 0, 0, 0
	if action == "DeleteTable" || action == "CreateBackup" {
		c.snapshots = snapshotsWanted(r.Header)
	}
	return c
}

// newInternalCall is a call of the engine itself, such as a time-to-live sweep.
func (e *Engine) newInternalCall(ctx context.Context, action string, ref catalog.Ref) *call {
	return &call{ctx: ctx, e: e, action: action, region: ref.Region, namespace: ref.Namespace, now: e.opts.Clock(), requestID: newRequestID()}
}

func (c *call) release() {
	if cap(c.scratch) > maxScratch {
		c.scratch = make([]byte, 0, 4096)
	}
	c.ctx, c.body, c.e = nil, nil, nil
	calls.Put(c)
}

// ref names a table of the call's region.
func (c *call) ref(name string) catalog.Ref {
	return catalog.Ref{Namespace: c.namespace, Region: c.region, Name: name}
}

// credential reads access key and region out of a Signature Version 4 header; empty when there is none. The signature is
// not checked: the store is local and has no secrets to compare with.
func credential(auth string) (key, region string) {
	_, scope, ok := strings.Cut(auth, "Credential=")
	if !ok {
		return "", ""
	}
	if i := strings.IndexByte(scope, ','); i >= 0 {
		scope = scope[:i]
	}
	if i := strings.IndexByte(scope, ' '); i >= 0 {
		scope = scope[:i]
	}
	// key/date/region/service/aws4_request; the key itself may not hold a slash.
	key, scope, _ = strings.Cut(scope, "/")
	_, scope, _ = strings.Cut(scope, "/")
	region, _, _ = strings.Cut(scope, "/")
	return key, region
}

const requestIDAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// newRequestID makes an id of the service's form: 52 capitals and digits, of which the service's own last ones are the
// same in every id.
func newRequestID() string {
	var b [52]byte
	copy(b[26:], "VV4KQNSO5AEMVJF66Q9ASUAAJG")
	x, y := rand.Uint64(), rand.Uint64() //nolint:gosec // an id for logs, not a secret
	for i := range 13 {
		b[i], b[i+13] = requestIDAlphabet[x&31], requestIDAlphabet[y&31]
		x, y = x>>5, y>>5
	}
	return string(b[:])
}
