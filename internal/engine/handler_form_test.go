package engine_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestTargetBeforeContentType sends what `curl -d '{}' -H 'X-Amz-Target: …'` sends: JSON that calls itself a form.
func TestTargetBeforeContentType(t *testing.T) {
	e, _ := open(t, engine.Options{})
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
	w := httptest.NewRecorder()
	e.Handler().ServeHTTP(w, r)
	if got := w.Body.String(); w.Code != http.StatusOK || got != `{"TableNames":[]}` {
		t.Errorf("got status %d, body %s", w.Code, got)
	}
}
