package engine

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// A stream is a view of its table's change log: the records between the time it was enabled and the time it was
// disabled, of which a day is kept. Its shards are spans of time of equal length, one open at its end, so they need no
// state of their own and are the same for every reader.

// shardSpan is how long a shard takes records before the next one does (developer guide, "DynamoDB Streams": about four
// hours).
const shardSpan = 4 * time.Hour

// streamBase makes the numbers of records as long as the API asks for (API reference, StreamRecord: at least 21 digits).
const streamBase = "100"

// shard is a span of a stream: records with numbers from first to last. An open one has no last.
type shard struct {
	id          string
	began       time.Time
	first, last uint64 // last is the largest number possible while it is open
	open        bool
}

// stream is one stream of a table.
type stream struct {
	catalog.Stream
	table *catalog.Table
	began time.Time
}

func (s *stream) arn() string { return s.table.ARN() + "/stream/" + s.Label }

// openShard is the last of an open shard.
const openShard = ^uint64(0)

// readableStreams are the streams whose records are kept: enabled, or disabled less than a day ago. Oldest first.
func readableStreams(t *catalog.Table, now time.Time) []*stream {
	var list []*stream
	for _, s := range append(slices.Clip(t.PastStreams), t.Stream) {
		began, err := time.Parse(streamLabelLayout, s.Label)
		if err != nil || !s.Enabled && now.Sub(s.Closed) > streamRetention {
			continue
		}
		list = append(list, &stream{s, t, began})
	}
	return list
}

// shards lists the shards of a stream that have not been trimmed.
func (s *stream) shards(now time.Time) []shard {
	end := now
	if !s.Enabled {
		end = s.Closed
	}
	if end.Before(s.began) {
		end = s.began // a label may be a moment ahead of the clock
	}
	at := s.began
	if trimmed := now.Sub(at) - streamRetention; trimmed > 0 {
		at = at.Add(trimmed.Truncate(shardSpan)) // the shards before are older than a day
	}
	var list []shard
	for ; !at.After(end); at = at.Add(shardSpan) {
		next := at.Add(shardSpan)
		h := shard{id: s.shardID(at), began: at, first: numberAt(at), last: numberAt(next) - 1}
		if s.From != 0 && at.Equal(s.began) {
			h.first = s.From
		}
		switch {
		case !s.Enabled && next.After(end):
			h.last = numberAt(end.Add(time.Millisecond))
			if s.To != 0 {
				h.last = s.To
			}
			h.last = max(h.first, h.last)
		case next.After(end):
			h.last, h.open = openShard, true
		case now.Sub(next) > streamRetention:
			continue
		}
		list = append(list, h)
	}
	return list
}

// parentOf is the id of the shard before one: it is told even when that one is trimmed.
func (s *stream) parentOf(h shard) string {
	if !h.began.After(s.began) {
		return ""
	}
	return s.shardID(h.began.Add(-shardSpan))
}

// shardID is a name of the service's form for the shard that begins at a time.
func (s *stream) shardID(at time.Time) string {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, s.table.UUID, s.Label, at.UnixMilli())
	return fmt.Sprintf("shardId-%020d-%08x", at.UnixMilli(), h.Sum32())
}

// numberAt is the first number a record made at a time can have.
func numberAt(at time.Time) uint64 { return uint64(max(at.UnixNano(), 0)) }

// sequenceNumber is a record's number as the API shows it.
func sequenceNumber(seq uint64) string { return fmt.Sprintf("%s%019d", streamBase, seq) }

// parseSequence reads a number back.
func parseSequence(text string) (uint64, bool) {
	digits, ok := strings.CutPrefix(text, streamBase)
	if !ok || len(digits) < 19 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, err == nil
}
