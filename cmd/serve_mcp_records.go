package cmd

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/logfile"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/otlp"
	"github.com/ddb-cli/ddb/internal/version"
)

const (
	// recordBytes is how large the files of a server grow before they are put aside.
	recordBytes = 100 << 20
	// recordsKept is how many files put aside are kept.
	recordsKept = 10
	// lastTelemetry is how long a server that ends may take to send what is left: clients wait two seconds for its end.
	lastTelemetry = time.Second
)

// recordFlags are the settings of what serve-mcp writes down.
type recordFlags struct {
	audit, log string
	items      bool
	max        int64
}

func (r *recordFlags) define(f *pflag.FlagSet) {
	f.StringVar(&r.audit, "audit-log", "", "write a line of JSON for each call to this `file`: when, who, which tool and tables, outcome, capacity")
	f.BoolVar(&r.items, "audit-items", false, "put the arguments of each call, which are data of items, into the audit log")
	f.Int64Var(&r.max, "audit-max-bytes", recordBytes, "put the audit log aside when it has so many `bytes`; 0 for never")
	f.StringVar(&r.log, "log-file", "", "write the log to this `file` instead of standard error")
}

// serverFiles are the files a server writes. audit is nil for none.
type serverFiles struct {
	log   io.Writer
	audit *logfile.File
	files []*logfile.File
}

func (r *recordFlags) open(errOut io.Writer) (*serverFiles, error) {
	if r.audit == "" && r.items {
		return nil, usage("--audit-items needs --audit-log", "name the file with --audit-log FILE")
	}
	if r.max < 0 {
		return nil, usage("--audit-max-bytes is less than nothing", "0 sets no limit")
	}
	out := &serverFiles{log: errOut}
	open := func(what, path string, limit int64) (*logfile.File, error) {
		f, err := logfile.Open(path, limit, recordsKept)
		if err != nil {
			out.close()
			return nil, &op.Error{Code: op.CodeConfig, Message: "the " + what + " cannot be written: " + err.Error(), Hint: "name a file in a folder that is there and may be written", Cause: err}
		}
		out.files = append(out.files, f)
		return f, nil
	}
	if r.log != "" {
		f, err := open("log", r.log, recordBytes)
		if err != nil {
			return nil, err
		}
		out.log = f
	}
	if r.audit != "" {
		f, err := open("audit log", r.audit, r.max)
		if err != nil {
			return nil, err
		}
		out.audit = f
	}
	return out, nil
}

func (r *serverFiles) close() {
	for _, f := range r.files {
		_ = f.Close() // each line was written when it was made
	}
}

// telemetry is the exporter that the OTEL_* variables ask for, nil for none. stop sends what is left.
func telemetry(logger *slog.Logger) (exporter *otlp.Exporter, stop func()) {
	t, ok := config.LoadTelemetry()
	if !ok {
		return nil, func() {}
	}
	if t.Problem != "" {
		logger.Warn("no telemetry is sent", "reason", t.Problem)
		return nil, func() {}
	}
	t.Resource["service.version"] = version.String()
	exporter = otlp.New(otlp.Config{
		TracesURL: t.TracesURL, MetricsURL: t.MetricsURL, Headers: t.Headers, Resource: t.Resource, Scope: "ddb", Version: version.String(),
		Ratio: t.Ratio, TraceDelay: t.TraceDelay, MetricInterval: t.MetricInterval, Timeout: t.Timeout, Logger: logger,
	})
	return exporter, func() {
		ctx, cancel := context.WithTimeout(context.Background(), lastTelemetry)
		defer cancel()
		exporter.Close(ctx)
	}
}
