package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/server"
)

func start(t *testing.T) (base string) {
	t.Helper()
	return startWith(t, server.Options{})
}

// startWith serves an engine of its own with these options.
func startWith(t *testing.T, o server.Options) (base string) {
	t.Helper()
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.Handler = e.Handler()
	s := server.New(o)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := errors.Join(s.Shutdown(ctx), <-done, e.Close()); err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

const signed = "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=abc"

func post(t *testing.T, url, body string, header map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	for k, v := range header {
		if k == "Host" {
			r.Host = v
		}
		r.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestFrame(t *testing.T) {
	base := start(t)
	deep := strings.Repeat(`{"L":[`, 100_000)
	for name, tc := range map[string]struct {
		body   string
		header map[string]string
		status int
		want   string
	}{
		"unsigned": {
			"{}",
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables"},
			400,
			`{"__type":"com.amazon.coral.service#MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}`,
		},
		"unsigned and no JSON": {
			"{",
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables"},
			400,
			`{"__type":"com.amazon.coral.service#SerializationException"}`,
		},
		"unknown action and no JSON": {
			"{",
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.Nothing"},
			400,
			`{"__type":"com.amazon.coral.service#SerializationException"}`,
		},
		"unknown action, unsigned": {
			"{}",
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.Nothing"},
			400,
			`{"__type":"com.amazon.coral.service#UnknownOperationException"}`,
		},
		"no target":      {"{}", nil, 400, `{"__type":"com.amazon.coral.service#UnknownOperationException"}`},
		"unknown action": {"{}", map[string]string{"X-Amz-Target": "DynamoDB_20120810.Nothing", "Authorization": signed, "X-Amz-Date": "x"}, 400, `{"__type":"com.amazon.coral.service#UnknownOperationException"}`},
		"signed":         {"{}", map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables", "Authorization": signed, "X-Amz-Date": "x"}, 200, `{"TableNames":[]}`},
		"no JSON":        {"{", map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables", "Authorization": signed, "X-Amz-Date": "x"}, 400, `{"__type":"com.amazon.coral.service#SerializationException"}`},
		"empty":          {"", map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables", "Authorization": signed, "X-Amz-Date": "x"}, 400, `{"__type":"com.amazon.coral.service#SerializationException"}`},
		"a list":         {"[]", map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables", "Authorization": signed, "X-Amz-Date": "x"}, 400, `{"__type":"com.amazon.coral.service#SerializationException"}`},
		"two values":     {"{}{}", map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables", "Authorization": signed, "X-Amz-Date": "x"}, 400, `{"__type":"com.amazon.coral.service#SerializationException"}`},
		"bad UTF-8": {
			"{\"ExclusiveStartTableName\":\"abc\xff\"}",
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables", "Authorization": signed, "X-Amz-Date": "x"},
			400,
			`{"__type":"com.amazon.coral.service#SerializationException"}`,
		},
		"half a surrogate": {
			`{"ExclusiveStartTableName":"abc\ud800"}`,
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.ListTables", "Authorization": signed, "X-Amz-Date": "x"},
			400,
			`{"__type":"com.amazon.coral.service#SerializationException"}`,
		},
		"too deep": {
			`{"TableName":"abc","Item":{"a":` + deep,
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.PutItem", "Authorization": signed, "X-Amz-Date": "x"},
			400,
			`{"__type":"com.amazon.coral.service#SerializationException"}`,
		},
		"wrong type": {
			`{"TableName":3}`,
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.DescribeTable", "Authorization": signed, "X-Amz-Date": "x"},
			400,
			`{"__type":"com.amazon.coral.service#SerializationException","Message":"NUMBER_VALUE cannot be converted to String"}`,
		},
		"foreign host": {
			"{}",
			map[string]string{"Host": "evil.example", "X-Amz-Target": "DynamoDB_20120810.ListTables"},
			403,
			`{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"The Host header names evil.example, which is not this machine: use localhost or the address, or start it with --host and that name"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := post(t, base, tc.body, tc.header)
			if status != tc.status || body != tc.want {
				t.Errorf("got  %d %s\nwant %d %s", status, body, tc.status, tc.want)
			}
		})
	}
}

func TestPortInUse(t *testing.T) {
	l, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	port := l.Addr().(*net.TCPAddr).Port
	_, err = server.Listen(t.Context(), l.Addr().String())
	if !errors.Is(err, syscall.EADDRINUSE) || !strings.Contains(err.Error(), fmt.Sprintf("port %d is in use", port)) {
		t.Errorf("got %v", err)
	}
}
