package stream

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/engine"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

// followed is a table with a stream whose clock is the test's.
type followed struct {
	t    *testing.T
	env  *op.Env
	arn  string
	mu   sync.Mutex
	past time.Duration // the engine's clock is the real one less this
}

func newFollowed(t *testing.T, past time.Duration) *followed {
	t.Helper()
	f := &followed{t: t, past: past}
	f.env = optest.EnvOn(t, engine.Options{Clock: func() time.Time {
		f.mu.Lock()
		defer f.mu.Unlock()
		return time.Now().Add(-f.past)
	}})
	d := optest.Call(t, f.env, table.Create, `{"table_name":"Tail","billing_mode":"PAY_PER_REQUEST",
		"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"stream_specification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}}`)
	f.arn = d["LatestStreamArn"].(string)
	return f
}

func (f *followed) at(past time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.past = past
}

func (f *followed) put(n int) {
	f.t.Helper()
	optest.Call(f.t, f.env, item.Put, fmt.Sprintf(`{"table_name":"Tail","item":{"pk":{"S":"%d"}}}`, n))
}

// read follows to the end of what is there, limit records at most, and gives their keys and the shards they came from.
func (f *followed) read(from time.Time, places map[string]Place, limit int) (keys []string, shards []string, left map[string]Place) {
	f.t.Helper()
	calls := 0
	w := &Follower{
		StreamArn: f.arn, Places: places, From: from, Stop: true, Poll: time.Millisecond,
		Take: func(shard string, r *streamtypes.Record) error {
			key, ok := r.Dynamodb.Keys["pk"].(*streamtypes.AttributeValueMemberS)
			if !ok {
				return fmt.Errorf("key %v", r.Dynamodb.Keys)
			}
			keys = append(keys, key.Value)
			if !slices.Contains(shards, shard) {
				shards = append(shards, shard)
			}
			if len(keys) == limit {
				return op.ErrStop
			}
			return nil
		},
		Taken: func() error { calls++; return nil },
	}
	if err := w.Follow(f.t.Context(), f.env); err != nil {
		f.t.Fatal(err)
	}
	if len(keys) > 0 && calls == 0 {
		f.t.Error("records were taken without a word to whoever keeps the places")
	}
	return keys, shards, w.Places
}

// Shards are read parent first, and going on from the places kept gives each record once, wherever the reading was cut.
func TestFollowThroughShards(t *testing.T) {
	f := newFollowed(t, 20*time.Hour)
	var want []string
	for n := range 12 {
		f.at(20*time.Hour - time.Duration(n)*90*time.Minute) // a shard lasts four hours
		f.put(n)
		want = append(want, fmt.Sprint(n))
	}
	all, shards, _ := f.read(time.Time{}, nil, 0)
	if !slices.Equal(all, want) || len(shards) < 3 {
		t.Fatalf("from the start: %v through shards %v, want %v through several", all, shards, want)
	}
	for cut := 1; cut < len(want); cut++ {
		first, _, places := f.read(time.Time{}, nil, cut)
		rest, _, _ := f.read(time.Time{}, places, 0)
		if got := slices.Concat(first, rest); !slices.Equal(got, want) {
			t.Errorf("cut after %d: %v, want %v", cut, got, want)
		}
	}
	if since, _, _ := f.read(time.Now().Add(-8*time.Hour-time.Minute), nil, 0); !slices.Equal(since, want[8:]) {
		t.Errorf("from eight hours ago: %v, want %v", since, want[8:])
	}
}

// From now on nothing old is read, and places kept before the first record lead to it later.
func TestFollowFromNow(t *testing.T) {
	f := newFollowed(t, 0)
	f.put(1)
	keys, _, places := f.read(time.Now(), nil, 0)
	if len(keys) != 0 {
		t.Errorf("from now: %v", keys)
	}
	f.put(2)
	keys, _, places = f.read(time.Time{}, places, 0)
	if !slices.Contains(keys, "2") {
		t.Errorf("after places that hold no record: %v, want 2", keys)
	}
	f.put(3)
	if keys, _, _ = f.read(time.Time{}, places, 0); !slices.Equal(keys, []string{"3"}) {
		t.Errorf("going on: %v, want 3", keys)
	}
}

// A place whose records were trimmed is said, and reading goes on with what is left.
func TestFollowTrimmed(t *testing.T) {
	f := newFollowed(t, 30*time.Hour)
	f.put(1)
	f.at(29 * time.Hour)
	f.put(2)
	_, _, places := f.read(time.Time{}, nil, 1)
	f.at(0)
	f.put(3)
	keys, _, _ := f.read(time.Time{}, places, 0)
	if !slices.Equal(keys, []string{"3"}) {
		t.Errorf("after a day: %v, want 3", keys)
	}
}

// A stream that was turned off ends the reading once it is read; what stops Take stops Follow.
func TestFollowEnds(t *testing.T) {
	f := newFollowed(t, 0)
	f.put(1)
	optest.Call(t, f.env, table.Update, `{"table_name":"Tail","stream_specification":{"StreamEnabled":false}}`)
	n := 0
	w := &Follower{StreamArn: f.arn, Poll: time.Millisecond, Take: func(string, *streamtypes.Record) error { n++; return nil }, Taken: func() error { return nil }}
	if err := w.Follow(t.Context(), f.env); err != nil || n != 1 {
		t.Errorf("a stream turned off: %d records, %v", n, err)
	}
	broken := errors.New("the disk is full")
	w = &Follower{StreamArn: f.arn, Take: func(string, *streamtypes.Record) error { return broken }, Taken: func() error { return nil }}
	if err := w.Follow(t.Context(), f.env); !errors.Is(err, broken) {
		t.Errorf("a failing Take: %v", err)
	}
	w = &Follower{StreamArn: aws.ToString(&f.arn) + "9"}
	var e *op.Error
	if err := w.Follow(t.Context(), f.env); !errors.As(err, &e) {
		t.Errorf("a stream that is not there: %v", err)
	}
}
