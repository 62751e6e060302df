package server

import (
	"net/http"

	"github.com/ddb-cli/ddb/internal/engine"
)

// An answer lives from its making until the client has taken it, which a client may never do. Operations whose answers are large by nature take room for
// them in advance, as much as they usually need, and are charged for what they came to need: the next ones wait for that.

// answering is the writer of an answer that has room.
type answering struct {
	http.ResponseWriter
	room  *room
	taken int64
}

// Write sends what it is given and charges what that exceeds the room of.
func (a *answering) Write(p []byte) (int, error) {
	if more := int64(len(p)) - a.taken; more > 0 {
		a.room.charge(more)
		a.taken += more
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap gives the writer below, for http.ResponseController.
func (a *answering) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// answer takes room for the answer to r, if it is of an operation whose answers are large; done gives it back.
func (m *rooms) answer(w http.ResponseWriter, r *http.Request) (writer http.ResponseWriter, done func(), err error) {
	usual := engine.AnswerSize(r.Header)
	if usual == 0 {
		return w, func() {}, nil
	}
	if err := m.answers.take(r.Context(), usual); err != nil {
		return nil, nil, err
	}
	a := &answering{w, &m.answers, usual}
	return a, func() {
		m.answers.give(a.taken)
		if a.taken > usual {
			m.rest.after(a.taken)
		}
	}, nil
}
