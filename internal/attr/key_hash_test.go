package attr

import (
	"fmt"
	"testing"
)

// TestHashedBytes packs numbers whose form follows from the rule: powers of a hundred, pairs of digits plus one, negative ones counted down.
func TestHashedBytes(t *testing.T) {
	for _, c := range []struct {
		v    Value
		want string
	}{
		{Value{Kind: S, Str: "aé"}, "61c3a9"},
		{Value{Kind: B, Str: "\x00\xff"}, "00ff"},
		{Value{Kind: N, Str: "0"}, "80"},
		{Value{Kind: N, Str: "1"}, "c102"},
		{Value{Kind: N, Str: "10"}, "c10b"},
		{Value{Kind: N, Str: "100"}, "c202"},
		{Value{Kind: N, Str: "251"}, "c20334"},
		{Value{Kind: N, Str: "2388"}, "c21859"},
		{Value{Kind: N, Str: "0.5"}, "c033"},
		{Value{Kind: N, Str: "0.05"}, "c006"},
		{Value{Kind: N, Str: "0.005"}, "bf33"},
		{Value{Kind: N, Str: "-1"}, "3e6466"},
		{Value{Kind: N, Str: "-123.4"}, "3d644e3d66"},
		{Value{Kind: N, Str: "1E-130"}, "8002"},
		{Value{Kind: N, Str: "1E125"}, "ff0b"},
		{Value{Kind: BOOL}, ""},
	} {
		if got := fmt.Sprintf("%x", AppendHashed(nil, c.v)); got != c.want {
			t.Errorf("%s %s is %s, want %s", c.v.Kind, c.v.Str, got, c.want)
		}
	}
	// All twenty pairs leave no room for the mark.
	long := AppendHashed(nil, Value{Kind: N, Str: "-1.2345678901234567890123456789012345678"})
	if len(long) != 21 || long[20] == 102 {
		t.Errorf("38 digits behind an odd power take %x", long)
	}
	short := AppendHashed(nil, Value{Kind: N, Str: "-12.345678901234567890123456789012345678"})
	if len(short) != 21 || short[20] != 102 {
		t.Errorf("38 digits behind an even power take %x", short)
	}
}
