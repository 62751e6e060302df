package mcp

import (
	"testing"

	"github.com/mark3labs/mcp-go/client"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// localClient is a client in process of a server on an embedded engine of its
// own. change adjusts the options.
func localClient(t *testing.T, change func(*Options)) *client.Client {
	t.Helper()
	c, err := client.NewInProcessClient(localServer(t, change).server)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	initialize(t, c)
	return c
}

// localServer is a server on an embedded engine of its own, ready to serve.
func localServer(t *testing.T, change func(*Options)) *Server {
	t.Helper()
	e, err := engine.Open(engine.Options{S3Root: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close the engine: %v", err)
		}
	})
	factory := dynamo.New(t.Context(), dynamo.Config{Local: e.Handler(), MCP: true, Snapshots: 10})
	o := Options{
		Operations: ops.All, Version: "test",
		Env: &op.Env{Clients: factory.Clients, Explain: factory.Explain},
	}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ready(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScenarioInProcess(t *testing.T) {
	c := localClient(t, func(o *Options) { o.Toolsets = []string{toolsetAll} })
	newScenario(t, c).run(t, contractSteps)
}
