package engine

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestLargeItemsTakeTurns takes all the room for large items away: what looks into one waits until its caller is gone and has then done nothing, and
// everything else is answered meanwhile.
func TestLargeItemsTakeTurns(t *testing.T) {
	e, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	ask := func(ctx context.Context, operation, body string) (int, string) {
		t.Helper()
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", targetDynamo+operation)
		w := httptest.NewRecorder()
		e.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	done := func(operation, body, want string) {
		t.Helper()
		if status, got := ask(t.Context(), operation, body); status != http.StatusOK || !strings.Contains(got, want) {
			t.Errorf("%s %.100s: %d %.200s, want %s", operation, body, status, got, want)
		}
	}
	done("CreateTable", `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"s","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}]}`, "abc")
	list := `{"L":[{"NULL":true}` + strings.Repeat(`,{"NULL":true}`, 10_000) + `]}`
	for _, s := range []string{"a", "b"} {
		done("PutItem", `{"TableName":"abc","Item":{"p":{"S":"large"},"s":{"S":"`+s+`"},"l":`+list+`}}`, "{}")
	}
	done("PutItem", `{"TableName":"abc","Item":{"p":{"S":"small"},"s":{"S":"a"}}}`, "{}")

	key := func(p string) string { return `"TableName":"abc","Key":{"p":{"S":"` + p + `"},"s":{"S":"a"}}` }
	update := func(p string) string {
		return `{` + key(p) + `,"UpdateExpression":"SET n=:n","ExpressionAttributeValues":{":n":{"N":"1"}}}`
	}
	query := func(p string) string {
		return `{"TableName":"abc","KeyConditionExpression":"p=:p","FilterExpression":"attribute_not_exists(z)","ExpressionAttributeValues":{":p":{"S":"` + p + `"}}}`
	}
	waiting := map[string]string{
		"UpdateItem":         update("large"),
		"DeleteItem":         `{` + key("large") + `,"ConditionExpression":"attribute_exists(p)"}`,
		"Query":              query("large"),
		"Scan":               `{"TableName":"abc","ProjectionExpression":"l[3]"}`,
		"TransactWriteItems": `{"TransactItems":[{"Update":` + update("small") + `},{"Update":` + update("large") + `}]}`,
		"ExecuteStatement":   `{"Statement":"SELECT l[0] FROM abc WHERE p='large'"}`,
	}

	if err := e.largeItems.Take(t.Context(), largeItems, nil); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for operation, body := range waiting {
		if status, got := ask(gone, operation, body); status != http.StatusServiceUnavailable || !strings.Contains(got, "ServiceUnavailable") {
			t.Errorf("%s of a large item without room: %d %.200s", operation, status, got)
		}
	}
	done("UpdateItem", update("small"), "{}")
	done("Query", query("small"), `"Count":1`)
	done("GetItem", `{`+key("large")+`}`, "NULL")
	done("PutItem", `{"TableName":"abc","Item":{"p":{"S":"new"},"s":{"S":"a"},"l":`+list+`}}`, "{}")

	e.largeItems.Give(largeItems)
	done("GetItem", `{`+key("large")+`,"ProjectionExpression":"n"}`, `{"Item":{}}`) // nothing was done
	for _, operation := range []string{"TransactWriteItems", "UpdateItem", "Query", "Scan", "ExecuteStatement", "DeleteItem"} {
		done(operation, waiting[operation], "")
	}
	if free := e.largeItems.Free(); free != largeItems {
		t.Errorf("%d bytes free at the end, want %d", free, largeItems)
	}
}
