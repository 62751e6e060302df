package server

import (
	"io"
	"net/http"

	"github.com/ddb-cli/ddb/internal/engine"
)

// An answer lives from its making until the client has taken it, which a client may never do. Operations that answer with many items take room for
// them when their request has arrived, as much as they usually need. When an answer is there it has the room it needs, more or less: what that is more
// than there was, the next ones wait for. Small answers need none, and operations on
// single items, which nearly always have one, ask for room when they find that the item is large.

// answering is a request whose answer may be large, and the writer of that answer.
type answering struct {
	http.ResponseWriter
	body  io.ReadCloser
	r     *http.Request
	room  *crowd
	usual int64
	taken int64
	slow  *slow
}

// answer prepares for the answer to r, if it is of an operation whose answers are large; done gives back what it took.
func (m *rooms) answer(w http.ResponseWriter, r *http.Request) (writer http.ResponseWriter, done func()) {
	usual := engine.AnswerSize(r.Header)
	if usual == 0 || r.Body == nil {
		return w, func() {}
	}
	a := &answering{ResponseWriter: w, body: r.Body, r: r, room: m.answers, usual: usual}
	r.Body = a
	return a, func() {
		a.slow.end()
		a.room.Give(a.taken)
		if a.taken > pageOfItems {
			m.rest.after(a.taken)
		}
	}
}

// pageOfItems is what ordinary answers have at most; after larger ones memory is given back.
const pageOfItems = 2 << 20

// Read reads the body and takes room when it ends; room.ErrBusy when there is none.
func (a *answering) Read(p []byte) (int, error) {
	n, err := a.body.Read(p)
	if err == io.EOF && a.taken == 0 && a.usual > freeAnswer {
		if err := a.room.take(a.r.Context(), a.usual); err != nil {
			return n, err
		}
		a.taken = a.usual
	}
	return n, err
}

// NeedRoom is engine.Roomy.
func (a *answering) NeedRoom(bytes int64) error {
	a.room.Give(a.taken) // nobody who waits has anything
	a.taken = 0
	bytes = min(bytes, largeAnswers)
	if err := a.room.take(a.r.Context(), bytes); err != nil {
		return err
	}
	a.taken = bytes
	return nil
}

// Close closes the body.
func (a *answering) Close() error { return a.body.Close() }

// Write sends an answer, in the room that it needs.
func (a *answering) Write(p []byte) (int, error) {
	if a.slow == nil && (a.taken > 0 || len(p) > freeAnswer) {
		need := int64(len(p))
		if need <= freeAnswer {
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
