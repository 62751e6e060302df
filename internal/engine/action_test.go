package engine_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestEveryOperationIsAnswered sends an empty request for each operation the pinned SDK has.
func TestEveryOperationIsAnswered(t *testing.T) {
	e, _ := open(t, engine.Options{})
	ask := func(target string) string {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}"))
		r.Header.Set("X-Amz-Target", target)
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		w := httptest.NewRecorder()
		e.Handler().ServeHTTP(w, r)
		return w.Body.String()
	}
	answer := func(operation string) string { return ask("DynamoDB_20120810." + operation) }
	const unknown = "UnknownOperationException"
	n := 0
	for method := range reflect.TypeFor[*dynamodb.Client]().Methods() {
		if method.Type.NumIn() != 4 { // receiver, context, input, options
			continue
		}
		n++
		if body := answer(method.Name); strings.Contains(body, unknown) {
			t.Errorf("%s is not answered: %s", method.Name, body)
		}
	}
	if n < 60 {
		t.Errorf("the SDK seems to have %d operations only", n)
	}
	if body := answer("NoSuchOperation"); !strings.Contains(body, unknown) {
		t.Errorf("an operation nobody has: %s", body)
	}
	if body := ask("DynamoDB_20111205.ListTables"); !strings.Contains(body, unknown) || !strings.Contains(body, "2011-12-05 are not answered here") {
		t.Errorf("an operation of the previous API: %s", body)
	}
}
