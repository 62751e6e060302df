package local

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
)

func contextWithLimit(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), d)
}

const listTables = `{"TableNames":["Counters"]}`

func TestASecondStoreSpeaksToTheFirst(t *testing.T) {
	dir := t.TempDir()
	countersTable(t, dir)
	first := openStore(t, dir)
	second := openStore(t, dir)
	if !first.Owner() || second.Owner() {
		t.Fatalf("owners: first %v, second %v", first.Owner(), second.Owner())
	}
	if _, body := call(second.Handler(), "ListTables", "{}"); body != listTables {
		t.Errorf("through the owner: %s", body)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, body := call(second.Handler(), "ListTables", "{}"); body != listTables {
		t.Errorf("after the owner has closed: %s", body)
	}
	if !second.Owner() {
		t.Error("the second store did not take over")
	}
	if status, body := call(first.Handler(), "ListTables", "{}"); status == http.StatusOK || !strings.Contains(body, "has been closed") {
		t.Errorf("a closed store answers %d %s", status, body)
	}
}

func TestStatusAndReset(t *testing.T) {
	dir := t.TempDir()
	if s, err := Status(dir); err != nil || s.Exists || s.Owner != nil {
		t.Fatalf("an empty folder: %+v, %v", s, err)
	}
	countersTable(t, dir)
	other := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(other, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir)
	st, err := Status(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !st.Exists || st.Size == 0 || st.Version == "" || time.Since(st.Created) > time.Minute || st.Owner == nil || st.Owner.PID != os.Getpid() {
		t.Errorf("status of an open store: %+v, owner %+v", st, st.Owner)
	}
	if busy := new(BusyError); !errors.As(Reset(dir), &busy) || busy.PID != os.Getpid() {
		t.Errorf("reset of an open store: %v", Reset(dir))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err := Status(dir); err != nil || st.Owner != nil || !st.Exists {
		t.Errorf("status of a closed store: %+v, %v", st, err)
	}
	if err := Reset(dir); err != nil {
		t.Fatal(err)
	}
	if st, err := Status(dir); err != nil || st.Exists {
		t.Errorf("status after reset: %+v, %v", st, err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("reset took what was not its own: %v", err)
	}
	if _, body := call(openStore(t, dir).Handler(), "ListTables", "{}"); body != `{"TableNames":[]}` {
		t.Errorf("after reset: %s", body)
	}
}

// TestUsesOfAStoreAreToldApart tells each use of a store from the last, also after the process that used it has taken its name away.
func TestUsesOfAStoreAreToldApart(t *testing.T) {
	dir := t.TempDir()
	countersTable(t, dir)
	before := lastTurn(dir)
	s := openStore(t, dir)
	during := lastTurn(dir)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	after := lastTurn(dir)
	if during.pid != os.Getpid() || before.pid != 0 || after.pid != 0 || before == after {
		t.Errorf("turns: %v, then %v, then %v", before, during, after)
	}
}

// TestLostAnswers has an owner that takes a call and goes away without an answer.
func TestLostAnswers(t *testing.T) {
	near, far := net.Pipe()
	go func() {
		_, _ = http.ReadRequest(bufio.NewReader(far))
		_ = far.Close()
	}()
	for action, want := range map[string]string{"UpdateItem": "may or may not have been done", "Query": "Nothing was changed"} {
		p := &peer{idle: []*conn{{near, bufio.NewReader(near)}}}
		status, body := call(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !p.serve(w, &request{Request: r}) {
				t.Error("the call was taken for refused")
			}
		}), action, "{}")
		if !strings.Contains(body, want) || (status >= 500) == (action == "UpdateItem") {
			t.Errorf("%s: %d %s", action, status, body)
		}
	}
}

// TestRefusedCalls has an owner that refuses a large call without reading it.
func TestRefusedCalls(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, socketFile)
	l, err := listen(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err == nil {
			turnAway(c)
		}
	}()
	nc, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond) // the refusal is there before the call
	r := &request{body: make([]byte, 4<<20), read: true}
	if r.Request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x/", nil); err != nil {
		t.Fatal(err)
	}
	answer, _, err := exchange(&conn{nc, bufio.NewReader(nc)}, r)
	if err != nil || answer.Header.Get(refusedHeader) == "" {
		t.Errorf("the refusal was not seen: %v, %v", answer, err)
	}
}

func TestServeOnSeveralAddresses(t *testing.T) {
	dir := t.TempDir()
	ready := make(chan []net.Addr, 1)
	done := make(chan error, 1)
	go func() {
		done <- Serve(t.Context(), Options{Options: engine.Options{Dir: dir}}, []string{"127.0.0.1:0", "[::1]:0"},
			func(a ...net.Addr) { ready <- a })
	}()
	var addresses []net.Addr
	select {
	case addresses = <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	for _, a := range addresses {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+a.String()+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", a, res.StatusCode)
		}
	}
	st, err := Status(dir)
	if err != nil || st.Server == nil || st.Server.Addresses[0] != addresses[0].String() || st.Owner == nil {
		t.Errorf("status of a served store: %+v, %v", st, err)
	}
	err = Serve(t.Context(), Options{}, []string{addresses[0].String()}, nil)
	if err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("the same port again: %v", err)
	}
	if err := Stop(dir); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("a server that was stopped ended with %v", err)
	}
	if err := Stop(dir); !errors.Is(err, ErrNoServer) {
		t.Errorf("stopping again: %v", err)
	}
	if st, err := Status(dir); err != nil || st.Server != nil || st.Owner != nil {
		t.Errorf("status after stop: %+v, %v", st, err)
	}
}
