package engine_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that outlive the tests: what an engine started ends with its Close.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && os.Getenv(apart) == "" {
		if err := goleak.Find(); err != nil {
			fmt.Println(err)
			code = 1
		}
	}
	os.Exit(code)
}
