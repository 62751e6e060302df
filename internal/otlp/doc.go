// Package otlp sends spans and metrics to an OpenTelemetry collector, as OTLP over HTTP in its JSON form. It is the part of
// the protocol that a server of our size needs; see docs/architecture.md for why it is not the official SDK.
package otlp

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config says where to and how often. The zero values of times and the ratio are those of the specification.
type Config struct {
	// TracesURL and MetricsURL are where to post; empty sends none of that kind.
	TracesURL, MetricsURL string
	// Headers go with each post.
	Headers map[string]string
	// Resource are the attributes of what sends, service.name among them.
	Resource map[string]string
	// Scope and Version name the instrumentation.
	Scope, Version string
	// Ratio is the part of traces begun here that is sent; a trace begun elsewhere is sent as its caller decided.
	Ratio float64
	// TraceDelay and MetricInterval are how often spans and metrics are sent; Timeout is how long a post may take.
	TraceDelay, MetricInterval, Timeout time.Duration
	// Client posts; nil for http.DefaultClient.
	Client *http.Client
	Logger *slog.Logger
}

// maxQueue bounds the spans that wait to be sent; more are dropped, and counted in the log.
const maxQueue = 2048

// Exporter collects spans and metrics and sends them. It may be used by many goroutines at once.
type Exporter struct {
	config Config
	stop   chan struct{}
	done   sync.WaitGroup
	life   context.Context //nolint:containedctx // of the posts between New and Close
	end    context.CancelFunc

	mu       sync.Mutex
	spans    []span
	dropped  int
	dropTold time.Time // when the log last spoke of dropped spans
	began    time.Time
	series   map[string]*histogram
	sums     map[string]*sum
	refused  map[string]*refusals // by URL
}

// New starts an exporter; Close ends it.
func New(c Config) *Exporter {
	if c.TraceDelay <= 0 {
		c.TraceDelay = 5 * time.Second
	}
	if c.MetricInterval <= 0 {
		c.MetricInterval = time.Minute
	}
	if c.Timeout <= 0 {
		c.Timeout = 10 * time.Second
	}
	if c.Client == nil {
		c.Client = http.DefaultClient
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Exporter{
		config: c, stop: make(chan struct{}), began: time.Now(), series: map[string]*histogram{}, sums: map[string]*sum{}, refused: map[string]*refusals{},
	}
	e.life, e.end = context.WithCancel(context.Background())
	every := func(interval time.Duration, send func()) {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-e.stop:
				return
			case <-tick.C:
				send()
			}
		}
	}
	e.done.Go(func() { every(c.TraceDelay, func() { e.sendSpans(e.life) }) })
	e.done.Go(func() { every(c.MetricInterval, func() { e.sendMetrics(e.life) }) })
	return e
}

// Close sends what is left, as far as ctx allows, and stops.
func (e *Exporter) Close(ctx context.Context) {
	close(e.stop)
	defer e.end()
	late := context.AfterFunc(ctx, e.end) // a collector that says nothing holds up nobody's end
	e.done.Wait()
	late()
	e.sendSpans(ctx)
	e.sendMetrics(ctx)
}

// Trace is a place in a trace: of a span of this process, or of a caller elsewhere.
type Trace struct {
	TraceID, SpanID string // hexadecimal; empty for none
	Sampled         bool
}

// ParseTraceparent reads the header of W3C Trace Context; ok is false where it is not one.
func ParseTraceparent(header string) (t Trace, ok bool) {
	parts := strings.Split(strings.TrimSpace(header), "-")
	if len(parts) < 4 || len(parts[0]) != 2 || parts[0] == "ff" || len(parts[1]) != 32 || len(parts[2]) != 16 || len(parts[3]) != 2 {
		return Trace{}, false
	}
	for _, p := range parts[:4] {
		if _, err := hex.DecodeString(p); err != nil || p != strings.ToLower(p) {
			return Trace{}, false
		}
	}
	if strings.Trim(parts[1], "0") == "" || strings.Trim(parts[2], "0") == "" {
		return Trace{}, false
	}
	flags, _ := hex.DecodeString(parts[3])
	return Trace{parts[1], parts[2], flags[0]&1 == 1}, true
}

func newID(n int) string {
	id := make([]byte, n)
	_, _ = rand.Read(id) // it never fails
	return hex.EncodeToString(id)
}

// sampled decides about a trace begun here by its id, as every other process with the same ratio would.
func (e *Exporter) sampled(traceID string) bool {
	if e.config.Ratio >= 1 {
		return true
	}
	raw, err := hex.DecodeString(traceID[16:])
	if err != nil {
		return false
	}
	var n uint64
	for _, b := range raw {
		n = n<<8 | uint64(b)
	}
	return float64(n>>1) < e.config.Ratio*float64(uint64(1)<<63)
}
