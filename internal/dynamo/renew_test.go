package dynamo

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
)

// keyServer accepts one access key and answers all others as the service does.
type keyServer struct {
	mu     sync.Mutex
	valid  string
	code   string
	seen   []string
	before func()
}

func (s *keyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(rest, "/")
	s.seen = append(s.seen, key)
	if s.before != nil {
		s.before()
	}
	if key == s.valid {
		answerWith(w, http.StatusOK, `{"TableNames":["a"]}`)
		return
	}
	answerWith(w, http.StatusBadRequest, fmt.Sprintf(`{"__type":"com.amazon.coral.service#%s","message":"The security token included in the request is invalid."}`, s.code))
}

func (s *keyServer) accept(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.valid = key
}

func writeKeys(t *testing.T, dir, key string, age time.Duration) {
	t.Helper()
	path := filepath.Join(dir, "credentials")
	text := fmt.Sprintf("[default]\naws_access_key_id = %s\naws_secret_access_key = secret\n", key)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	when := time.Now().Add(-age)
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
}

func withFile(t *testing.T) string {
	t.Helper()
	dir := isolate(t)
	unset(t, "AWS_ACCESS_KEY_ID")
	unset(t, "AWS_SECRET_ACCESS_KEY")
	return dir
}

func TestRewrittenFileIsSeenByTheNextCall(t *testing.T) {
	dir := withFile(t)
	writeKeys(t, dir, "OLDKEY", time.Hour)
	s := &keyServer{valid: "OLDKEY", code: "UnrecognizedClientException"}
	srv := httptest.NewServer(s)
	defer srv.Close()
	f := New(t.Context(), Config{Endpoint: srv.URL})
	for range 2 {
		if _, err := tables(t, f); err != nil {
			t.Fatal(err)
		}
	}
	writeKeys(t, dir, "NEWKEY", 0)
	s.accept("NEWKEY")
	if _, err := tables(t, f); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(s.seen, " "); got != "OLDKEY OLDKEY NEWKEY" {
		t.Errorf("keys seen: %s", got)
	}
	if len(f.known) != 1 {
		t.Errorf("%d configurations are kept, want the newest only", len(f.known))
	}
}

// The file may change between the look at it and the call, or what it names (a process, an SSO session) may give other
// keys while the file stays as it is: then the service's refusal is what tells.
func TestRefusedKeysAreRenewedAndTheCallRepeatedOnce(t *testing.T) {
	for _, code := range []string{"ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException", "ExpiredToken"} {
		t.Run(code, func(t *testing.T) {
			dir := withFile(t)
			writeKeys(t, dir, "OLDKEY", time.Hour)
			s := &keyServer{valid: "NEWKEY", code: code}
			s.before = func() { writeKeys(t, dir, "NEWKEY", 0) }
			srv := httptest.NewServer(s)
			defer srv.Close()
			names, err := tables(t, New(t.Context(), Config{Endpoint: srv.URL}))
			if err != nil || len(names) != 1 {
				t.Errorf("%v, %v", names, err)
			}
			if got := strings.Join(s.seen, " "); got != "OLDKEY NEWKEY" {
				t.Errorf("keys seen: %s", got)
			}
		})
	}
}

func TestKeysThatStayRefusedAreTriedTwice(t *testing.T) {
	dir := withFile(t)
	writeKeys(t, dir, "OLDKEY", time.Hour)
	s := &keyServer{valid: "OTHER", code: "ExpiredTokenException"}
	srv := httptest.NewServer(s)
	defer srv.Close()
	_, err := tables(t, New(t.Context(), Config{Endpoint: srv.URL}))
	e := AsError(err)
	if e == nil || e.Code != "ExpiredTokenException" || !strings.Contains(e.Hint, "aws sso login") {
		t.Errorf("error %#v", e)
	}
	if len(s.seen) != 2 {
		t.Errorf("%d calls were made, want 2", len(s.seen))
	}
}

func TestOtherRefusalsAreNotRepeated(t *testing.T) {
	dir := withFile(t)
	writeKeys(t, dir, "OLDKEY", time.Hour)
	s := &keyServer{valid: "OTHER", code: "AccessDeniedException"}
	srv := httptest.NewServer(s)
	defer srv.Close()
	if e := AsError(second(tables(t, New(t.Context(), Config{Endpoint: srv.URL})))); e.Code != "AccessDeniedException" {
		t.Errorf("error %#v", e)
	}
	if len(s.seen) != 1 {
		t.Errorf("%d calls were made, want 1", len(s.seen))
	}
}

func second[T any](_ T, err error) error { return err }

func TestNoCredentials(t *testing.T) {
	withFile(t)
	e := AsError(second(tables(t, New(t.Context(), Config{Endpoint: "http://192.0.2.1:8000"}))))
	if e == nil || e.Code != op.CodeNoCredentials || !strings.Contains(e.Hint, "--local") {
		t.Errorf("error %#v", e)
	}
}

// Nobody should have to invent keys for an emulator on the same machine; keys that are there are used.
func TestNoCredentialsForAnEmulator(t *testing.T) {
	dir := withFile(t)
	s := &keyServer{valid: "local", code: "UnrecognizedClientException"}
	srv := httptest.NewServer(s)
	defer srv.Close()
	if names, err := tables(t, New(t.Context(), Config{Endpoint: srv.URL})); err != nil || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
	writeKeys(t, dir, "OWNKEY", 0)
	s.accept("OWNKEY")
	if names, err := tables(t, New(t.Context(), Config{Endpoint: srv.URL})); err != nil || len(names) != 1 {
		t.Errorf("with keys: %v, %v", names, err)
	}
}

func TestUnknownProfile(t *testing.T) {
	withFile(t)
	e := AsError(second(tables(t, New(t.Context(), Config{Profile: "nobody"}))))
	if e == nil || e.Code != op.CodeConfig || !strings.Contains(e.Message, `"nobody"`) {
		t.Errorf("error %#v", e)
	}
}
