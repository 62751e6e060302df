package dynamo

import (
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// isolate keeps the machine's own AWS configuration out of a test, and gives static keys.
func isolate(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "AWS_") || strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			unset(t, name)
		}
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	return dir
}

// unset takes a variable out of the environment for the time of the test.
func unset(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // which sees to it that the old value comes back
	if err := os.Unsetenv(name); err != nil {
		t.Fatal(err)
	}
}

// answerWith writes a body as the service does.
func answerWith(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(body))), 10))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func tables(t *testing.T, f *Factory) ([]string, error) {
	t.Helper()
	c, err := f.Clients(t.Context(), "")
	if err != nil {
		return nil, err
	}
	out, err := c.DynamoDB.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil {
		return nil, err
	}
	return out.TableNames, nil
}

// One in 25 of such answers failed with the SDK's own body (smithy-go v1.28.8), so a cure that does nothing shows.
func TestLargeAnswersFromAQuickServer(t *testing.T) {
	isolate(t)
	item := fmt.Sprintf(`{"pk":{"S":"a"},"text":{"S":"%s"}}`, strings.Repeat("x", 990))
	body := `{"Count":100,"ScannedCount":100,"Items":[` + strings.Repeat(item+",", 99) + item + `]}`
	if len(body) < 100_000 {
		t.Fatalf("the answer has %d bytes", len(body))
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		answerWith(w, http.StatusOK, body)
	}))
	defer srv.Close()
	f := New(t.Context(), Config{Endpoint: srv.URL, MaxAttempts: 1})
	c, err := f.Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	in := &dynamodb.QueryInput{
		TableName: aws.String("Orders"), KeyConditionExpression: aws.String("pk = :p"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":p": &types.AttributeValueMemberS{Value: "a"}},
	}
	for i := range 2000 {
		out, err := c.DynamoDB.Query(t.Context(), in)
		if err != nil {
			t.Fatalf("query %d: %v", i, err)
		}
		if len(out.Items) != 100 {
			t.Fatalf("query %d: %d items", i, len(out.Items))
		}
	}
}

func TestOwnCABundle(t *testing.T) {
	dir := isolate(t)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answerWith(w, http.StatusOK, `{"TableNames":["a"]}`)
	}))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // the refused handshake is wanted
	srv.StartTLS()
	defer srv.Close()
	f := New(t.Context(), Config{Endpoint: srv.URL, MaxAttempts: 1})
	_, err := tables(t, f)
	if e := AsError(err); e == nil || e.Code != op.CodeUnreachable || !strings.Contains(e.Hint, "AWS_CA_BUNDLE") {
		t.Fatalf("without the bundle: %#v", e)
	}

	bundle := filepath.Join(dir, "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	if err := os.WriteFile(bundle, text, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CA_BUNDLE", bundle)
	names, err := tables(t, New(t.Context(), Config{Endpoint: srv.URL, MaxAttempts: 1}))
	if err != nil || len(names) != 1 {
		t.Errorf("with the bundle: %v, %v", names, err)
	}
}

// The proxy of the environment is read once in a process, and never used for loopback, so the client is asked which
// one it would take. HTTPS_PROXY is seen when nothing in the process looked before.
func TestProxyOfTheEnvironment(t *testing.T) {
	if os.Getenv("DDB_TEST_PROXY_CHILD") == "" {
		isolate(t)
		var asked atomic.Value
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		proxy := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Store(r.Method + " " + r.Host)
			http.Error(w, "no", http.StatusForbidden)
		})}
		go func() { _ = proxy.Serve(ln) }()
		defer func() { _ = proxy.Close() }()
		child := testProcess(t, "TestProxyOfTheEnvironment",
			"DDB_TEST_PROXY_CHILD=1", "HTTPS_PROXY=http://"+ln.Addr().String(), "NO_PROXY=")
		if out, err := child.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if got := asked.Load(); got != "CONNECT dynamodb.eu-west-1.amazonaws.com:443" {
			t.Errorf("the proxy was asked for %v", got)
		}
		return
	}
	_, err := tables(t, New(t.Context(), Config{Region: "eu-west-1", MaxAttempts: 1}))
	if err == nil {
		t.Fatal("the proxy refuses, and yet there is an answer")
	}
}

// A server closes connections it has not heard from. A request that finds that out while it is being sent goes out again
// on a fresh connection, by net/http, which needs the body once more, or by the SDK's retries.
func TestStaleKeepAlive(t *testing.T) {
	isolate(t)
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil || !strings.Contains(string(b), "ExclusiveStartTableName") {
			t.Errorf("body %q, %v", b, err)
		}
		calls.Add(1)
		answerWith(w, http.StatusOK, `{"TableNames":[]}`)
	}))
	defer srv.Close()
	f := New(t.Context(), Config{Endpoint: srv.URL})
	c, err := f.Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if _, err := c.DynamoDB.ListTables(t.Context(), &dynamodb.ListTablesInput{ExclusiveStartTableName: aws.String("abc")}); err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
		srv.CloseClientConnections()
	}
	if calls.Load() != 2 {
		t.Errorf("%d calls arrived, want 2", calls.Load())
	}
}

func TestDetachedBodyCanBeSentAgain(t *testing.T) {
	closed := false
	var sent *http.Request
	d := detached{clientFunc(func(r *http.Request) (*http.Response, error) {
		sent = r
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})}
	body := &closeNoted{strings.NewReader("question"), &closed}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := d.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	r.Body.Close() // as smithy-go does under the transport
	for range 2 {
		again, err := sent.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(again); err != nil || string(b) != "question" {
			t.Errorf("body %q, %v", b, err)
		}
	}
	if b, err := io.ReadAll(sent.Body); err != nil || string(b) != "question" || sent.ContentLength != 8 || !closed {
		t.Errorf("body %q, %v, length %d", b, err, sent.ContentLength)
	}
}

type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

type closeNoted struct {
	io.Reader
	closed *bool
}

func (c *closeNoted) Close() error {
	*c.closed = true
	return nil
}

func TestUserAgent(t *testing.T) {
	isolate(t)
	var agent string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent = r.Header.Get("User-Agent")
		answerWith(w, http.StatusOK, `{"TableNames":[]}`)
	}))
	defer srv.Close()
	for _, mcp := range []bool{false, true} {
		if _, err := tables(t, New(t.Context(), Config{Endpoint: srv.URL, UserAgent: "ddb/1.2.3", MCP: mcp})); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(agent, "ddb/1.2.3") || strings.Contains(agent, "MCP/DynamoDBServer") != mcp {
			t.Errorf("MCP %v: user agent %q", mcp, agent)
		}
	}
}
