package server_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/server"
)

// frame is a signed request as text, up to the blank line. Lines to add or replace come as "Name: value".
func frame(target string, lines ...string) string {
	header := []string{
		"POST / HTTP/1.1", "Host: localhost", "Content-Type: application/x-amz-json-1.0", "X-Amz-Date: 20260101T000000Z",
		"X-Amz-Target: DynamoDB_20120810." + target, "Authorization: " + signed,
	}
	return strings.Join(append(header, lines...), "\r\n") + "\r\n\r\n"
}

func listTables(lines ...string) string { return frame("ListTables", lines...) }

// dial opens a connection to the server at base.
func dial(t *testing.T, base string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

// say sends text and reads one answer.
func say(t *testing.T, c net.Conn, text string) (*http.Response, string) {
	t.Helper()
	go func() { _, _ = io.WriteString(c, text) }() // the server may answer before it has read all
	return answer(t, bufio.NewReader(c))
}

func answer(t *testing.T, r *bufio.Reader) (*http.Response, string) {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

const noTables = `{"TableNames":[]}`

// TestSmuggling sends a second request inside the body of the first, or behind a body in chunks: one answer comes, never two, and the connection ends.
func TestSmuggling(t *testing.T) {
	inner := listTables("Content-Length: 2") + "{}"
	chunk := fmt.Sprintf("%x\r\n", len(inner)) + inner + "\r\n0\r\n\r\n"
	base := start(t)
	for name, tc := range map[string]struct{ text, status string }{
		"length and chunks":         {listTables("Content-Length: 4", "Transfer-Encoding: chunked") + chunk, "400"},
		"length of the whole":       {listTables("Transfer-Encoding: chunked", fmt.Sprintf("Content-Length: %d", len(chunk))) + chunk, "400"},
		"behind length and chunks":  {listTables("Content-Length: 2", "Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n" + inner, "200"},
		"behind chunks":             {listTables("Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n" + inner, "200"},
		"behind chunks and trailer": {listTables("Transfer-Encoding: chunked", "Trailer: X-Amz-Target") + "2\r\n{}\r\n0\r\nX-Amz-Target: DynamoDB_20120810.Nothing\r\n\r\n" + inner, "200"},
	} {
		c := dial(t, base)
		if _, err := io.WriteString(c, tc.text); err != nil {
			t.Fatal(err)
		}
		all, _ := io.ReadAll(c) // a connection with unread bytes may end with a reset
		if n := strings.Count(string(all), "HTTP/1.1 "); n != 1 || !strings.HasPrefix(string(all), "HTTP/1.1 "+tc.status+" ") {
			t.Errorf("%s: %d answers:\n%s", name, n, all)
		}
	}
}

// TestSlowBody sends less than it declares, in every way. The answer comes when time is up, and the connection ends.
func TestSlowBody(t *testing.T) {
	base := startWith(t, server.Options{ReadTimeout: 50 * time.Millisecond})
	for name, text := range map[string]string{
		"a length":                  listTables("Content-Length: 100") + "{",
		"nothing":                   listTables("Content-Length: 100"),
		"a large length":            listTables("Content-Length: 16777216") + "{}" + strings.Repeat(" ", 100<<10),
		"a length and chunks":       listTables("Content-Length: 2", "Transfer-Encoding: chunked") + "{}",
		"chunks":                    listTables("Transfer-Encoding: chunked") + "1\r\n{\r\n",
		"half a chunk":              listTables("Transfer-Encoding: chunked") + "10\r\n{",
		"an unknown operation":      strings.Replace(listTables("Content-Length: 100"), "ListTables", "Nothing", 1),
		"a request without a token": strings.Replace(listTables("Content-Length: 100"), "Authorization", "X-Nothing", 1) + "{",
		"a promise":                 listTables("Content-Length: 100", "Expect: 100-continue"),
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, base)
			if _, err := io.WriteString(c, text); err != nil {
				t.Fatal(err)
			}
			r := bufio.NewReader(c)
			res, body := answer(t, r)
			if res.StatusCode == http.StatusContinue {
				res, body = answer(t, r)
			}
			if want := `{"__type":"com.amazon.coral.service#RequestTimeoutException","message":"The request body did not arrive in time"}`; res.StatusCode != http.StatusRequestTimeout || body != want {
				t.Errorf("got %d %s", res.StatusCode, body)
			}
			if _, err := r.ReadByte(); err == nil {
				t.Error("the connection goes on")
			}
		})
	}
	// A client that sends no more says so, and is answered at once.
	c := dial(t, start(t))
	if _, err := io.WriteString(c, listTables("Content-Length: 100")+"{"); err != nil {
		t.Fatal(err)
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if res, body := answer(t, bufio.NewReader(c)); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "SerializationException") {
		t.Errorf("half closed: %d %s", res.StatusCode, body)
	}
	// Headers that never end get no answer at all.
	c = dial(t, base)
	if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: localhost\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(c).ReadByte(); err == nil {
		t.Error("half a header is answered")
	}
}

// TestHostileItems are well-formed requests made to be expensive: they are refused, and what they took is given back.
func TestHostileItems(t *testing.T) {
	base := start(t)
	header := func(operation string) map[string]string {
		return map[string]string{"X-Amz-Target": "DynamoDB_20120810." + operation, "Authorization": signed, "X-Amz-Date": "x"}
	}
	table := `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}`
	if status, body := post(t, base, table, header("CreateTable")); status != 200 {
		t.Fatal(body)
	}
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	item := func(rest string) string { return `{"TableName":"abc","Item":{"pk":{"S":"a"}` + rest + `}}` }
	for name, tc := range map[string]struct{ body, want string }{
		"too many attributes":  {item(many(1_000_000, func(i int) string { return fmt.Sprintf(`,"%x":{"S":""}`, i) })), "RequestEntityTooLargeException"},
		"700,000 attributes":   {item(many(700_000, func(i int) string { return fmt.Sprintf(`,"%x":{"S":""}`, i) })), "Item size has exceeded the maximum allowed size"},
		"a list of a million":  {item(`,"l":{"L":[{"NULL":true}` + strings.Repeat(`,{"NULL":true}`, 1_000_000) + `]}`), "Item size has exceeded the maximum allowed size"},
		"a name too often":     {item(strings.Repeat(`,"a":{"S":""}`, 1_000_000) + `,"pk":{"S":""}`), "The AttributeValue for a key attribute cannot contain an empty string value"},
		"33 levels":            {item(`,"a":` + strings.Repeat(`{"L":[`, 33) + `{"S":""}` + strings.Repeat(`]}`, 33)), "Nesting Levels have exceeded supported limits"},
		"a million levels":     {item(`,"a":` + strings.Repeat(`{"M":{"a":`, 1_000_000) + `{"S":""}` + strings.Repeat(`}}`, 1_000_000)), "SerializationException"},
		"a million brackets":   {`{"TableName":"abc","Unknown":` + strings.Repeat(`[`, 1_000_000) + strings.Repeat(`]`, 1_000_000) + `}`, ""},
		"ten million digits":   {item(`,"n":{"N":"` + strings.Repeat("9", 10_000_000) + `"}`), "ValidationException"},
		"an exponent of a MB":  {item(`,"n":{"N":"1e` + strings.Repeat("9", 1<<20) + `"}`), "ValidationException"},
		"a set of a million":   {item(`,"s":{"NS":["0"` + many(1_000_000, func(i int) string { return fmt.Sprintf(`,"%d"`, i+1) }) + `]}`), "Item size has exceeded the maximum allowed size"},
		"a set of one element": {item(`,"s":{"SS":["a"` + strings.Repeat(`,"a"`, 1_000_000) + `]}`), "contains duplicates"},
		"ten MB of base64":     {item(`,"b":{"B":"` + strings.Repeat("AAAA", 2_500_000) + `"}`), "Item size has exceeded the maximum allowed size"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := post(t, base, tc.body, header("PutItem"))
			if status != 400 && status != 413 || !strings.Contains(body, tc.want) {
				t.Errorf("%.100s…\n%d %.300s, want %q", tc.body, status, body, tc.want)
			}
		})
	}
	for name, tc := range map[string]struct{ condition, want string }{
		"parentheses": {strings.Repeat("(", 2000) + "a=:v" + strings.Repeat(")", 2000), "ValidationException"},
		"NOTs":        {strings.Repeat("NOT ", 1000) + "a=:v", "ValidationException"},
		"5 KB":        {strings.Repeat("a", 5000) + "=:v", "Expression size has exceeded the maximum allowed size"},
		"a path":      {"a" + strings.Repeat("[0]", 1000) + "=:v", "ValidationException"},
	} {
		t.Run(name, func(t *testing.T) {
			body := `{"TableName":"abc","Item":{"pk":{"S":"a"}},"ExpressionAttributeValues":{":v":{"S":"a"}},"ConditionExpression":"` + tc.condition + `"}`
			if status, got := post(t, base, body, header("PutItem")); status != 400 || !strings.Contains(got, tc.want) {
				t.Errorf("%d %.300s, want %q", status, got, tc.want)
			}
		})
	}
}

// TestRefusalOfALargeBodyArrives sends too much, pauses for longer than net/http keeps a connection that it wants to close, and listens only then.
func TestRefusalOfALargeBodyArrives(t *testing.T) {
	c := dial(t, start(t))
	const size = 17 << 20
	half := strings.Repeat(" ", size/2)
	for i, text := range []string{listTables(fmt.Sprint("Content-Length: ", size)) + half, half} {
		if i > 0 {
			time.Sleep(800 * time.Millisecond)
		}
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
	}
	if res, body := answer(t, bufio.NewReader(c)); res.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(body, "too large") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

// TestMemoryOfStalledBodies opens connections that each promise 16 MB and send little: nothing is set aside for a promise.
func TestMemoryOfStalledBodies(t *testing.T) {
	base := start(t)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	const n = 200
	for range n {
		if _, err := io.WriteString(dial(t, base), listTables("Content-Length: 16777216")+"{"); err != nil {
			t.Fatal(err)
		}
	}
	// One more request, answered after the others were accepted: the listener's queue is in order.
	if _, body := say(t, dial(t, base), listTables("Content-Length: 2")+"{}"); body != noTables {
		t.Fatal(body)
	}
	if grown := int64(heap()) - int64(before); grown > n*(2<<20) {
		t.Errorf("%d stalled requests hold %d MB", n, grown>>20)
	}
}

// TestLargeBodiesTakeTurns sends more large bodies at once than there is room for: all are answered, one that has waited too long on a
// slow machine when it is sent again, as the SDKs do.
func TestLargeBodiesTakeTurns(t *testing.T) {
	base := start(t)
	body := append([]byte("{}"), bytes.Repeat([]byte(" "), 16<<20-2)...)
	var wg sync.WaitGroup
	for range 12 { // the room is for eight
		wg.Go(func() {
			for again := true; again; {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base, bytes.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				r.Header = http.Header{"X-Amz-Target": {"DynamoDB_20120810.ListTables"}, "Authorization": {signed}, "X-Amz-Date": {"x"}, "Content-Type": {"application/json"}}
				res, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				got, _ := io.ReadAll(res.Body)
				_ = res.Body.Close()
				if again = res.StatusCode == http.StatusServiceUnavailable; !again && res.StatusCode != http.StatusOK {
					t.Errorf("%d %s", res.StatusCode, got)
				}
			}
		})
	}
	wg.Wait()
}
