package config

import (
	"strings"
	"testing"
	"time"
)

func TestLoadTelemetry(t *testing.T) {
	for name, k := range map[string]struct {
		env             map[string]string
		traces, metrics string
		none            bool
		problem         string
	}{
		"nothing":            {none: true},
		"an endpoint":        {env: map[string]string{"EXPORTER_OTLP_ENDPOINT": "http://c:4318/"}, traces: "http://c:4318/v1/traces", metrics: "http://c:4318/v1/metrics"},
		"one of its own":     {env: map[string]string{"EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/x"}, traces: "http://c/x"},
		"an exporter":        {env: map[string]string{"METRICS_EXPORTER": "otlp"}, metrics: "http://localhost:4318/v1/metrics"},
		"none of one kind":   {env: map[string]string{"EXPORTER_OTLP_ENDPOINT": "http://c", "METRICS_EXPORTER": "none"}, traces: "http://c/v1/traces"},
		"turned off":         {env: map[string]string{"EXPORTER_OTLP_ENDPOINT": "http://c", "SDK_DISABLED": "true"}, none: true},
		"another protocol":   {env: map[string]string{"EXPORTER_OTLP_ENDPOINT": "http://c", "EXPORTER_OTLP_PROTOCOL": "grpc"}, problem: "4318"},
		"no URL":             {env: map[string]string{"EXPORTER_OTLP_ENDPOINT": "collector:4317"}, problem: "no URL"},
		"only a service":     {env: map[string]string{"SERVICE_NAME": "x"}, none: true},
		"http/protobuf asks": {env: map[string]string{"EXPORTER_OTLP_ENDPOINT": "http://c", "EXPORTER_OTLP_PROTOCOL": "http/protobuf", "TRACES_EXPORTER": "none"}, metrics: "http://c/v1/metrics"},
	} {
		t.Run(name, func(t *testing.T) {
			for key, value := range k.env {
				t.Setenv("OTEL_"+key, value)
			}
			got, ok := LoadTelemetry()
			if ok == k.none || (got.Problem != "") != (k.problem != "") || !strings.Contains(got.Problem, k.problem) {
				t.Fatalf("%+v, %v", got, ok)
			}
			if k.problem == "" && (got.TracesURL != k.traces || got.MetricsURL != k.metrics) {
				t.Errorf("traces to %q, metrics to %q", got.TracesURL, got.MetricsURL)
			}
		})
	}
}

func TestTelemetryDetails(t *testing.T) {
	for key, value := range map[string]string{
		"EXPORTER_OTLP_ENDPOINT": "https://c", "EXPORTER_OTLP_HEADERS": "api-key=a%20b,x=1", "RESOURCE_ATTRIBUTES": "service.name=one,team=t",
		"SERVICE_NAME": "two", "TRACES_SAMPLER": "parentbased_traceidratio", "TRACES_SAMPLER_ARG": "0.25", "BSP_SCHEDULE_DELAY": "1500",
	} {
		t.Setenv("OTEL_"+key, value)
	}
	got, _ := LoadTelemetry()
	if got.Headers["api-key"] != "a b" || got.Resource["service.name"] != "two" || got.Resource["team"] != "t" || got.Ratio != 0.25 || got.TraceDelay != 1500*time.Millisecond {
		t.Errorf("%+v", got)
	}
}
