package engine

import (
	"context"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/room"
)

// What the service's HTTP frame answers before a request gets to an operation, in its order: the method, the content
// type, JSON that does not parse, the target, the signature, an empty body.

// The content types of the protocol. An answer has that of its question.
var (
	typeAmazon = []string{"application/x-amz-json-1.0"}
	typeJSON   = []string{"application/json"}
)

// answerType is the content type of an answer; r may be nil.
func answerType(r *http.Request) []string {
	if r != nil {
		if h := r.Header["Content-Type"]; len(h) > 0 && mediaType(h[0]) == typeJSON[0] {
			return typeJSON
		}
	}
	return typeAmazon
}

// mediaType is a content type without its parameters.
func mediaType(header string) string {
	if header == typeAmazon[0] {
		return header
	}
	name, _, _ := strings.Cut(header, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// framed reports whether a request has the method and the content type of the protocol, and answers it otherwise. A body
// in process comes without a type at times, and is taken.
func (e *Engine) framed(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		WriteHealth(w, e.opts.Region)
		return false
	}
	known := len(r.Header["Content-Type"]) == 0
	if !known {
		t := mediaType(r.Header["Content-Type"][0])
		known = t == typeAmazon[0] || t == typeJSON[0]
	}
	if r.Method != http.MethodPost || !known {
		WriteNotFound(w)
		return false
	}
	return true
}

// WriteNotFound answers what is no request of the protocol at all: another method than POST, another type than JSON.
func WriteNotFound(w http.ResponseWriter) {
	writeText(w, http.StatusNotFound, "<UnknownOperationException/>\n")
}

// WriteHealth answers a GET, which load balancers and people make to see whether the service is there.
func WriteHealth(w http.ResponseWriter, region string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	writeText(w, http.StatusOK, "healthy: dynamodb."+region+".amazonaws.com ")
}

// writeText sends what is no JSON, with the headers every answer has.
func writeText(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("X-Amzn-Requestid", newRequestID())
	h.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(text))), 10))
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// Known reports whether a request names an operation that is answered here.
func Known(h http.Header) bool {
	_, _, ok := route(h)
	return ok
}

// WriteError sends an exception of the service's framework, for servers that refuse a request before it gets here.
func WriteError(w http.ResponseWriter, status int, exception, message string) {
	writeError(w, nil, newRequestID(), &apiError{Type: exception, Message: message, Status: status})
}

// Refuse is WriteError for what the service finds after it has parsed the body: one that is no JSON is refused for that.
func Refuse(w http.ResponseWriter, r *http.Request, exception, message string) {
	refuse(w, r, &apiError{Type: exception, Message: message})
}

func refuse(w http.ResponseWriter, r *http.Request, reason error) {
	body, err := readBody(r, nil)
	switch {
	case err != nil:
		reason = err
	case len(body) > 0 && !json.Valid(body):
		reason = serialization("")
	}
	writeError(w, r, newRequestID(), reason)
}

func writeError(w http.ResponseWriter, r *http.Request, requestID string, err error) {
	api := asAPIError(err)
	writeRefusal(w, r, requestID, api.status(), api.appendBody(nil))
}

func writeRefusal(w http.ResponseWriter, r *http.Request, requestID string, status int, body []byte) {
	if status == http.StatusRequestEntityTooLarge || status == http.StatusRequestTimeout {
		w.Header().Set("Connection", "close") // nobody reads the rest
	}
	writeBody(w, r, status, requestID, body)
	if status == http.StatusRequestEntityTooLarge {
		drain(w, r)
	}
}

// How much of a body that is too large is read on after the answer, and for how long.
const (
	drainBytes = 4 * MaxBody
	drainTime  = 5 * time.Second
)

// drain reads what nobody wants, since most clients send all before they listen: a connection closed meanwhile is reset, and they never see the answer.
func drain(w http.ResponseWriter, r *http.Request) {
	if r == nil || r.Body == nil || r.Header.Get("Expect") != "" {
		return
	}
	c := http.NewResponseController(w)
	_ = c.Flush() // what cannot be flushed or waited for is in process
	_ = c.SetReadDeadline(time.Now().Add(drainTime))
	_, _ = io.CopyN(io.Discard, r.Body, drainBytes)
}

// How much memory a body is given for its Content-Length: believed in advance, as much again as has arrived, and all of it when so much has arrived as is
// trusted. What is believed is more than a server takes before it lets a body wait for room, so that nothing is set aside for those that wait.
const (
	believed = 72 << 10
	trusted  = 1 << 20
)

// readBody reads the body into dst, at most MaxBody bytes.
func readBody(r *http.Request, dst []byte) ([]byte, error) { return readUpTo(MaxBody, r, dst) }

// readUpTo reads the body into dst, at most so many bytes.
func readUpTo(most int, r *http.Request, dst []byte) ([]byte, error) {
	if r.Body == nil {
		return dst, nil
	}
	if r.ContentLength > int64(most) {
		return dst, errTooLarge()
	}
	if n := int(min(r.ContentLength, believed)); n > cap(dst) {
		dst = make([]byte, 0, n+1)
	}
	for {
		if len(dst) == cap(dst) {
			more := int(r.ContentLength) - len(dst) + 1
			if len(dst) < trusted {
				more = min(more, len(dst))
			}
			dst = slices.Grow(dst, max(1, more))
		}
		n, err := r.Body.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		if len(dst) > most {
			return dst, errTooLarge()
		}
		if errors.Is(err, io.EOF) {
			return dst, nil
		}
		if err != nil {
			return dst, unreadable(err)
		}
	}
}

func errTooLarge() error {
	return &apiError{Type: "RequestEntityTooLargeException", Message: "Request body is too large", Status: http.StatusRequestEntityTooLarge}
}

func errUnavailable(err error) error {
	return &apiError{Type: "ServiceUnavailable", Message: "Service is temporarily unavailable: " + err.Error(), Status: http.StatusServiceUnavailable}
}

// AnswerKind is what the answer to a request may hold, and so how large it may be.
type AnswerKind int

// The kinds of answers.
const (
	AnswersSmall AnswerKind = iota // no items
	AnswersItem                    // an item, or what stood against a write
	AnswersMany                    // as many items as are found
)

// AnswerOf is the kind of the answer to a request.
func AnswerOf(h http.Header) AnswerKind {
	name, _, ok := route(h)
	if !ok {
		return AnswersSmall
	}
	switch name {
	case "GetItem", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems": // writes answer with what was there, where asked
		return AnswersItem
	case "Query", "Scan", "ExecuteStatement", "GetRecords", "BatchGetItem", "TransactGetItems", "BatchExecuteStatement", "ExecuteTransaction", "SearchVectors":
		return AnswersMany
	}
	return AnswersSmall
}

// unreadable words what kept a body from being read.
func unreadable(err error) error {
	switch {
	case errors.Is(err, room.ErrBusy):
		return errUnavailable(err)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &apiError{Type: "RequestTimeoutException", Message: "The request body did not arrive in time", Status: http.StatusRequestTimeout}
	}
	return serialization("the request body could not be read: " + err.Error())
}
