package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"runtime"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
)

// Memory stays bounded however many clients there are and whatever they send: so many connections, each with a body up to
// freeBody and an answer up to engine.FreeAnswer for the asking, and room for so many bytes of larger bodies together, of what is made of them, and of answers.
const (
	maxConnections = 2048
	freeBody       = 64 << 10
	largeBodies    = 6 * engine.MaxBody
	largeWork      = 160 << 20
	largeAnswers   = 96 << 20
	largeItems     = 48 << 20
)

// What a body becomes: twice its bytes as text, and for each comma in it, that is for each member of whatever it is a list of, a value with its name.
const (
	perByte  = 2
	perComma = 100
	// collectFrom is how much work leaves enough garbage to be collected at once. Items of 400 KB, 25 of them, are less than half of it.
	collectFrom = 64 << 20
)

// rooms are what the requests of a server share.
type rooms struct {
	bodies    *crowd // bytes as they arrive
	work      *crowd // what a large body may become while it is decoded and carried out
	answers   *crowd // bytes of answers, from their making until a client has taken them
	questions *crowd // what reads that are not small are decoded to
	items     *crowd // likewise, of answers of operations on single items
	rest      rest

	patience time.Duration // with a large body, from when its headers have arrived
}

func newRooms(patience time.Duration) *rooms {
	return &rooms{patience: patience, bodies: crowdIn(largeBodies), work: crowdIn(largeWork), answers: crowdIn(largeAnswers), items: crowdIn(largeItems), questions: crowdIn(largeQuestions)}
}

// bounded is a request body that takes room before it grows beyond freeBody, and room to work when it has arrived.
type bounded struct {
	io.ReadCloser
	rooms  *rooms
	ctx    context.Context
	whole  int64 // of the body, as declared or at most
	read   int64
	commas int64
	taken  int64
	work   int64

	deadline func(time.Time) error // of the connection, for reading
	slow     *slow
}

// Read reads, or waits for room first; room.ErrBusy when there is none.
func (b *bounded) Read(p []byte) (int, error) {
	if b.read >= freeBody && b.taken == 0 {
		if err := b.rooms.bodies.take(b.ctx, b.whole, nil); err != nil {
			return 0, err
		}
		b.taken = b.whole
		b.slow = b.rooms.bodies.watch(b.whole, b.deadline)
	}
	if b.taken == 0 {
		p = p[:min(int64(len(p)), freeBody-b.read)]
	}
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	b.commas += int64(bytes.Count(p[:n], comma))
	if err == io.EOF && b.taken > 0 && b.work == 0 {
		b.slow.end()
		if err := b.begin(); err != nil {
			return n, err
		}
	}
	return n, err
}

var comma = []byte{','}

// begin takes the room that the work on the body needs. What needs more than there is has all of it, alone.
func (b *bounded) begin() error {
	work := min(b.read*perByte+b.commas*perComma, largeWork)
	if err := b.rooms.work.take(b.ctx, work, nil); err != nil {
		return err
	}
	b.work = work
	return nil
}

// bound puts the limits around the body of a request that may be large. The room is kept until the answer is written, since
// what was made of the body lives as long; done gives it back.
func (m *rooms) bound(w http.ResponseWriter, r *http.Request) (done func()) {
	if r.ContentLength >= 0 && r.ContentLength <= freeBody || r.ContentLength > engine.MaxBody {
		return func() {}
	}
	b := &bounded{
		ReadCloser: r.Body, rooms: m, ctx: r.Context(), whole: engine.MaxBody,
		deadline: http.NewResponseController(w).SetReadDeadline,
	}
	if r.ContentLength > 0 {
		b.whole = r.ContentLength
	}
	_ = b.deadline(time.Now().Add(m.patience)) // a connection without deadlines is in process
	r.Body = b
	return func() {
		b.slow.end()
		if b.work > 0 {
			if b.work >= collectFrom {
				runtime.GC() // before the next one makes as much
			}
			m.work.Give(b.work)
		}
		if b.taken > 0 {
			m.bodies.Give(b.taken)
		}
		m.rest.after(max(b.work, min(b.read, freeBody)))
	}
}
