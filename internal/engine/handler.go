package engine

import (
	"hash/crc32"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// MaxBody is the largest request body in bytes: what BatchWriteItem may "transmit over the network" (API reference), base64
// and all. A byte more is refused with status 413 before it is read.
const MaxBody = 16 << 20

// Target prefixes of the two services the engine answers for, and of the API before this one, which the service goes on answering (developer guide,
// "Previous low-level API version").
const (
	targetDynamo   = "DynamoDB_20120810."
	targetStreams  = "DynamoDBStreams_20120810."
	targetPrevious = "DynamoDB_20111205."
)

// buffers holds request and response bodies between calls.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 8<<10); return &b }}

// maxPooled is the largest buffer kept for reuse.
const maxPooled = 2 << 20

func putBuffer(b *[]byte) {
	if cap(*b) <= maxPooled {
		buffers.Put(b)
	}
}

// serve answers one HTTP request.
func (e *Engine) serve(w http.ResponseWriter, r *http.Request) {
	if !e.enter() {
		writeError(w, r, newRequestID(), &apiError{Type: "InternalServerError", Message: "The server is shutting down.", Status: http.StatusServiceUnavailable})
		return
	}
	defer e.active.Done()
	if e.serveForm(w, r) {
		return
	}
	name, act, ok := route(r.Header)
	if !ok && e.serveCloudWatch(w, r) {
		return
	}
	if !e.framed(w, r) {
		return
	}
	if !ok {
		refuse(w, r, errUnknown(r.Header.Get("X-Amz-Target")))
		return
	}
	if f := e.opts.Faults.next(name); f != nil {
		f.strike(w, r, func(w http.ResponseWriter) { e.answer(w, r, name, act) })
		return
	}
	e.answer(w, r, name, act)
}

// answer reads the body, calls the action and sends what comes of it.
func (e *Engine) answer(w http.ResponseWriter, r *http.Request, name string, act action) {
	in := buffers.Get().(*[]byte)
	defer putBuffer(in)
	body, err := readBody(r, (*in)[:0])
	*in = body
	if err != nil {
		writeError(w, r, newRequestID(), err)
		return
	}
	out := buffers.Get().(*[]byte)
	defer putBuffer(out)
	c := e.newCall(r, name)
	id := c.requestID
	answer, err := e.run(c, act, body, (*out)[:0])
	if err != nil {
		api := asAPIError(err)
		body := api.appendBody(nil)
		status := api.status()
		c.release() // with the items that the error speaks of
		writeRefusal(w, r, id, status, body)
		return
	}
	c.release() // the answer is a copy, and may wait for its client
	*out = answer
	writeBody(w, r, http.StatusOK, id, answer)
}

// run calls the action. A panic in it is a defect: the caller gets a 500, the log the stack, and the engine goes on.
func (e *Engine) run(c *call, act action, body, out []byte) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			e.opts.Logger.Error("action panicked", "action", c.action, "panic", p, "stack", string(debug.Stack()))
			err = &apiError{Type: "InternalServerError", Message: "Internal server error", Status: http.StatusInternalServerError}
		}
	}()
	if e.catalog.DueBy(c.now) {
		e.settle(c.now)
	}
	return act(c, body, out)
}

// route finds the action a request names in X-Amz-Target.
func route(h http.Header) (name string, act action, ok bool) {
	target := h["X-Amz-Target"]
	if len(target) != 1 {
		return "", nil, false
	}
	if name, ok = strings.CutPrefix(target[0], targetDynamo); ok {
		act, ok = actions[name]
		return name, act, ok
	}
	if name, ok = strings.CutPrefix(target[0], targetStreams); ok {
		act, ok = streamActions[name]
		return name, act, ok
	}
	return "", nil, false
}

// writeBody sends an answer with the headers of the service.
func writeBody(w http.ResponseWriter, r *http.Request, status int, requestID string, body []byte) {
	h := w.Header()
	values := make([]string, 3) // one allocation for all headers
	h["Content-Type"] = answerType(r)
	values[0] = requestID
	h["X-Amzn-Requestid"] = values[0:1:1]
	if r != nil && len(body) >= gzipFrom && acceptsGzip(r.Header) {
		body = gzipped(body)
		h["Content-Encoding"] = []string{"gzip"}
	}
	values[1] = strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10)
	h["X-Amz-Crc32"] = values[1:2:2]
	values[2] = strconv.Itoa(len(body))
	h["Content-Length"] = values[2:3:3]
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
