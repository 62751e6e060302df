package mcp

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// recorder is an endpoint that shows what the program sends. It is no DynamoDB:
// it answers every request with an empty object, or not until the request is
// abandoned.
type recorder struct {
	*httptest.Server
	requests chan *http.Request
	gone     chan struct{}
}

func newRecorder(t *testing.T, hang bool) *recorder {
	t.Helper()
	r := &recorder{requests: make(chan *http.Request, 10), gone: make(chan struct{}, 10)}
	stop := make(chan struct{})
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		r.requests <- req
		if hang {
			select {
			case <-req.Context().Done():
				r.gone <- struct{}{}
			case <-stop:
			}
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, `{}`)
	}))
	t.Cleanup(func() { close(stop); r.Close() })
	return r
}

// credentials let the SDK sign; nothing checks them here.
var credentials = []string{"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret"}

const listLine = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tables","arguments":{%s}}}`

func TestBinaryTellsWhoIsCalling(t *testing.T) {
	r := newRecorder(t, false)
	p := startProcess(t, environment(t, append(credentials, "AWS_ENDPOINT_URL="+r.URL)...))
	p.send(t, initializeLine)
	p.receive(t)
	p.send(t, fmt.Sprintf(listLine, ""))
	p.receive(t)
	request := <-r.requests
	if agent := request.UserAgent(); !strings.Contains(agent, "MCP/DynamoDBServer") || !strings.Contains(agent, "ddb/") {
		t.Errorf("user agent %q names neither MCP/DynamoDBServer nor ddb", agent)
	}
}

func TestBinaryChoosesTheRegion(t *testing.T) {
	home := t.TempDir()
	configFile := filepath.Join(home, "config")
	if err := os.WriteFile(configFile, []byte("[default]\nregion = eu-south-1\n[profile other]\nregion = eu-north-1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, argument string
		env            []string
		want           string
	}{
		{"argument", `"region_name":"ap-east-1"`, []string{"AWS_REGION=sa-east-1", "AWS_DEFAULT_REGION=ca-west-1"}, "ap-east-1"},
		{"AWS_REGION", "", []string{"AWS_REGION=sa-east-1", "AWS_DEFAULT_REGION=ca-west-1", "AWS_CONFIG_FILE=" + configFile}, "sa-east-1"},
		{"AWS_DEFAULT_REGION", "", []string{"AWS_DEFAULT_REGION=ca-west-1", "AWS_CONFIG_FILE=" + configFile}, "ca-west-1"},
		{"default profile", "", []string{"AWS_CONFIG_FILE=" + configFile}, "eu-south-1"},
		{"named profile", "", []string{"AWS_CONFIG_FILE=" + configFile, "AWS_PROFILE=other"}, "eu-north-1"},
		{"nothing", "", nil, "us-west-2"},
		{"a null argument", `"region_name":null`, []string{"AWS_REGION=sa-east-1"}, "sa-east-1"},
		{"variables of the terminal do not count", "", []string{"DDB_REGION=me-south-1", "DDB_PROFILE=other", "DDB_ENDPOINT=http://127.0.0.1:1"}, "us-west-2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRecorder(t, false)
			p := startProcess(t, environment(t, append(append([]string{"AWS_ENDPOINT_URL_DYNAMODB=" + r.URL}, credentials...), c.env...)...))
			p.send(t, initializeLine)
			p.receive(t)
			p.send(t, fmt.Sprintf(listLine, c.argument))
			p.receive(t)
			request := <-r.requests
			if scope := request.Header.Get("Authorization"); !strings.Contains(scope, "/"+c.want+"/dynamodb/aws4_request") {
				t.Errorf("signed for %q, want region %s", scope, c.want)
			}
		})
	}
}

func TestBinaryStopsTheCallWhenItIsCancelled(t *testing.T) {
	r := newRecorder(t, true)
	p := startProcess(t, environment(t, append(credentials, "AWS_ENDPOINT_URL="+r.URL)...))
	p.send(t, initializeLine)
	p.receive(t)
	p.send(t, fmt.Sprintf(listLine, ""))
	<-r.requests
	p.send(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"enough"}}`)
	select {
	case <-r.gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the request to the service goes on")
	}
	p.send(t, `{"jsonrpc":"2.0","id":2,"method":"ping"}`)
	if line := string(p.receive(t)); !strings.Contains(line, `"id":2`) {
		t.Errorf("%s answers a cancelled call", line)
	}
}

func TestBinaryEndsInOrder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals to send")
	}
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			r := newRecorder(t, true)
			p := startProcess(t, environment(t, append(credentials, "AWS_ENDPOINT_URL="+r.URL)...))
			p.send(t, initializeLine)
			p.receive(t)
			p.send(t, fmt.Sprintf(listLine, ""))
			<-r.requests
			if err := p.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if code := p.exit(t, 5*time.Second); code != 0 {
				t.Errorf("exit code %d, want 0: %s", code, p.errors)
			}
		})
	}
	t.Run("the client is gone", func(t *testing.T) {
		r := newRecorder(t, true)
		env := environment(t, append(credentials, "AWS_ENDPOINT_URL="+r.URL)...)
		p := startProcess(t, env)
		p.send(t, initializeLine)
		p.receive(t)
		p.send(t, fmt.Sprintf(listLine, ""))
		<-r.requests
		p.closeOutput(t)
		p.send(t, `{"jsonrpc":"2.0","id":2,"method":"ping"}`)
		if code := p.exit(t, 5*time.Second); code != 0 {
			t.Errorf("exit code %d, want 0: %s", code, p.errors)
		}
	})
}

func TestBinaryStartsWithoutCredentials(t *testing.T) {
	p := startProcess(t, environment(t))
	p.send(t, initializeLine)
	if line := string(p.receive(t)); !strings.Contains(line, serverName) {
		t.Fatalf("initialize: %s", line)
	}
	p.send(t, fmt.Sprintf(listLine, ""))
	line := p.receive(t)
	var message struct {
		Result struct {
			IsError bool
			Content []struct{ Text string }
		}
	}
	if err := json.Unmarshal(line, &message); err != nil || !message.Result.IsError {
		t.Fatalf("no error result: %s", line)
	}
	var failed struct{ Error struct{ Code, Hint string } }
	if err := json.Unmarshal([]byte(message.Result.Content[0].Text), &failed); err != nil {
		t.Fatal(err)
	}
	if failed.Error.Code != "NoCredentials" || failed.Error.Hint == "" {
		t.Errorf("%+v; want NoCredentials with a remedy", failed.Error)
	}
}

func TestBinaryKeepsLogsOffTheProtocol(t *testing.T) {
	cases := []struct{ level, has, lacks string }{
		{"DEBUG", "level=DEBUG", "nothing"},
		{"info", "level=INFO", "level=DEBUG"},
		{"WARNING", "level=WARN", "level=INFO"},
		{"ERROR", "", "level="},
		{"loud", `level=loud`, "level=DEBUG"},
	}
	for _, c := range cases {
		t.Run(c.level, func(t *testing.T) {
			p := startProcess(t, environment(t, "FASTMCP_LOG_LEVEL="+c.level, "AWS_REGION=eu-west-1"), "--local=memory")
			p.send(t, initializeLine)
			p.send(t, fmt.Sprintf(listLine, ""))
			p.send(t, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"describe_table","arguments":{}}}`)
			for range 3 {
				if line := p.receive(t); !json.Valid(line) {
					t.Errorf("not a message on standard output: %s", line)
				}
			}
			_ = p.in.Close()
			if code := p.exit(t, 5*time.Second); code != 0 {
				t.Errorf("exit code %d", code)
			}
			log := p.errors.String()
			if !strings.Contains(log, c.has) || strings.Contains(log, c.lacks) {
				t.Errorf("the log has no %q, or has %q:\n%s", c.has, c.lacks, log)
			}
			if c.level == "info" && !strings.Contains(log, "region=eu-west-1") {
				t.Errorf("the log does not tell the region:\n%s", log)
			}
		})
	}
}

func TestBinaryRefusesToStart(t *testing.T) {
	cases := []struct {
		name string
		args []string
		says []string
	}{
		{"unknown toolset", []string{"--toolsets", "itms"}, []string{`unknown toolset "itms"`, `did you mean "item"?`}},
		{"unknown tool", []string{"--tools", "get_itm"}, []string{`unknown tool "get_itm"`, `did you mean "get_item"?`}},
		{"unknown excluded tool", []string{"--exclude-tools", "x"}, []string{`unknown tool "x"`, "valid names:"}},
		{"a broken table pattern", []string{"--tables", "dev-["}, []string{"dev-["}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := startProcess(t, environment(t), append(c.args, "--local=memory")...)
			if code := p.exit(t, 5*time.Second); code == 0 {
				t.Error("exit code 0")
			}
			for _, want := range c.says {
				if !strings.Contains(p.errors.String(), want) {
					t.Errorf("it does not say %q: %s", want, p.errors)
				}
			}
		})
	}
}
