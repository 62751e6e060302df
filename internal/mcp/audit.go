package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
)

// codeAudit refuses a call that could not be accounted for.
const codeAudit = "AuditLogFailed"

// record is what there is to say about one call, for the audit log and for telemetry.
type record struct {
	caller    caller
	tool      string
	tables    []string
	region    string
	effect    op.Effect
	code      string // of the error; "" for none
	requestID string // of the error, where the service gave one
	capacity  float64
	start     time.Time
	took      time.Duration
	arguments json.RawMessage
}

// about says what a decoded call does, and where.
func (r *record) about(o op.Operation, in any) {
	r.effect, r.tables = o.EffectOf(in), o.TablesOf(in)
	if in, ok := in.(interface{ CallRegion() string }); ok {
		r.region = in.CallRegion()
	}
}

// auditLine is a record as it is written. Arguments are item data and stand there only where that was asked for.
type auditLine struct {
	Time      string          `json:"time"`
	Session   string          `json:"session,omitempty"`
	Token     string          `json:"token,omitempty"`
	Tool      string          `json:"tool"`
	Tables    []string        `json:"tables,omitempty"`
	Region    string          `json:"region,omitempty"`
	Effect    string          `json:"effect"`
	Outcome   string          `json:"outcome"`
	RequestID string          `json:"request_id,omitempty"`
	Capacity  float64         `json:"capacity"`
	Millis    float64         `json:"ms"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
}

// audit writes a line for each call. It is shared by the servers of all tokens.
type audit struct {
	w     io.Writer
	items bool // arguments too

	mu   sync.Mutex
	lost int   // lines that could not be written since the last that could
	err  error // why the last one could not
}

// auditor is the log the options ask for, nil for none.
func (o Options) auditor() *audit {
	if o.shared != nil || o.Audit == nil {
		return o.shared
	}
	return &audit{w: o.Audit, items: o.AuditItems}
}

// admit refuses a call that changes something while the log cannot be written: what nobody can account for is not done. It
// tries to write first, since the disk may have room again.
func (a *audit) admit(effect op.Effect) error {
	if a == nil || effect == op.Read {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		return nil
	}
	note := fmt.Appendf(nil, `{"time":%q,"tool":"","effect":"read","outcome":"AuditLogResumed","lost":%d}`+"\n", stamp(time.Now()), a.lost)
	if _, err := a.w.Write(note); err != nil {
		a.err = err
		return &op.Error{Code: codeAudit, Message: "the audit log cannot be written, so nothing is changed: " + err.Error(), Hint: "tell whoever runs the server", Retryable: true, Cause: err}
	}
	a.err, a.lost = nil, 0
	return nil
}

// write appends the line of a call. It is called before the call is answered.
func (a *audit) write(r *record) error {
	if a == nil {
		return nil
	}
	line := auditLine{
		Time: stamp(r.start), Session: r.caller.session, Token: r.caller.token, Tool: r.tool, Tables: namesOnly(r.tables), Region: namesOnly([]string{r.region})[0],
		Effect: r.effect.String(), Outcome: "ok", RequestID: r.requestID, Capacity: r.capacity, Millis: float64(r.took.Microseconds()) / 1000,
	}
	if r.code != "" {
		line.Outcome = r.code
	}
	if a.items && json.Valid(r.arguments) {
		line.Arguments = r.arguments
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(line); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, err := a.w.Write(escapeHidden(text.Bytes())); err != nil {
		a.err = err
		a.lost++
		return err
	}
	return nil
}

// noName stands in the log for what was given as a table's or Region's name and cannot be one: it may be anything, a URL with
// credentials among it.
const noName = "(no name)"

func namesOnly(list []string) []string {
	out := make([]string, len(list))
	for i, name := range list {
		if out[i] = name; len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' && r != '.'
		}) {
			out[i] = noName
		}
	}
	return out
}

// maxName is the most characters the name of a table has.
const maxName = 255

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// observed runs what a call of an operation does and accounts for it before its answer goes out.
func (s *Server) observed(ctx context.Context, r *record, run func() error) error {
	r.start = time.Now()
	err := run()
	r.took = time.Since(r.start)
	if err != nil {
		known := asOpError(err)
		r.code, r.requestID = known.Code, known.RequestID
	}
	if failed := s.audit.write(r); failed != nil {
		s.logger.Error("the audit log cannot be written", "error", failed, "tool", r.tool, "token", r.caller.token, "outcome", r.code)
	}
	s.measure(ctx, r)
	return err
}
