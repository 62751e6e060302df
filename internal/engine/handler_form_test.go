package engine_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestQuestionsToOtherServicesAreSmall sends what is large when it is decoded, under the names of services of which a question or two are answered.
func TestQuestionsToOtherServicesAreSmall(t *testing.T) {
	e, _ := open(t, engine.Options{})
	for name, tc := range map[string]struct {
		path, unit string
		header     map[string]string
	}{
		"CBOR":     {"/service/GraniteServiceVersion20100801/operation/GetInsightRuleReport", "\xa1\x60\x00", map[string]string{"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}},
		"JSON":     {"/", "[[],[],", map[string]string{"X-Amz-Target": "GraniteServiceVersion20100801.GetInsightRuleReport", "Content-Type": "application/x-amz-json-1.0"}},
		"the form": {"/", "a&", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
	} {
		for _, length := range []int64{100_000, -1} { // -1: in chunks
			r := httptest.NewRequest(http.MethodPost, tc.path, strings.NewReader(strings.Repeat(tc.unit, 100_000/len(tc.unit))))
			r.ContentLength = length
			for k, v := range tc.header {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			e.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusRequestEntityTooLarge {
				t.Errorf("%s, %d bytes: status %d, body %.200s", name, length, w.Code, w.Body)
			}
		}
	}
}

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
