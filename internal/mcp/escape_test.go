package mcp

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEscapeHidden(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"ascii", `{"a":"b\n"}`, `{"a":"b\n"}`},
		{"letters stay", `"Grüße, 東京, שלום, 😀"`, `"Grüße, 東京, שלום, 😀"`},
		{"zero width space", "\"a\u200bb\"", `"a\u200bb"`},
		{"right-to-left override", "\"a\u202eb\"", `"a\u202eb"`},
		{"isolates", "\"\u2066a\u2069\"", `"\u2066a\u2069"`},
		{"byte order mark", "\"\ufeff\"", `"\ufeff"`},
		{"tag characters", "\"\U000E0041\U000E007F\"", `"\udb40\udc41\udb40\udc7f"`},
		{"variation selectors", "\"\ufe01\U000E0100\"", `"\ufe01\udb40\udd00"`},
		{"line separator", "\"\u2028\"", `"\u2028"`},
		{"controls", "\"\x7f\u0085\u009b\"", `"\u007f\u0085\u009b"`},
		{"hangul filler", "\"\u3164\"", `"\u3164"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := string(escapeHidden([]byte(c.in)))
			if got != c.want {
				t.Errorf("escapeHidden(%q) = %s, want %s", c.in, got, c.want)
			}
			var before, after any
			if err := json.Unmarshal([]byte(c.in), &before); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(got), &after); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("does not read back as it was (-was +is):\n%s", diff)
			}
		})
	}
}
