package enginetest_test

import (
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/enginetest"
)

// endpoint names another target: `go test ./internal/engine/enginetest -endpoint http://127.0.0.1:8000`. Its tables of the
// scenarios' names are not removed first, so it should be an empty one. Credentials are the SDK's usual ones.
var endpoint = flag.String("endpoint", "", "run the scenarios against this endpoint instead of the embedded engine")

const region = "us-west-2"

// TestScenarios runs every scenario on each way to reach the engine, or on the endpoint of the flag.
func TestScenarios(t *testing.T) {
	if *endpoint != "" {
		cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(region))
		if err != nil {
			t.Fatal(err)
		}
		enginetest.Run(t, "testdata", func(*testing.T) *enginetest.Target {
			return enginetest.NewTarget(*endpoint, region, nil, cfg.Credentials)
		})
		return
	}
	t.Run("in process", func(t *testing.T) {
		enginetest.Run(t, "testdata", func(t *testing.T) *enginetest.Target {
			return enginetest.NewTarget("http://embedded", region, direct{open(t, engine.Options{}).Handler()}, nil)
		})
	})
	t.Run("over HTTP in memory", func(t *testing.T) { overHTTP(t, func(*testing.T) engine.Options { return engine.Options{} }) })
	t.Run("over HTTP on disk", func(t *testing.T) {
		overHTTP(t, func(t *testing.T) engine.Options { return engine.Options{Dir: t.TempDir()} })
	})
}

func overHTTP(t *testing.T, options func(*testing.T) engine.Options) {
	enginetest.Run(t, "testdata", func(t *testing.T) *enginetest.Target {
		server := httptest.NewServer(open(t, options(t)).Handler())
		t.Cleanup(server.Close)
		return enginetest.NewTarget(server.URL, region, server.Client().Transport, nil)
	})
}

func open(t *testing.T, options engine.Options) *engine.Engine {
	options.Region = region
	options.S3Root = t.TempDir()
	e, err := engine.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return e
}

// direct hands a request to a handler in this process.
type direct struct{ handler http.Handler }

// RoundTrip serves the request and returns what was answered.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := context.Cause(r.Context()); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
