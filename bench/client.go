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

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// newClient is the SDK's own client on a server of loopback, so that a server reads what it would read in earnest.
func newClient(endpoint string, connections int) *dynamodb.Client {
	transport := &http.Transport{MaxIdleConns: 2 * connections, MaxIdleConnsPerHost: 2 * connections}
	return dynamodb.New(dynamodb.Options{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String(endpoint),
		Credentials:      credentials.NewStaticCredentialsProvider("bench", "bench", ""),
		HTTPClient:       copied{&http.Client{Transport: transport, Timeout: time.Minute}},
		RetryMaxAttempts: 1,
	})
}

// copied sends a copy of the request's body: smithy-go closes its own as soon as the response's header is in, and a quick
// server's connection is then dropped under its answer. internal/dynamo does the same, with the whole story.
type copied struct{ client *http.Client }

// Do sends one request.
func (c copied) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return c.client.Do(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	sent := *r
	sent.Body, sent.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return c.client.Do(&sent)
}

// ready waits until the server answers ListTables.
func ready(ctx context.Context, c *dynamodb.Client, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var last error
	for ctx.Err() == nil {
		_, err := c.ListTables(ctx, &dynamodb.ListTablesInput{})
		if err == nil {
			return nil
		}
		last = err
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("no answer to ListTables within %v: %w", limit, last)
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
func freeAddress(ctx context.Context) (address, port string, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	address = l.Addr().String()
	_, port, err = net.SplitHostPort(address)
	return address, port, errors.Join(err, l.Close())
}
