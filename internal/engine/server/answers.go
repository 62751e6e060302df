package server

import (
	"io"
	"net/http"

	"github.com/ddb-cli/ddb/internal/engine"
)

// An answer lives from its making until the client has taken it, which a client may never do. So an answer that grows beyond what is free takes room, as much as
// answers of its kind usually need, before it grows on. When it is there it has the room it needs, more or less: what that is more than there was, the next ones
// wait for. Small answers need none, and what waits for room has made little yet. Answers to operations on single items have room of their own, so that they never wait for
// those that look at many.

// answering is a request whose answer may be large, and the writer of that answer.
type answering struct {
	http.ResponseWriter
	io.ReadCloser // the request's body
	r             *http.Request
	room          *crowd
	taken         int64
	slow          *slow

	questions *crowd // nil for an operation on a single item
	read      int64
	asked     int64 // taken of questions
}

// A read waits with all that was made of its question, which is many times its bytes when it has thousands of conditions. So questions that are not small take
// room when they have arrived.
const (
	smallQuestion  = 8 << 10
	perQuestion    = 16 // what a byte becomes
	largeQuestions = 64 << 20
)

// Read reads the body, and takes room for a question that is not small when it ends; room.ErrBusy when there is none.
func (a *answering) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	a.read += int64(n)
	if err == io.EOF && a.questions != nil && a.read > smallQuestion && a.asked == 0 {
		need := min(perQuestion*a.read, largeQuestions)
		if err := a.questions.take(a.r.Context(), need, nil); err != nil {
			return n, err
		}
		a.asked = need
	}
	return n, err
}

// answer prepares for the answer to r, if it is of an operation whose answers may be large; done gives back what it took.
func (m *rooms) answer(w http.ResponseWriter, r *http.Request) (writer http.ResponseWriter, done func()) {
	if r.Body == nil {
		return w, func() {}
	}
	var room, questions *crowd
	switch engine.AnswerOf(r.Header) {
	case engine.AnswersItem:
		room = m.items
	case engine.AnswersMany:
		room, questions = m.answers, m.questions
	default:
		return w, func() {}
	}
	a := &answering{ResponseWriter: w, ReadCloser: r.Body, r: r, room: room, questions: questions}
	r.Body = a
	return a, func() {
		a.slow.end()
		a.room.Give(a.taken)
		if a.asked > 0 {
			a.questions.Give(a.asked)
		}
		if a.taken > pageOfItems {
			m.rest.after(a.taken)
		}
	}
}

// pageOfItems is what ordinary answers have at most; after larger ones memory is given back.
const pageOfItems = 2 << 20

// NeedRoom is engine.Roomy.
func (a *answering) NeedRoom(bytes int64, pause func()) error {
	a.room.Give(a.taken) // nobody who waits has anything
	a.taken = 0
	bytes = min(bytes, a.room.bytes)
	if err := a.room.take(a.r.Context(), bytes, pause); err != nil {
		return err
	}
	a.taken = bytes
	return nil
}

// Write sends an answer, in the room that it needs.
func (a *answering) Write(p []byte) (int, error) {
	if a.slow == nil && (a.taken > 0 || len(p) > engine.FreeAnswer) {
		need := int64(len(p))
		if need <= engine.FreeAnswer {
			need = 0
		}
		a.room.Give(a.taken - need)
		if a.taken = need; need > 0 {
			a.slow = a.room.watch(need, http.NewResponseController(a.ResponseWriter).SetWriteDeadline)
		}
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap gives the writer below, for http.ResponseController.
func (a *answering) Unwrap() http.ResponseWriter { return a.ResponseWriter }
