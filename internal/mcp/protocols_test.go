package mcp

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
)

// TestProtocols lists the tools and calls one with a client of each revision that mcp-go speaks, over HTTP and over pipes.
func TestProtocols(t *testing.T) {
	f := serveOverHTTP(t, "", nil)
	for _, version := range mcp.ValidProtocolVersions {
		t.Run(version, func(t *testing.T) {
			own := &http.Transport{}
			defer own.CloseIdleConnections()
			over, err := transport.NewStreamableHTTP(f.base+endpointPath, transport.WithHTTPBasicClient(&http.Client{Transport: own}))
			if err != nil {
				t.Fatal(err)
			}
			speaks(t, version, over)

			s := localServer(t, nil)
			requests, in := io.Pipe()
			out, answers := io.Pipe()
			ended := make(chan error, 1)
			go func() { ended <- s.ServeStdio(context.WithoutCancel(t.Context()), requests, answers) }()
			speaks(t, version, transport.NewIO(out, in, io.NopCloser(strings.NewReader(""))))
			_ = in.Close()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			_ = answers.Close() // the client reads until then
		})
	}
}

func speaks(t *testing.T, version string, over transport.Interface) {
	t.Helper()
	c := client.NewClient(over, client.WithProtocolVersion(version))
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	request := mcp.InitializeRequest{}
	request.Params.ProtocolVersion, request.Params.ClientInfo = version, mcp.Implementation{Name: "test", Version: "1"}
	result, err := c.Initialize(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if result.ProtocolVersion != version || result.ServerInfo.Name != serverName {
		t.Errorf("%s is answered with %s by %q", version, result.ProtocolVersion, result.ServerInfo.Name)
	}
	tools, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
	if err != nil || len(tools.Tools) < 31 {
		t.Errorf("%d tools, %v", len(tools.Tools), err)
	}
	if text := textOf(t, callTool(t.Context(), t, c, "list_tables", `{}`)); !strings.Contains(text, "TableNames") {
		t.Errorf("list_tables gives %s", text)
	}
}
