package mcp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// regionsThatLead are regions and ARNs that would make another host out of "dynamodb.REGION.amazonaws.com" if they were
// taken as they are.
var regionsThatLead = []string{"evil.example/", "evil.example/#", "x@evil.example/?", "127.0.0.1:1/", "eu-west-1.evil.example", "..", "a b", "http://evil.example"}

// With --endpoint-url every request goes there, whatever region a call names, and signed for that region.
func TestNoArgumentLeadsAwayFromTheEndpoint(t *testing.T) {
	r := newRecorder(t, false)
	p := startProcess(t, environment(t, append(credentials, "AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1")...), "--endpoint-url", r.URL)
	p.send(t, initializeLine)
	p.receive(t)
	for _, region := range append([]string{"eu-west-1"}, regionsThatLead...) {
		name, err := json.Marshal(region)
		if err != nil {
			t.Fatal(err)
		}
		p.send(t, fmt.Sprintf(listLine, `"region_name":`+string(name)))
		line := string(p.receive(t))
		select {
		case request := <-r.requests:
			if "http://"+request.Host != r.URL {
				t.Errorf("%q: a request to %s", region, request.Host)
			}
		case <-time.After(10 * time.Millisecond):
			if !strings.Contains(line, `"isError":true`) {
				t.Errorf("%q: neither a request here nor an error: %s", region, line)
			}
		}
	}
	for _, argument := range []string{`"endpoint_url":"http://evil.example"`, `"endpoint":"http://evil.example"`, `"base_endpoint":"x"`} {
		p.send(t, fmt.Sprintf(listLine, argument))
		if line := string(p.receive(t)); !strings.Contains(line, "unknown argument") {
			t.Errorf("%s: %s", argument, line)
		}
	}
}

// Without one a region that is none is refused before anything is sent.
func TestNoRegionLeadsToAnotherHost(t *testing.T) {
	p := startProcess(t, environment(t, credentials...))
	p.send(t, initializeLine)
	p.receive(t)
	for _, region := range regionsThatLead {
		name, err := json.Marshal(region)
		if err != nil {
			t.Fatal(err)
		}
		p.send(t, fmt.Sprintf(listLine, `"region_name":`+string(name)))
		if line := string(p.receive(t)); !strings.Contains(line, "region") || strings.Contains(line, "EndpointUnreachable") {
			t.Errorf("%q: %s", region, line)
		}
	}
}
