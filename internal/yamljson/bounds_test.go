package yamljson_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/yamljson"
)

// What would keep the parser for hours or end the process is refused before it, and says where.
func TestCostlyYAMLIsRefusedAtItsPlace(t *testing.T) {
	lines := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		yaml, message string
		line          int
	}{
		"brackets":        {strings.Repeat("[", 100_000), "nested too deeply", 1},
		"braces":          {strings.Repeat("{a: ", 30_000), "nested too deeply", 1},
		"entries":         {strings.Repeat("- ", 30_000) + "1", "nested too deeply", 1},
		"entries of maps": {strings.Repeat("- ? ", 30_000) + "1", "nested too deeply", 1},
		"documents":       {strings.Repeat("--- 1\n", 30_000), "a second document", 21},
		"members":         {lines(30_000, "k%d: 1\n"), "more than 10000 members", 10_001},
		"members below":   {"a:\n- b:\n" + lines(30_000, "    k%d: 1\n"), "more than 10000 members", 10_003},
		"with anchors":    {lines(30_000, "&a%d k: 1\n"), "more than 10000 members", 10_001},
		"with tags":       {lines(30_000, "!!str k%d: 1\n"), "more than 10000 members", 10_001},
	} {
		_, err := yamljson.Convert([]byte(c.yaml))
		known, ok := errors.AsType[*yamljson.Error](err)
		if !ok || known.Line != c.line || !strings.Contains(known.Message, c.message) {
			t.Errorf("%s: got %v, want line %d: %s", name, err, c.line, c.message)
		}
	}
}

// Many members in all are no matter, and no entry of a list counts as one.
func TestManyMaps(t *testing.T) {
	for name, yaml := range map[string]string{
		"a list of maps":    strings.Repeat("- a: 1\n  b:\n  - c: 1\n    d: [x, {e: 1}]\n", 6000),
		"a list in a map":   "a:\n" + strings.Repeat("- 1\n", 12_000) + "b: 1\n",
		"maps side by side": strings.Repeat("- {a: 1, b: {c: 1}}\n", 6000),
	} {
		if _, err := yamljson.Convert([]byte(yaml)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
