package engine

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"
)

// Faults make the engine fail on purpose: what an honest engine cannot produce by itself — expired credentials,
// throttling, slow answers, cut connections — for the tests of programs that must bear it. The zero Faults do nothing.
type Faults struct {
	rules []fault
	mu    sync.Mutex
	held  bool
	calls map[string]int // calls so far, by operation
	all   int
}

// fault is one rule of a fault file. The first rule that a call meets is the one it gets.
type fault struct {
	Operation string   `json:"operation"` // "PutItem"; "*" or nothing: any, counted together
	Call      int      `json:"call"`      // the call it begins with, from 1; default 1
	Count     int      `json:"count"`     // how many calls it meets; default 1, −1 all that follow
	Exception string   `json:"exception"` // answer with this exception
	Message   string   `json:"message"`   // default: the service's words for well-known exceptions
	Status    int      `json:"status"`    // HTTP status; default the service's, else 400
	Delay     duration `json:"delay"`     // "250ms": wait before anything else
	Cut       string   `json:"cut"`       // drop the connection: before the call is carried out, after it, or amid its answer
}

// duration is a time.Duration as text.
type duration time.Duration

// UnmarshalText reads "1.5s".
func (d *duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("delay %q: expected a duration such as 250ms or 2s", text)
	}
	*d = duration(v)
	return nil
}

// wellKnown are the exceptions one most wants, with the service's words and status.
var wellKnown = map[string]apiError{
	"ExpiredTokenException":                  {Message: "The security token included in the request is expired"},
	"UnrecognizedClientException":            {Message: "The security token included in the request is invalid."},
	"AccessDeniedException":                  {Message: "User is not authorized to perform this operation"},
	"ProvisionedThroughputExceededException": {Message: "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."},
	"ThrottlingException":                    {Message: "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly."},
	"RequestLimitExceeded":                   {Message: "Throughput exceeds the current throughput limit for your account. Please contact AWS Support at https://aws.amazon.com/support request a limit increase"},
	"InternalServerError":                    {Message: "Internal server error", Status: http.StatusInternalServerError},
	"ServiceUnavailable":                     {Message: "The service is temporarily unavailable", Status: http.StatusServiceUnavailable},
	"TransactionConflictException":           {Message: "Transaction is ongoing for the item"},
}

// Hold has faults wait until release is called: calls are neither counted nor met by one. It is for preparations that must not fail.
func (f *Faults) Hold() (release func()) {
	f.setHeld(true)
	return func() { f.setHeld(false) }
}

func (f *Faults) setHeld(held bool) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = held
}

// next counts a call and gives the fault it meets, nil for none.
func (f *Faults) next(operation string) *fault {
	if f == nil || len(f.rules) == 0 {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held {
		return nil
	}
	f.calls[operation]++
	f.all++
	for i := range f.rules {
		r := &f.rules[i]
		n := f.calls[operation]
		switch r.Operation {
		case "":
			n = f.all
		case operation:
		default:
			continue
		}
		if n >= r.Call && (r.Count < 0 || n < r.Call+r.Count) {
			return r
		}
	}
	return nil
}

// strike lets a call meet a fault; serve carries the call out. http.ErrAbortHandler is how a handler drops the
// connection.
func (f *fault) strike(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
	if f.Delay > 0 {
		// A server notices that its client has gone only when it has read the body.
		body, err := readBody(r, nil)
		if err != nil {
			writeError(w, r, newRequestID(), err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		timer := time.NewTimer(time.Duration(f.Delay))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return
		}
	}
	switch {
	case f.Exception != "":
		known := wellKnown[f.Exception]
		err := apiError{Type: f.Exception, Message: f.Message, Status: f.Status}
		if err.Message == "" {
			err.Message = known.Message
		}
		if err.Status == 0 {
			err.Status = known.Status
		}
		writeError(w, r, newRequestID(), &err)
	case f.Cut == "before":
		panic(http.ErrAbortHandler)
	case f.Cut == "":
		serve(w)
	default:
		answer := &held{header: http.Header{}}
		serve(answer)
		if f.Cut == "amid" {
			answer.sendHalf(w)
		}
		panic(http.ErrAbortHandler)
	}
}

// held is an answer that is kept back.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header gives the headers to set.
func (h *held) Header() http.Header { return h.header }

// WriteHeader keeps the status.
func (h *held) WriteHeader(status int) { h.status = status }

func (h *held) Write(p []byte) (int, error) { return h.body.Write(p) }

// sendHalf sends the headers, which promise the whole, and half of the body.
func (h *held) sendHalf(w http.ResponseWriter) {
	maps.Copy(w.Header(), h.header)
	w.WriteHeader(h.status)
	_, _ = w.Write(h.body.Bytes()[:h.body.Len()/2])
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}
