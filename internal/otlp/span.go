package otlp

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// The kinds of a span, by their numbers in OTLP.
const (
	KindInternal = 1
	KindServer   = 2
)

// Span is work under way. A nil Span takes everything and does nothing.
type Span struct {
	exporter *Exporter
	parent   string
	trace    Trace
	name     string
	kind     int
	start    time.Time

	mu     sync.Mutex
	attrs  []attribute
	failed bool
	status string
}

// Start begins a span below parent, or a trace of its own where parent is empty.
func (e *Exporter) Start(parent Trace, name string, kind int) *Span {
	s := &Span{exporter: e, parent: parent.SpanID, name: name, kind: kind, start: time.Now()}
	s.trace = Trace{parent.TraceID, newID(8), parent.Sampled}
	if parent.TraceID == "" {
		s.trace.TraceID = newID(16)
		s.trace.Sampled = e.sampled(s.trace.TraceID)
	}
	return s
}

// Trace is where the span stands, for those below it.
func (s *Span) Trace() Trace {
	if s == nil {
		return Trace{}
	}
	return s.trace
}

// Set adds an attribute, or changes it. A value is a text, a whole number, a float64 or a list of texts.
func (s *Span) Set(key string, value any) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.attrs, func(a attribute) bool { return a.Key == key })
	if i >= 0 {
		s.attrs[i] = attributeOf(key, value)
		return
	}
	s.attrs = append(s.attrs, attributeOf(key, value))
}

// Fail says that the work failed, and why. The text goes to the collector: it must hold no data of items.
func (s *Span) Fail(why string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed, s.status = true, why
}

// End ends the span and queues it. One that is not sampled, or finds the queue full, is dropped.
func (s *Span) End() {
	if s == nil || !s.trace.Sampled || s.exporter.config.TracesURL == "" {
		return
	}
	s.mu.Lock()
	out := span{
		TraceID: s.trace.TraceID, SpanID: s.trace.SpanID, ParentSpanID: s.parent, Name: s.name, Kind: s.kind,
		Start: nanos(s.start), End: nanos(time.Now()), Attributes: s.attrs,
	}
	if s.failed {
		out.Status = &status{Code: 2, Message: s.status}
	}
	s.mu.Unlock()
	e := s.exporter
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.spans) >= maxQueue {
		e.dropped++
		return
	}
	e.spans = append(e.spans, out)
}

// nanos is a time as JSON has 64-bit numbers in OTLP: as text.
func nanos(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }
