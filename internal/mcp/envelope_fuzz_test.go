package mcp

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzIDOfASkippedLine holds what is found in passing to what a parser finds.
func FuzzIDOfASkippedLine(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"ping"}`,
		`{"method":"x","params":{"id":5,"a":["id",{"id":6}]},"id":"seven"}`,
		`{"id" : -1.5e3 }`, `{"id":"a\"b"}`, `{"id":null}`, `{"id":{"x":1}}`, `{"a":"id","b":":","id":2}`, `[{"id":1}]`, `{}`, `{"id":`, `}{`, `"id"`,
	} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, line []byte, cut int) {
		var finder idFinder
		if cut < 0 || cut > len(line) {
			cut = len(line) / 2
		}
		finder.feed(line[:cut])
		finder.feed(line[cut:])
		got := finder.value()

		var message map[string]json.RawMessage
		if json.Unmarshal(line, &message) != nil || message == nil || bytes.ContainsRune(line, '\\') || strings.Count(string(line), `"id"`) > 1 {
			return // only sound objects with one id have one answer
		}
		want := []byte(message["id"])
		if !validID(want) || len(want) > maxID-10 {
			want = nil
		}
		if len(message["id"]) <= maxID-10 && !bytes.Equal(got, want) {
			t.Errorf("found %q in %q, want %q", got, line, want)
		}
	})
}

// FuzzEnvelope feeds the transport's first look at a message anything at all.
func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"requestId":2}}`, `{"id":null}`, `{"method":5,"id":"x"}`, `[]`, `1`, `{"params":[]}`, `{"id":1}`, "\xff",
		`{"id":1,"method":"x","params":{"_meta":{"progressToken":9007199254740993}}}`, `{"id":1,"method":"x","params":{"_meta":{"progressToken":[1]}}}`,
		`{"id":1e999,"method":"notifications/cancelled","params":{"requestId":-0}}`, "{\"Id\":\"\u2028\",\"METHOD\":\"x\",\"\":0}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			return // the line reader gives none
		}
		env, code, problem := parseEnvelope(line)
		if (problem == "") != (code == 0) {
			t.Errorf("problem %q with code %d", problem, code)
		}
		if env.ID != nil && !validID(env.ID) {
			t.Errorf("id %q is let through", env.ID)
		}
		if problem == "" && !json.Valid(line) {
			t.Errorf("%q is let through", line)
		}
		if token := env.exactToken(); token != nil && !validID(token) {
			t.Errorf("the progress token %q is let through", token)
		}
		if problem == "" {
			if body, travels := keepID(env, line); !json.Valid(body) || travels != nil && !bytes.Contains(body, travels) {
				t.Errorf("%q becomes %q", line, body)
			}
		}
		if _, err := json.Marshal(rpcError(env.ID, code, problem)); err != nil {
			t.Errorf("the answer to %q cannot be written: %v", line, err)
		}
	})
}
