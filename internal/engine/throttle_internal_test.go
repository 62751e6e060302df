package engine

import (
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// TestThrottleAccountLimit takes more of an on-demand table than an account may.
func TestThrottleAccountLimit(t *testing.T) {
	x, now := newThrottle(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	table := &catalog.Table{Ref: catalog.Ref{Region: "eu-west-1", Name: "T"}, ID: 1, OnDemand: true}
	d := demand{table: table, write: true, units: maxOnDemandUnits}
	if err := x.take(now, d); err != nil {
		t.Fatal(err)
	}
	want := `{"__type":"com.amazonaws.dynamodb.v20120810#RequestLimitExceeded","message":"` + msgAccountLimit +
		`","ThrottlingReasons":[{"reason":"TableWriteAccountLimitExceeded","resource":"arn:aws:dynamodb:eu-west-1:000000000000:table/T"}]}`
	if got := string(asAPIError(x.take(now, d)).appendBody(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := x.take(now.Add(time.Second), d); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

// TestThrottleForgetsKeys names ever new partition keys.
func TestThrottleForgetsKeys(t *testing.T) {
	x, now := newThrottle(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	table := &catalog.Table{ID: 1, Provisioned: catalog.Throughput{Read: 1 << 40, Write: 1 << 40}}
	for i := range maxThrottledKeys + maxThrottledKeys/2 {
		now = now.Add(time.Millisecond)
		pk := []byte{byte(i), byte(i >> 8), byte(i >> 16)}
		key := storage.AppendPartition(nil, 1, storage.Hash(pk), pk)
		if err := x.take(now, demand{table: table, units: 1, key: key}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(x.keys); n > maxThrottledKeys {
		t.Errorf("%d keys are remembered, at most %d should be", n, maxThrottledKeys)
	}
}
