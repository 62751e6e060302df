package config

import (
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Telemetry is where to send traces and metrics, as the variables of OpenTelemetry say. Empty URLs send nothing.
type Telemetry struct {
	TracesURL, MetricsURL string
	// Headers go with each request; they may hold a secret.
	Headers map[string]string
	// Resource are attributes of this process, service.name among them.
	Resource map[string]string
	// Ratio is the part of traces begun here that is sent.
	Ratio float64
	// Zero times are the defaults.
	TraceDelay, MetricInterval, Timeout time.Duration
	// Problem is what the variables ask for and cannot be had; nothing is sent then.
	Problem string
}

// collector is where a collector listens for OTLP over HTTP unless a variable says otherwise.
const collector = "http://localhost:4318"

// LoadTelemetry reads the OTEL_* variables; ok is false where they ask for nothing.
func LoadTelemetry() (t Telemetry, ok bool) {
	get := func(name string) string { return strings.TrimSpace(os.Getenv("OTEL_" + name)) }
	if truth(get("SDK_DISABLED")) {
		return t, false
	}
	var asked [2]bool
	for i, signal := range []string{"TRACES", "METRICS"} {
		endpoint := get("EXPORTER_OTLP_" + signal + "_ENDPOINT")
		base := get("EXPORTER_OTLP_ENDPOINT")
		exporter := get(signal + "_EXPORTER")
		if exporter != "" && exporter != "otlp" || exporter == "" && endpoint == "" && base == "" {
			continue
		}
		if protocol := firstOf(get("EXPORTER_OTLP_"+signal+"_PROTOCOL"), get("EXPORTER_OTLP_PROTOCOL")); protocol == "grpc" {
			t.Problem = "OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and only OTLP over HTTP is spoken: set it to http/json and the endpoint to the collector's port for HTTP, 4318"
			return t, true
		}
		if endpoint == "" {
			endpoint = strings.TrimRight(firstOf(base, collector), "/") + "/v1/" + strings.ToLower(signal)
		}
		if u, err := url.Parse(endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Problem = "the endpoint of OTEL_EXPORTER_OTLP_* is no URL of http or https"
			return t, true
		}
		*[]*string{&t.TracesURL, &t.MetricsURL}[i] = endpoint
		asked[i] = true
	}
	if !asked[0] && !asked[1] {
		return t, false
	}
	t.Headers = keyValues(get("EXPORTER_OTLP_HEADERS"))
	t.Resource = keyValues(get("RESOURCE_ATTRIBUTES"))
	if name := get("SERVICE_NAME"); name != "" {
		t.Resource["service.name"] = name
	} else if t.Resource["service.name"] == "" {
		t.Resource["service.name"] = "ddb"
	}
	t.Ratio = ratio(get("TRACES_SAMPLER"), get("TRACES_SAMPLER_ARG"))
	t.TraceDelay, t.MetricInterval = millis(get("BSP_SCHEDULE_DELAY")), millis(get("METRIC_EXPORT_INTERVAL"))
	t.Timeout = millis(get("EXPORTER_OTLP_TIMEOUT"))
	return t, true
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// keyValues reads key=value,key=value with values percent-encoded, as W3C Baggage writes them.
func keyValues(text string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		key, value, ok := strings.Cut(pair, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			continue
		}
		value = strings.TrimSpace(value)
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		out[key] = value
	}
	return out
}

// ratio is what a sampler of the specification keeps of the traces begun here.
func ratio(sampler, argument string) float64 {
	switch strings.TrimPrefix(sampler, "parentbased_") {
	case "always_off":
		return 0
	case "traceidratio":
		if r, err := strconv.ParseFloat(argument, 64); err == nil && r >= 0 && r <= 1 {
			return r
		}
	}
	return 1
}

func millis(text string) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		return 0
	}
	return time.Duration(n) * time.Millisecond
}
