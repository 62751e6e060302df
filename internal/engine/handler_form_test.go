package engine_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestFormIsNoJSON sends what `curl -d '{}' -H 'X-Amz-Target: …'` sends: JSON that calls itself a form. The service does not
// take it, and it is no request to STS either.
func TestFormIsNoJSON(t *testing.T) {
	e, _ := open(t, engine.Options{})
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
	w := httptest.NewRecorder()
	e.Handler().ServeHTTP(w, r)
	if got := w.Body.String(); w.Code != http.StatusNotFound || got != "<UnknownOperationException/>\n" {
		t.Errorf("got status %d, body %s", w.Code, got)
	}
}
