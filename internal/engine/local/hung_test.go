package local

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAHungOwnerIsGivenUp speaks to an owner that takes calls and answers none. As long as it greets it is waited for.
func TestAHungOwnerIsGivenUp(t *testing.T) {
	dir := t.TempDir()
	if err := openStore(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	mark, err := readMarker(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	greetings, calls := make(chan struct{}, 100), make(chan string, 100)
	const polite = 4 // times that the owner greets: for the call, and three times when it is asked
	go func() {
		for n := 0; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			if n >= polite {
				continue
			}
			go func() {
				r := bufio.NewReader(c)
				_, _ = r.ReadString('\n')
				_, _ = fmt.Fprint(c, ourHello(mark.ID))
				greetings <- struct{}{}
				line, _ := r.ReadString('\n')
				calls <- line
			}()
		}
	}()
	p := &peer{opts: Options{socket: l.Addr().String()}, every: time.Millisecond}
	p.opts.Dir = dir
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("{}"))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
	w := httptest.NewRecorder()
	if !p.serve(w, &request{Request: r}) {
		t.Fatal("a call that was sent is to be sent again")
	}
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "does not answer any more (PutItem): the write may or may not have been done") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if len(greetings) != polite || !strings.HasPrefix(<-calls, "POST ") {
		t.Errorf("given up after %d greetings, want %d", len(greetings), polite)
	}
}
