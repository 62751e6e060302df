package engine

import (
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Limits of throughput (Developer Guide, "Burst and adaptive capacity", "Best practices for designing partition keys",
// "Quotas").
const (
	burstSeconds = 300 // of unused provisioned throughput that is kept

	maxKeyReads  = 3000 // units a second of one partition key
	maxKeyWrites = 1000

	maxOnDemandUnits = 40000 // units a second of an on-demand table or index, of reads as of writes
)

// throttle holds requests to the throughput of tables, indexes and partition keys, by one bucket of tokens each.
//
// A request is let through while there is anything in its buckets, and what it took is then taken out of them, if need
// be below nothing: the cost of a read is not known before, and an item larger than a second's throughput can be
// written. Whoever comes next waits until the debt is paid.
//
// A nil throttle lets everything through.
type throttle struct {
	mu      sync.Mutex
	buckets map[bucketID]*tokens // of tables and indexes
	keys    map[keyID]*tokens    // of partition keys, while they are not full
}

// bucketID names what has a throughput of its own: the space of a table or a global index, for reads or for writes.
type bucketID struct {
	space storage.SpaceID
	write bool
}

type keyID struct {
	bucketID
	hash uint64
}

// tokens is a bucket of units that may be used.
type tokens struct {
	rate  float64 // units that come in a second
	most  float64 // units it holds when full
	level float64 // below zero: debt
	at    time.Time
}

// fill puts in what has come since the bucket was last looked at.
func (b *tokens) fill(now time.Time) {
	if now.After(b.at) {
		b.level = min(b.most, b.level+b.rate*now.Sub(b.at).Seconds())
		b.at = now
	}
}

func newThrottle() *throttle {
	return &throttle{buckets: map[bucketID]*tokens{}, keys: map[keyID]*tokens{}}
}

// demand is what one request takes of one table or index.
type demand struct {
	table *catalog.Table
	index *catalog.Index // a global index; nil: the table, and its local indexes with it
	write bool
	units float64
	key   []byte // a row key of the partition; nil when many partitions are read
}

func (d *demand) id() bucketID {
	if d.index != nil {
		return bucketID{d.index.ID, d.write}
	}
	return bucketID{d.table.ID, d.write}
}

// take lets a request through, and takes its units, or refuses it and takes nothing.
func (x *throttle) take(now time.Time, demands ...demand) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range demands {
		d := &demands[i]
		if b, kind := x.bucket(now, d); b.level <= 0 {
			return throttled(d, kind)
		}
		if d.key != nil && x.key(now, d).level <= 0 {
			return throttled(d, limitKeyRange)
		}
	}
	for i := range demands {
		d := &demands[i]
		b, _ := x.bucket(now, d)
		b.level -= d.units
		if d.key != nil {
			x.key(now, d).level -= d.units
		}
	}
	return nil
}

// bucket finds the bucket of a table or index, filled up to now, and the kind of its limit. A limit that has been changed
// holds from then on; what was saved up is kept as far as the new one allows it.
func (x *throttle) bucket(now time.Time, d *demand) (*tokens, limitKind) {
	rate, kind := limitOf(d)
	most := rate
	if kind == limitProvisioned {
		most *= burstSeconds
	}
	b := x.buckets[d.id()]
	if b == nil {
		b = &tokens{rate: rate, most: most, level: most, at: now}
		if kind == limitProvisioned {
			// Nothing is known of the time before, but that the table has had this throughput for so long.
			b.level = rate * min(burstSeconds, max(1, now.Sub(provisionedSince(d)).Seconds()))
		}
		x.buckets[d.id()] = b
		return b, kind
	}
	b.fill(now)
	if b.rate != rate || b.most != most {
		b.rate, b.most, b.level = rate, most, min(b.level, most)
		if b.level <= 0 {
			b.level = rate // a new throughput holds at once
		}
	}
	return b, kind
}

// key finds the bucket of a partition key, filled up to now.
func (x *throttle) key(now time.Time, d *demand) *tokens {
	id := keyID{d.id(), storage.RowHash(d.key)}
	if b := x.keys[id]; b != nil {
		b.fill(now)
		return b
	}
	if len(x.keys) >= maxThrottledKeys {
		for id, b := range x.keys {
			if b.fill(now); b.level >= b.most {
				delete(x.keys, id)
			}
		}
	}
	rate := float64(maxKeyReads)
	if d.write {
		rate = maxKeyWrites
	}
	b := &tokens{rate: rate, most: rate, level: rate, at: now}
	x.keys[id] = b
	return b
}

// maxThrottledKeys is how many partition keys are remembered before those that have filled up again are forgotten.
const maxThrottledKeys = 1 << 16

// limitKind is why a request is throttled, as ThrottlingReasons spell it (API reference, ThrottlingReason).
type limitKind string

const (
	limitProvisioned limitKind = "ProvisionedThroughputExceeded"
	limitOnDemandMax limitKind = "MaxOnDemandThroughputExceeded"
	limitAccount     limitKind = "AccountLimitExceeded"
	limitKeyRange    limitKind = "KeyRangeThroughputExceeded"
)

// limitOf is the throughput of a table or global index, in units a second.
func limitOf(d *demand) (float64, limitKind) {
	p, limit := d.table.Provisioned, d.table.OnDemandLimit
	if d.index != nil {
		p, limit = d.index.Provisioned, d.index.OnDemandLimit
	}
	of := func(read, write int64) float64 {
		if d.write {
			return float64(write)
		}
		return float64(read)
	}
	if !d.table.OnDemand {
		return of(p.Read, p.Write), limitProvisioned
	}
	if limit != nil {
		if n := of(limit.Read, limit.Write); n > 0 {
			return n, limitOnDemandMax
		}
	}
	return maxOnDemandUnits, limitAccount
}

// provisionedSince is when the provisioned throughput became what it is.
func provisionedSince(d *demand) time.Time {
	p := d.table.Provisioned
	if d.index != nil {
		p = d.index.Provisioned
	}
	since := d.table.Created
	for _, at := range []time.Time{p.LastIncrease, p.LastDecrease} {
		if at.After(since) {
			since = at
		}
	}
	return since
}
