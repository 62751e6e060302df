package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/engine/room"
)

func TestBoundTakesRoomOnce(t *testing.T) {
	m := newRooms(time.Minute)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", io.NopCloser(strings.NewReader(strings.Repeat("x", freeBody+1000))))
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = -1 // as of a body in chunks
	done := m.bound(httptest.NewRecorder(), r)
	if n, err := io.CopyN(io.Discard, r.Body, freeBody); n != freeBody || err != nil || m.bodies.Free() != largeBodies {
		t.Errorf("%d bytes, %v, %d free: the first bytes are for nothing", n, err, m.bodies.Free())
	}
	if n, err := io.Copy(io.Discard, r.Body); n != 1000 || err != nil || m.bodies.Free() != largeBodies-engine.MaxBody {
		t.Errorf("%d bytes, %v, %d free: more takes the room of the largest body", n, err, m.bodies.Free())
	}
	done()
	if m.bodies.Free() != largeBodies {
		t.Errorf("%d free at the end", m.bodies.Free())
	}
}

func TestSlots(t *testing.T) {
	inner, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limit(inner, make(chan struct{}, 1), nil)
	var clients []net.Conn
	for range 2 {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		clients = append(clients, c)
	}
	first, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	second := make(chan net.Conn)
	go func() {
		c, err := l.Accept()
		if err != nil {
			t.Error(err)
		}
		second <- c
	}()
	select {
	case <-second:
		t.Error("two connections in one slot")
	default:
	}
	// Closing twice gives one place back, not two.
	_, _ = first.Close(), first.Close()
	c := <-second
	if c.RemoteAddr().String() != clients[1].LocalAddr().String() {
		t.Errorf("the second is %s", c.RemoteAddr())
	}
	ended := make(chan error)
	go func() {
		_, err := l.Accept()
		ended <- err
	}()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("an Accept that waits ends with %v", err)
	}
}

// TestWorkTakesRoom holds that a body takes room for what it may become when all of it has arrived, that what needs more than there is has all of it, and
// that both come back.
func TestWorkTakesRoom(t *testing.T) {
	m := newRooms(time.Minute)
	send := func(body string) func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		done := m.bound(httptest.NewRecorder(), r)
		if n, err := io.Copy(io.Discard, r.Body); n != int64(len(body)) || err != nil {
			t.Fatal(n, err)
		}
		return done
	}
	small := send(strings.Repeat(",", freeBody))
	if m.work.Free() != largeWork {
		t.Errorf("%d free: a small body takes none", m.work.Free())
	}
	text := send(strings.Repeat("x", 1<<20))
	if want := int64(largeWork - 2<<20); m.work.Free() != want {
		t.Errorf("%d free, want %d: text is twice what it was", m.work.Free(), want)
	}
	text()
	all := send(strings.Repeat(",", 4<<20))
	if m.work.Free() != 0 {
		t.Errorf("%d free: millions of members take all", m.work.Free())
	}
	all()
	small()
	if m.work.Free() != largeWork || m.bodies.Free() != largeBodies {
		t.Errorf("%d and %d free at the end", m.work.Free(), m.bodies.Free())
	}
	m.rest.stop()
}

// TestAnswersTakeRoom holds that an answer takes room when it is asked for, keeps what it needs when it is there, and that one who finds none is told so.
func TestAnswersTakeRoom(t *testing.T) {
	m := newRooms(time.Minute)
	begin := func(ctx context.Context, operation string) (w http.ResponseWriter, answer engine.Roomy, done func()) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
		w, done = m.answer(httptest.NewRecorder(), r)
		if body, err := io.ReadAll(r.Body); string(body) != "{}" || err != nil {
			t.Errorf("%s: the body is %q, %v", operation, body, err)
		}
		answer, _ = r.Body.(engine.Roomy)
		return w, answer, done
	}
	free := func(want int64, what string) {
		t.Helper()
		if got := m.answers.Free(); got != want {
			t.Errorf("%d free, want %d: %s", got, want, what)
		}
	}
	write := func(w http.ResponseWriter, n int) {
		t.Helper()
		if _, err := w.Write(make([]byte, n)); err != nil {
			t.Error(err)
		}
	}
	if _, answer, _ := begin(t.Context(), "ListTables"); answer != nil {
		t.Error("an answer without items has to do with room")
	}
	w, answer, done := begin(t.Context(), "ExecuteStatement")
	free(largeAnswers, "nothing is taken for the asking")
	if err := answer.NeedRoom(6<<20, nil); err != nil {
		t.Error(err)
	}
	free(largeAnswers-6<<20, "one that will be large takes what it needs before it is made")
	if err := answer.NeedRoom(4<<20, nil); err != nil {
		t.Error(err)
	}
	free(largeAnswers-4<<20, "in place of what it had")
	write(w, 3<<20)
	free(largeAnswers-3<<20, "and keeps what it has")
	done()
	w, _, done = begin(t.Context(), "TransactGetItems")
	write(w, 3<<20)
	free(largeAnswers-3<<20, "what did not ask is charged")
	done()
	w, answer, done = begin(t.Context(), "Scan")
	if err := answer.NeedRoom(2<<20, nil); err != nil {
		t.Error(err)
	}
	write(w, engine.FreeAnswer+1)
	free(largeAnswers-engine.FreeAnswer-1, "a short page keeps what it needs")
	done()
	w, answer, done = begin(t.Context(), "Scan")
	if err := answer.NeedRoom(2<<20, nil); err != nil {
		t.Error(err)
	}
	write(w, engine.FreeAnswer)
	free(largeAnswers, "a very short one needs none")
	done()
	w, _, done = begin(t.Context(), "BatchGetItem")
	write(w, largeAnswers+1)
	free(-1, "what is longer is charged")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, answer, none := begin(gone, "Query")
	if err := answer.NeedRoom(1, nil); !errors.Is(err, room.ErrBusy) {
		t.Errorf("without room: %v", err)
	}
	none()
	done()
	free(largeAnswers, "at the end")
	if err := m.answers.take(t.Context(), largeAnswers, nil); err != nil {
		t.Fatal(err)
	}
	question := strings.Repeat(" ", smallQuestion+1)
	for _, operation := range []string{"PutItem", "Scan"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(question))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
		_, done := m.answer(httptest.NewRecorder(), r)
		if _, err := io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		if taken := largeQuestions - m.questions.Free(); (taken > int64(len(question))) != (operation == "Scan") {
			t.Errorf("%s takes %d for its question", operation, taken)
		}
		done()
	}
	if free := m.questions.Free(); free != largeQuestions {
		t.Errorf("%d free for questions at the end", free)
	}
	_, answer, done = begin(gone, "GetItem")
	if err := answer.NeedRoom(1<<20, nil); err != nil || m.items.Free() != largeItems-1<<20 {
		t.Errorf("an item, while pages have all the room: %v, %d free", err, m.items.Free())
	}
	done()
	m.answers.Give(largeAnswers)
	if m.rest.timer == nil {
		t.Error("memory is not given back")
	}
	m.rest.stop()
}

// TestSlowClientsAreHurriedWhenOthersWait holds that a client may be slow while nobody waits for its room, and that its connection gets a deadline when
// somebody does, which is gone when it has done its part.
func TestSlowClientsAreHurriedWhenOthersWait(t *testing.T) {
	m := crowdIn(10)
	var deadlines []time.Time
	note := func(at time.Time) error {
		deadlines = append(deadlines, at)
		return nil
	}
	if err := m.take(t.Context(), 10, nil); err != nil {
		t.Fatal(err)
	}
	s := m.watch(5*hurryRate, note)
	before := s.until
	if len(deadlines) != 0 || time.Until(before) < hurryAfter {
		t.Errorf("%v while nobody waits, until %s", deadlines, before)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 {
		if err := m.take(gone, 1, nil); !errors.Is(err, room.ErrBusy) {
			t.Error(err)
		}
	}
	if len(deadlines) != 1 || !deadlines[0].Equal(before) {
		t.Errorf("%v when somebody waits", deadlines)
	}
	s.end()
	s.end()
	if len(deadlines) != 2 || !deadlines[1].IsZero() || len(m.slow) != 0 {
		t.Errorf("%v at the end, %d left", deadlines, len(m.slow))
	}
	(*slow)(nil).end()
}

// TestRestWaitsForWork holds that nothing runs while nothing large was asked.
func TestRestWaitsForWork(t *testing.T) {
	var s rest
	s.after(restFrom - 1)
	if s.timer != nil {
		t.Error("a little sets a timer")
	}
	s.after(1)
	if s.timer == nil {
		t.Error("much sets none")
	}
	s.stop()
}
