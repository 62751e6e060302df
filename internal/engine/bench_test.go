package engine_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// sink is a response writer that keeps the status only.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

// send makes a request by hand, without the SDK, so that only the engine is measured.
func send(tb testing.TB, h http.Handler, action, body string) {
	r := &http.Request{
		Method: http.MethodPost, Header: http.Header{"X-Amz-Target": {"DynamoDB_20120810." + action}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
	w := &sink{header: make(http.Header, 8)}
	h.ServeHTTP(w, r.WithContext(tb.Context()))
	if w.status != http.StatusOK {
		tb.Fatalf("%s answers %d to %s", action, w.status, body)
	}
}

// itemJSON is an item of 1 KB like the ones of the bench driver.
func itemJSON(i int) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"pk":{"S":"part#%06d"},"sk":{"S":"item#%08d"},"counter":{"N":"0"},"flag":{"BOOL":true},"doc":{"M":{"a":{"N":"%d"},"b":{"S":"nested"}}},`+
		`"list":{"L":[{"N":"1"},{"N":"2"},{"S":"three"}]},"tags":{"SS":["red","green","blue"]}`, i/100, i, i)
	for j := range 7 {
		fmt.Fprintf(&b, `,"f%d":{"S":"%s"}`, j, strings.Repeat("x", 120))
	}
	b.WriteString("}")
	return b.String()
}

func keyJSON(i int) string {
	return fmt.Sprintf(`{"pk":{"S":"part#%06d"},"sk":{"S":"item#%08d"}}`, i/100, i)
}

// loaded is an engine in memory with n items.
func loaded(tb testing.TB, n int) http.Handler {
	_, h := loadedWith(tb, engine.Options{}, n)
	return h
}

// loadedWith is an engine with n items, in partitions of 100.
func loadedWith(tb testing.TB, o engine.Options, n int) (*engine.Engine, http.Handler) {
	tb.Helper()
	e, err := engine.Open(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = e.Close() })
	h := e.Handler()
	send(tb, h, "CreateTable", `{"TableName":"bench","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},`+
		`{"AttributeName":"sk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]}`)
	for i := range n {
		send(tb, h, "PutItem", `{"TableName":"bench","Item":`+itemJSON(i)+`}`)
	}
	return e, h
}

func BenchmarkEngine(b *testing.B) {
	const n = 5000
	for _, bm := range []struct {
		action string
		body   func(i int) string
	}{
		{"PutItem", func(i int) string { return `{"TableName":"bench","Item":` + itemJSON(i%n) + `}` }},
		{"GetItem", func(i int) string { return `{"TableName":"bench","Key":` + keyJSON(i*7919%n) + `}` }},
		{"UpdateItem", func(i int) string {
			return `{"TableName":"bench","Key":` + keyJSON(i*7919%n) + `,"UpdateExpression":"SET #c = if_not_exists(#c, :z) + :one","ExpressionAttributeNames":{"#c":"counter"},` +
				`"ExpressionAttributeValues":{":one":{"N":"1"},":z":{"N":"0"}},"ReturnValues":"UPDATED_NEW"}`
		}},
		{"Query", func(i int) string {
			return fmt.Sprintf(`{"TableName":"bench","Limit":100,"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"part#%06d"}}}`, i%(n/100))
		}},
		{"BatchWriteItem", func(i int) string {
			var b strings.Builder
			for j := range 25 {
				fmt.Fprintf(&b, `,{"PutRequest":{"Item":%s}}`, itemJSON((i*25+j)%n))
			}
			return `{"RequestItems":{"bench":[` + b.String()[1:] + `]}}`
		}},
		{"Scan", func(int) string { return `{"TableName":"bench"}` }},
	} {
		b.Run(bm.action, func(b *testing.B) {
			h := loaded(b, n)
			bodies := make([]string, 200)
			for i := range bodies {
				bodies[i] = bm.body(i)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				send(b, h, bm.action, bodies[i%len(bodies)])
			}
		})
	}
}
