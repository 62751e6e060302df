package mcp

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
)

// A caller's gate narrows the server's, and that of no other caller.
func TestEnvForACaller(t *testing.T) {
	s := &Server{env: &op.Env{Gate: op.Gate{Tables: []string{"dev-*"}}}}
	narrow := s.envFor(withGate(t.Context(), op.Gate{Tables: []string{"*-a"}, ReadOnly: true}))
	if narrow.Allowed("dev-b") || narrow.Allowed("prod-a") || !narrow.Allowed("dev-a") || !narrow.ReadOnly {
		t.Error("the caller's gate does not narrow the server's")
	}
	if other := s.envFor(t.Context()); !other.Allowed("dev-b") || other.ReadOnly {
		t.Error("another caller is narrowed too")
	}
	if !strings.Contains(strings.Join(narrow.Tables, ","), "*-a") {
		t.Errorf("the refusal would name %v", narrow.Tables)
	}
}
