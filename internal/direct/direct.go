// Package direct carries HTTP requests to a handler of this process: no port, no copying of headers, the SDK's own
// encoder on one side and the handler's decoder on the other.
package direct

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Transport gives an http.RoundTripper that calls the handler. A handler that drops the connection, by panicking with
// http.ErrAbortHandler, gives an error that wraps io.ErrUnexpectedEOF.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ h http.Handler }

// errCut is what a client sees when a server drops the connection, which a handler does by panicking with
// http.ErrAbortHandler.
var errCut = fmt.Errorf("the connection was cut before the answer: %w", io.ErrUnexpectedEOF)

func (t transport) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in := *r
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "in-process"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Header == nil {
		in.Header = http.Header{}
	}
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer in.Body.Close()
	w := &answer{header: http.Header{}}
	defer func() {
		if p := recover(); p != nil {
			if e, ok := p.(error); !ok || !errors.Is(e, http.ErrAbortHandler) {
				panic(p)
			}
			resp, err = nil, errCut
		}
	}()
	t.h.ServeHTTP(w, &in)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return w.response(r), nil
}

// answer collects what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 { // 1xx are not the answer
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answer) WriteString(s string) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.WriteString(s)
}

// Flush is for handlers that stream; here everything arrives at once.
func (a *answer) Flush() { a.WriteHeader(http.StatusOK) }

func (a *answer) response(r *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	if a.header.Get("Date") == "" {
		// The SDK reckons the clock's skew from it.
		a.header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()), Request: r,
	}
}
