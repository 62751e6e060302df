package server_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

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
		"OPTIONS *":             {"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, "<UnknownOperationException/>\n"},
		"OPTIONS * of others":   {"OPTIONS * HTTP/1.1\r\nHost: example.com\r\n\r\n", 403, `{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"The Host header names example.com, which is not this machine: use localhost or the address, or start it with --host and that name"}`},
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
