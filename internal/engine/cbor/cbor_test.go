package cbor

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRoundTrip reads what is written.
func TestRoundTrip(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 250e6, time.UTC)
	b := AppendMap(nil, 6)
	b = AppendTime(AppendText(b, "at"), at)
	b = AppendText(AppendText(AppendArray(AppendText(b, "list"), 2), "x"), "ü")
	b = AppendInt(AppendText(b, "big"), 1<<40)
	b = AppendInt(AppendText(b, "less"), -300)
	b = AppendFloat(AppendText(b, "half"), 0.5)
	b = AppendBool(AppendText(b, "yes"), true)
	got, err := Decode(b)
	want := map[string]any{"at": at, "list": []any{"x", "ü"}, "big": float64(1 << 40), "less": -300.0, "half": 0.5, "yes": true}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Error(err, d)
	}
}

// TestWhatOtherEncodersWriteIsRead reads what other encoders write (RFC 8949, appendix A).
func TestWhatOtherEncodersWriteIsRead(t *testing.T) {
	for in, want := range map[string]any{
		"f93c00": 1.0, "f9c400": -4.0, "f97bff": 65504.0, "f90001": 5.960464477539063e-8, "fa47c35000": 100000.0,
		"c11a514b67b0": time.Unix(1363896240, 0).UTC(), "f6": nil, "bf6161f5ff": map[string]any{"a": true},
		"9f01ff": []any{1.0}, "7f6161626262ff": "abb", "4161": "a", "38ff": -256.0, "1bffffffffffffffff": 18446744073709551615.0,
	} {
		raw, _ := hex.DecodeString(in)
		got, err := Decode(raw)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Error(in, err, d)
		}
	}
}

// FuzzDecode looks for bytes that break the decoder.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "a1", "9bffffffffffffffff", "c1a0", "5f", "7f9f", "bfa0", "f8", "1c", "8181818181"} {
		raw, _ := hex.DecodeString(seed)
		f.Add(raw)
	}
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = Decode(b) })
}
