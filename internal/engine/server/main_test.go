package server

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that outlive the tests: what a server started ends with it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
