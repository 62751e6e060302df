package otlp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The messages of OTLP 1.x in their JSON form (opentelemetry-proto, trace.proto and metrics.proto): ids are hexadecimal and
// 64-bit numbers are texts.
type (
	attribute struct {
		Key   string         `json:"key"`
		Value map[string]any `json:"value"`
	}
	status struct {
		Code    int    `json:"code"`
		Message string `json:"message,omitempty"`
	}
	span struct {
		TraceID      string      `json:"traceId"`
		SpanID       string      `json:"spanId"`
		ParentSpanID string      `json:"parentSpanId,omitempty"`
		Name         string      `json:"name"`
		Kind         int         `json:"kind"`
		Start        string      `json:"startTimeUnixNano"`
		End          string      `json:"endTimeUnixNano"`
		Attributes   []attribute `json:"attributes,omitempty"`
		Status       *status     `json:"status,omitempty"`
	}
)

func attributeOf(key string, value any) attribute {
	switch v := value.(type) {
	case string:
		return attribute{key, map[string]any{"stringValue": v}}
	case int:
		return attribute{key, map[string]any{"intValue": strconv.Itoa(v)}}
	case float64:
		return attribute{key, map[string]any{"doubleValue": v}}
	case []string:
		values := make([]map[string]any, len(v))
		for i, text := range v {
			values[i] = map[string]any{"stringValue": text}
		}
		return attribute{key, map[string]any{"arrayValue": map[string]any{"values": values}}}
	}
	return attribute{key, map[string]any{"stringValue": fmt.Sprint(value)}}
}

func (e *Exporter) resource() map[string]any {
	var attrs []attribute
	for _, key := range slices.Sorted(maps.Keys(e.config.Resource)) {
		attrs = append(attrs, attributeOf(key, e.config.Resource[key]))
	}
	return map[string]any{"attributes": attrs}
}

func (e *Exporter) scope() map[string]any {
	return map[string]any{"name": e.config.Scope, "version": e.config.Version}
}

func (e *Exporter) sendSpans(ctx context.Context) {
	e.mu.Lock()
	spans, dropped := e.spans, e.dropped
	if e.spans = nil; dropped > 0 && time.Since(e.dropTold) < remindEvery {
		dropped = 0 // they are counted on until the log speaks again
	} else if dropped > 0 {
		e.dropped, e.dropTold = 0, time.Now()
	}
	e.mu.Unlock()
	if dropped > 0 {
		e.config.Logger.Warn("spans were dropped: the collector does not take them fast enough", "spans", dropped)
	}
	if len(spans) == 0 || e.config.TracesURL == "" {
		return
	}
	e.post(ctx, e.config.TracesURL, map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   e.resource(),
		"scopeSpans": []any{map[string]any{"scope": e.scope(), "spans": spans}},
	}}})
}

func (e *Exporter) sendMetrics(ctx context.Context) {
	if e.config.MetricsURL == "" {
		return
	}
	metrics := e.metrics(time.Now())
	if len(metrics) == 0 {
		return
	}
	e.post(ctx, e.config.MetricsURL, map[string]any{"resourceMetrics": []any{map[string]any{
		"resource":     e.resource(),
		"scopeMetrics": []any{map[string]any{"scope": e.scope(), "metrics": metrics}},
	}}})
}

// cumulative says that a point counts from the start of the process.
const cumulative = 2

func (e *Exporter) metrics(now time.Time) []any {
	e.mu.Lock()
	defer e.mu.Unlock()
	points, units, kinds := map[string][]any{}, map[string]string{}, map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(e.series)) {
		h := e.series[key]
		counts := make([]string, len(h.counts))
		for i, n := range h.counts {
			counts[i] = strconv.FormatUint(n, 10)
		}
		units[h.name], kinds[h.name] = h.unit, "histogram"
		points[h.name] = append(points[h.name], map[string]any{
			"attributes": h.attrs, "startTimeUnixNano": nanos(e.began), "timeUnixNano": nanos(now),
			"count": strconv.FormatUint(h.count, 10), "sum": h.sum, "bucketCounts": counts, "explicitBounds": bounds,
		})
	}
	for _, key := range slices.Sorted(maps.Keys(e.sums)) {
		s := e.sums[key]
		units[s.name], kinds[s.name] = s.unit, "sum"
		points[s.name] = append(points[s.name], map[string]any{
			"attributes": s.attrs, "startTimeUnixNano": nanos(e.began), "timeUnixNano": nanos(now), "asDouble": s.value,
		})
	}
	var list []any
	for _, name := range slices.Sorted(maps.Keys(points)) {
		data := map[string]any{"aggregationTemporality": cumulative, "dataPoints": points[name]}
		if kinds[name] == "sum" {
			data["isMonotonic"] = true
		}
		list = append(list, map[string]any{"name": name, "unit": units[name], kinds[name]: data})
	}
	return list
}

// remindEvery is how often the log tells again of a collector that goes on taking nothing.
const remindEvery = 10 * time.Minute

// refusals are the posts to one address that were not taken since the last that was.
type refusals struct {
	count int
	told  time.Time
}

// post sends a message. What the collector does not take is lost: telemetry must not hold up the work. The log says so when it begins, now and
// again while it lasts, and when it is over.
func (e *Exporter) post(ctx context.Context, url string, message any) {
	err := e.try(ctx, url, message)
	e.mu.Lock()
	defer e.mu.Unlock()
	was := e.refused[url]
	switch {
	case err == nil && was != nil:
		delete(e.refused, url)
		e.config.Logger.Info("telemetry is taken again", "lost_posts", was.count)
	case err == nil:
	case was == nil:
		e.refused[url] = &refusals{1, time.Now()}
		e.config.Logger.Warn("telemetry was not taken; the next failures are told every "+remindEvery.String(), "error", err)
	default:
		if was.count++; time.Since(was.told) >= remindEvery {
			was.told = time.Now()
			e.config.Logger.Warn("telemetry is still not taken", "error", err, "lost_posts", was.count)
			return
		}
		e.config.Logger.Debug("telemetry was not taken", "error", err)
	}
}

func (e *Exporter) try(ctx context.Context, url string, message any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address of the collector is none") // which may hold a password
	}
	for name, value := range e.config.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := e.config.Client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("the collector answers %s", resp.Status)
	}
	return nil
}
