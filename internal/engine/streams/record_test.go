package streams

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

func TestRecordRoundTrip(t *testing.T) {
	at := time.Date(2026, 11, 22, 18, 0, 0, 123456789, time.UTC)
	for name, r := range map[string]Record{
		"insert":  {Seq: 1, Time: at, Key: []byte("k"), New: []byte(`{"pk":{"S":"k"}}`)},
		"modify":  {Seq: 2, Time: at, Key: []byte("k"), Old: []byte("{1}"), New: []byte("{2}")},
		"expired": {Seq: 1 << 60, Time: at, Service: true, Key: []byte{0, 1, 255}, Old: []byte("{}")},
	} {
		got, err := DecodeRecord(r.Seq, AppendRecord(nil, r))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(r, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDecodeRecordRefusesDamage(t *testing.T) {
	whole := AppendRecord(nil, Record{Time: time.Unix(1, 0), Key: []byte("key"), Old: []byte("old"), New: []byte("new")})
	for n := range whole {
		if _, err := DecodeRecord(1, whole[:n]); !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("a record cut to %d of %d bytes: %v, want storage.ErrDamaged", n, len(whole), err)
		}
	}
	if _, err := DecodeRecord(1, append(whole, 0)); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("a record with a byte too many: %v, want storage.ErrDamaged", err)
	}
}

// FuzzDecodeRecord reads anything as a record: an error, or a record that is written back as it was read.
func FuzzDecodeRecord(f *testing.F) {
	f.Add(AppendRecord(nil, Record{Time: time.Unix(0, 42).UTC(), Key: []byte("k"), Old: []byte("old"), New: []byte("new")}))
	f.Add(AppendRecord(nil, Record{Time: time.Unix(7, 0).UTC(), Service: true, Key: []byte("k"), Old: []byte("old")}))
	f.Add([]byte{recordVersion, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := DecodeRecord(1, data)
		if err != nil {
			return
		}
		again, err := DecodeRecord(1, AppendRecord(nil, r))
		if err != nil || !again.Time.Equal(r.Time) || again.Service != r.Service || !bytes.Equal(again.Key, r.Key) || !bytes.Equal(again.Old, r.Old) || !bytes.Equal(again.New, r.New) {
			t.Fatalf("read %+v, then %+v, %v", r, again, err)
		}
	})
}
