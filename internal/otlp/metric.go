package otlp

import (
	"slices"
	"strings"
	"time"
)

// bounds are the buckets of durations in seconds, those the semantic conventions of MCP advise.
var bounds = []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300}

// maxSeries bounds the combinations of attributes of all metrics; what goes beyond is counted under one without attributes.
const maxSeries = 1000

type histogram struct {
	name, unit string
	attrs      []attribute
	counts     []uint64
	count      uint64
	sum        float64
}

type sum struct {
	name, unit string
	attrs      []attribute
	value      float64
}

// Seconds adds a duration to a histogram. attrs are keys and values in turn.
func (e *Exporter) Seconds(name string, took time.Duration, attrs ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := name + "\x00" + strings.Join(attrs, "\x00")
	h := e.series[key]
	if h == nil {
		if len(e.series) >= maxSeries {
			attrs = nil
			key = name
		}
		if h = e.series[key]; h == nil {
			h = &histogram{name: name, unit: "s", attrs: pairs(attrs), counts: make([]uint64, len(bounds)+1)}
			e.series[key] = h
		}
	}
	at, _ := slices.BinarySearch(bounds, took.Seconds())
	h.counts[at]++
	h.count++
	h.sum += took.Seconds()
}

// Add adds to a sum that only grows. attrs are keys and values in turn; combinations beyond maxSeries are counted without them.
func (e *Exporter) Add(name, unit string, value float64, attrs ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := name + "\x00" + strings.Join(attrs, "\x00")
	s := e.sums[key]
	if s == nil {
		if len(e.sums) >= maxSeries {
			attrs = nil
			key = name
		}
		if s = e.sums[key]; s == nil {
			s = &sum{name: name, unit: unit, attrs: pairs(attrs)}
			e.sums[key] = s
		}
	}
	s.value += value
}

func pairs(attrs []string) []attribute {
	var out []attribute
	for i := 0; i+1 < len(attrs); i += 2 {
		out = append(out, attributeOf(attrs[i], attrs[i+1]))
	}
	return out
}
