package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// client speaks the wire protocol with bodies that are written before the clock starts, so that the driver takes as little
// as it can of the processors it shares with the server.
type client struct {
	url  string
	http *http.Client
}

func newClient(url string, connections int) *client {
	transport := &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}
	return &client{url: url, http: &http.Client{Transport: transport, Timeout: time.Minute}}
}

// Servers that look at a request's signature want to see one; none on loopback checks it.
const signature = "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/dynamodb/aws4_request, " +
	"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=0000000000000000000000000000000000000000000000000000000000000000"

// call sends one request and gives the answer's body, which is read into scratch.
func (c *client) call(ctx context.Context, operation string, body []byte, scratch *bytes.Buffer) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header["Content-Type"] = []string{"application/x-amz-json-1.0"}
	r.Header["X-Amz-Target"] = []string{"DynamoDB_20120810." + operation}
	r.Header["X-Amz-Date"] = []string{"20260101T000000Z"}
	r.Header["Authorization"] = []string{signature}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	scratch.Reset()
	if _, err := io.Copy(scratch, answer.Body); err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s: %s", operation, answer.Status, scratch.Bytes()[:min(300, scratch.Len())])
	}
	return scratch.Bytes(), nil
}

// ready waits until the server answers ListTables.
func (c *client) ready(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var last error
	for ctx.Err() == nil {
		if _, err := c.call(ctx, "ListTables", []byte("{}"), new(bytes.Buffer)); err == nil {
			return nil
		} else if !errors.Is(err, context.DeadlineExceeded) {
			last = err
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("%s did not answer ListTables within %v: %w", c.url, limit, last)
}

// loopback refuses an endpoint elsewhere: this is a load, and its table is made and thrown away without asking.
func loopback(text string) error {
	u, err := url.Parse(text)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%s: bench drives servers on loopback only", text)
}

// freeAddress is an address of loopback nobody listens on at this moment.
func freeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
