package server_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
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

func TestForms(t *testing.T) {
	base := start(t)
	for name, tc := range map[string]struct {
		text   string
		status int
		want   string
	}{
		"HTTP/1.0":              {strings.Replace(listTables("Content-Length: 2"), "HTTP/1.1", "HTTP/1.0", 1) + "{}", 200, noTables},
		"chunks":                {listTables("Transfer-Encoding: chunked") + "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", 200, noTables},
		"another path":          {strings.Replace(listTables("Content-Length: 2"), "POST /", "POST /a/b?c", 1) + "{}", 200, noTables},
		"charset":               {strings.Replace(listTables("Content-Length: 2"), "json-1.0", "json-1.0 ; charset=utf-8", 1) + "{}", 200, noTables},
		"other type":            {strings.Replace(listTables("Content-Length: 2"), "x-amz-json-1.0", "xml", 1) + "{}", 404, "<UnknownOperationException/>\n"},
		"JSON 1.1":              {strings.Replace(listTables("Content-Length: 2"), "json-1.0", "json-1.1", 1) + "{}", 404, "<UnknownOperationException/>\n"},
		"no type":               {strings.Replace(listTables("Content-Length: 2"), "Content-Type", "X-Type", 1) + "{}", 404, "<UnknownOperationException/>\n"},
		"PUT":                   {strings.Replace(listTables("Content-Length: 2"), "POST", "PUT", 1) + "{}", 404, "<UnknownOperationException/>\n"},
		"OPTIONS":               {strings.Replace(listTables("Origin: http://a"), "POST", "OPTIONS", 1), 404, "<UnknownOperationException/>\n"},
		"GET":                   {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 200, "healthy: dynamodb.us-west-2.amazonaws.com "},
		"two targets":           {listTables("Content-Length: 2", "X-Amz-Target: DynamoDB_20120810.ListTables") + "{}", 400, `{"__type":"com.amazon.coral.service#UnknownOperationException"}`},
		"two lengths":           {listTables("Content-Length: 2", "Content-Length: 3") + "{}", 400, "400 Bad Request"},
		"length that is none":   {listTables("Content-Length: -2") + "{}", 400, "400 Bad Request"},
		"a blank in a name":     {listTables("X Y: 1", "Content-Length: 2") + "{}", 400, "400 Bad Request: invalid header name"},
		"a NUL in a value":      {listTables("X: a\x00b", "Content-Length: 2") + "{}", 400, "400 Bad Request"},
		"two hosts":             {listTables("Host: localhost", "Content-Length: 2") + "{}", 400, "400 Bad Request"},
		"no host":               {strings.Replace(listTables("Content-Length: 2"), "Host", "X-Host", 1) + "{}", 400, "400 Bad Request: missing required Host header"},
		"100 KB of headers":     {listTables("X: "+strings.Repeat("x", 100<<10), "Content-Length: 2") + "{}", 431, "431 Request Header Fields Too Large"},
		"chunks of a bad size":  {listTables("Transfer-Encoding: chunked") + "zz\r\n{}\r\n0\r\n\r\n", 400, `{"__type":"com.amazon.coral.service#SerializationException","Message":"the request body could not be read: invalid byte in chunk length"}`},
		"an unknown coding":     {listTables("Transfer-Encoding: bzip") + "{}", 501, "Unsupported transfer encoding"},
		"16 MB and one byte":    {listTables("Content-Length: 16777217"), 413, `{"__type":"com.amazon.coral.service#RequestEntityTooLargeException","message":"Request body is too large"}`},
		"16 MB of blanks":       {listTables("Content-Length: 16777216") + "{}" + strings.Repeat(" ", 16777214), 200, noTables},
		"17 MB in chunks":       {listTables("Transfer-Encoding: chunked") + strings.Repeat("100000\r\n"+strings.Repeat(" ", 1<<20)+"\r\n", 17) + "0\r\n\r\n", 413, `{"__type":"com.amazon.coral.service#RequestEntityTooLargeException","message":"Request body is too large"}`},
		"17 MB, waiting for us": {listTables("Content-Length: 17000000", "Expect: 100-continue"), 413, `{"__type":"com.amazon.coral.service#RequestEntityTooLargeException","message":"Request body is too large"}`},
	} {
		t.Run(name, func(t *testing.T) {
			res, body := say(t, dial(t, base), tc.text)
			if res.StatusCode != tc.status || body != tc.want {
				t.Errorf("got  %d %q\nwant %d %q", res.StatusCode, body, tc.status, tc.want)
			}
			if res.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Error("a page of another origin may read this")
			}
		})
	}
}

// TestExpectContinue asks before it sends the body, as the Java SDK and curl do with larger ones.
func TestExpectContinue(t *testing.T) {
	c := dial(t, start(t))
	if _, err := io.WriteString(c, listTables("Content-Length: 2", "Expect: 100-continue")); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	line, err := r.ReadString('\n')
	if err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	if _, err := r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "{}"); err != nil {
		t.Fatal(err)
	}
	if res, body := answer(t, r); res.StatusCode != http.StatusOK || body != noTables {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
}

// TestSmuggling sends a second request inside the body of the first: one answer comes, or none, never two.
func TestSmuggling(t *testing.T) {
	inner := listTables("Content-Length: 2") + "{}"
	c := dial(t, start(t))
	text := listTables("Content-Length: 4", "Transfer-Encoding: chunked", "Connection: close") + fmt.Sprintf("%x\r\n", len(inner)) + inner + "\r\n0\r\n\r\n"
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(all), "HTTP/1.1 "); n != 1 || !strings.HasPrefix(string(all), "HTTP/1.1 400 ") {
		t.Errorf("%d answers:\n%s", n, all)
	}
}

func TestAnswerHasTheTypeOfTheQuestion(t *testing.T) {
	base := start(t)
	for sent, want := range map[string]string{
		"application/json": "application/json", "application/json; charset=utf-8": "application/json", "Application/X-Amz-JSON-1.0": "application/x-amz-json-1.0",
	} {
		for _, operation := range []string{"ListTables", "DescribeTable"} { // an answer and an exception
			res, body := say(t, dial(t, base), strings.Replace(frame(operation, "Content-Length: 2"), "application/x-amz-json-1.0", sent, 1)+"{}")
			if got := res.Header.Get("Content-Type"); got != want {
				t.Errorf("%s to a question of type %s: %q, want %q: %s", operation, sent, got, want, body)
			}
		}
	}
}

// TestGzipWhereAsked makes a long answer, compressed for those alone who say they can read it.
func TestGzipWhereAsked(t *testing.T) {
	base := start(t)
	long := strings.Repeat("n", 255) + "!" // an answer that repeats it
	body := `{"ExclusiveStartTableName":"` + strings.Repeat(long, 8) + `"}`
	for asked, packed := range map[string]bool{"gzip": true, "deflate, gzip;q=0.5": true, "identity": false, "gzip;q=0": false, "": false, "br": false} {
		lines := []string{fmt.Sprintf("Content-Length: %d", len(body))}
		if asked != "" {
			lines = append(lines, "Accept-Encoding: "+asked)
		}
		res, got := say(t, dial(t, base), listTables(lines...)+body)
		if (res.Header.Get("Content-Encoding") == "gzip") != packed {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q", asked, res.Header.Get("Content-Encoding"))
		}
		if packed {
			z, err := gzip.NewReader(strings.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			got = string(plain)
		}
		if !strings.Contains(got, "Member must have length less than or equal to") {
			t.Errorf("Accept-Encoding %q: %s", asked, got)
		}
	}
}

func TestSignatures(t *testing.T) {
	base := start(t)
	const target = "DynamoDB_20120810.ListTables"
	for name, tc := range map[string]struct{ auth, date, query, exception, message string }{
		"none":            {"", "x", "", "MissingAuthenticationTokenException", "Request is missing Authentication Token"},
		"basic":           {"Basic YTpi", "x", "", "MissingAuthenticationTokenException", "Request is missing Authentication Token"},
		"version 2":       {"AWS key:signature", "x", "", "MissingAuthenticationTokenException", "Request is missing Authentication Token"},
		"nothing in it":   {"AWS4-HMAC-SHA256", "x", "", "IncompleteSignatureException", "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256"},
		"no date":         {signed, "", "", "IncompleteSignatureException", "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=" + signed},
		"no pairs":        {"AWS4-HMAC-SHA256 Credential", "x", "", "IncompleteSignatureException", "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential'."},
		"other algorithm": {strings.Replace(signed, "256", "25", 1), "x", "", "IncompleteSignatureException", "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for" + " now). "},
		"short scope":     {strings.Replace(signed, "/aws4_request", "", 1), "x", "", "IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AK/20260101/us-east-1/dynamodb'"},
		"twice":           {signed, "x", "?X-Amz-Algorithm=AWS4-HMAC-SHA256", "InvalidSignatureException", "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."},
		"half in the URL": {"", "", "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Date=d", "IncompleteSignatureException", "AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters."},
	} {
		t.Run(name, func(t *testing.T) {
			header := map[string]string{"X-Amz-Target": target}
			if tc.auth != "" {
				header["Authorization"] = tc.auth
			}
			if tc.date != "" {
				header["X-Amz-Date"] = tc.date
			}
			status, body := post(t, base+"/"+tc.query, "{}", header)
			if want := fmt.Sprintf(`{"__type":"com.amazon.coral.service#%s","message":%q}`, tc.exception, tc.message); status != 400 || body != want {
				t.Errorf("got  %d %s\nwant 400 %s", status, body, want)
			}
		})
	}
	status, body := post(t, base+"/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Date=d&X-Amz-Signature=s&X-Amz-SignedHeaders=h", "{}", map[string]string{"X-Amz-Target": target})
	if status != 200 || body != noTables {
		t.Errorf("signed in the URL: %d %s", status, body)
	}
}

func TestNamesOfThisMachine(t *testing.T) {
	base := startWith(t, server.Options{Hosts: []string{"dynamo.test"}})
	for host, status := range map[string]int{
		"localhost": 200, "LOCALHOST:8000": 200, "a.localhost": 200, "127.0.0.1": 200, "[::1]:8000": 200, "host.docker.internal": 200, "Dynamo.Test:80": 200,
		"evil.example": 403, "localhost.evil.example": 403, "127.0.0.1.evil.example": 403, "dynamo.test.evil.example": 403, "": 403,
		"localhost.": 200, "localhost.:8000": 200, "dynamo.test.": 200, "[::1]": 200, "::1": 200, "[::ffff:127.0.0.1]:80": 200, "0.0.0.0": 200,
		"evil.example.": 403, "localhost:80@evil.example": 400, "localhost@evil.example": 400, "user:1@localhost:80": 400, "xlocalhost": 403, ".": 403, ":8000": 403,
		"127.1": 403, "2130706433": 403, "[localhost": 200, "evil.example:localhost": 403,
	} {
		text := strings.Replace(listTables("Content-Length: 2"), "Host: localhost", "Host: "+host, 1) + "{}"
		res, body := say(t, dial(t, base), text)
		if res.StatusCode != status {
			t.Errorf("Host %q: %d %s, want %d", host, res.StatusCode, body, status)
		}
		if host == "" && !strings.Contains(body, "The Host header is empty: use localhost") {
			t.Errorf("without a name: %s", body)
		}
		if res, _ := say(t, dial(t, base), "GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); res.StatusCode != status {
			t.Errorf("GET with Host %q: %d, want %d", host, res.StatusCode, status)
		}
	}
}

func TestOrigins(t *testing.T) {
	some := startWith(t, server.Options{Origins: []string{"http://localhost:3000"}})
	all := startWith(t, server.Options{Origins: []string{"*"}})
	for _, tc := range []struct{ base, origin, want string }{
		{some, "http://localhost:3000", "http://localhost:3000"},
		{some, "http://localhost:3001", ""},
		{some, "null", ""},
		{all, "http://localhost:3001", "*"},
	} {
		res, body := say(t, dial(t, tc.base), listTables("Content-Length: 2", "Origin: "+tc.origin)+"{}")
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != tc.want || body != noTables {
			t.Errorf("origin %s may read: %q, want %q; %s", tc.origin, got, tc.want, body)
		}
		res, _ = say(t, dial(t, tc.base), "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: "+tc.origin+
			"\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-amz-target\r\n\r\n")
		h := res.Header
		allowed := res.StatusCode == http.StatusOK && h.Get("Access-Control-Allow-Methods") == "POST" && h.Get("Access-Control-Allow-Headers") == "x-amz-target"
		if allowed != (tc.want != "") || h.Get("Access-Control-Allow-Origin") != tc.want {
			t.Errorf("preflight of %s: %d %v", tc.origin, res.StatusCode, h)
		}
	}
}

// TestSlowBody declares more than it sends. The answer comes when time is up, and the connection ends.
func TestSlowBody(t *testing.T) {
	base := startWith(t, server.Options{ReadTimeout: 50 * time.Millisecond})
	c := dial(t, base)
	if _, err := io.WriteString(c, listTables("Content-Length: 100")+"{"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	res, body := answer(t, r)
	if want := `{"__type":"com.amazon.coral.service#RequestTimeoutException","message":"The request body did not arrive in time"}`; res.StatusCode != http.StatusRequestTimeout || body != want {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
	if _, err := r.ReadByte(); err == nil {
		t.Error("the connection goes on")
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
