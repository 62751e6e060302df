package stream

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// quietReads is how many reads in a row without a record count as having caught up: a read of the service may be empty
// before the end of a shard (developer guide, "Reading and processing a stream").
const quietReads = 3

// lookAgain is how often the stream is described while nothing else asks for it: to see that it was disabled.
const lookAgain = 30 * time.Second

// A Place is how far one shard has been read. The zero Place is its beginning.
type Place struct {
	// After is the sequence number of the last record taken.
	After string `json:"after,omitempty"`
	// Since is where reading begins while no record has been taken.
	Since time.Time `json:"since,omitzero"`
	// Done says that the shard was closed and read to its end, or passed over.
	Done bool `json:"done,omitempty"`
}

// A Follower reads the change records of a stream from all its shards, those of a shard in order, and a shard only after
// the one it came from, so that the changes of an item come in the order in which they were made.
type Follower struct {
	// StreamArn names the stream.
	StreamArn string
	// Places is where each shard goes on. Follow keeps it up to date as records are taken, so that what it holds between
	// two calls of Taken can be kept and handed to another Follower.
	Places map[string]Place
	// From is where shards begin that Places does not know, where it knows none: the zero time for the oldest record there is,
	// and an instant that has not passed for new records only.
	From time.Time
	// Stop ends at the end of what is there now, instead of waiting for more.
	Stop bool
	// Poll is the pause after a round through all shards that found nothing; the API allows five reads a second and shard.
	Poll time.Duration
	// Take is given each record with its shard. ErrStop ends without an error.
	Take func(shard string, record *streamtypes.Record) error
	// Taken is called when the places to begin at are known, when a page of records was taken, and when shards ended.
	Taken func() error
	// Note tells a person what is not as expected. It may be nil.
	Note func(string)

	env   *op.Env
	open  map[string]*openShard
	ended bool // the stream is disabled: no shard will follow
}

// An openShard is one that is not read to its end.
type openShard struct {
	id, parent string
	iterator   string
	latest     bool // begin with the next record there will be
	quiet      int  // reads in a row that found nothing
}

// Follow reads until there is no more: the stream was disabled and read to its end, Take or the context ended it, or with
// Stop everything was read. It makes its calls one after the other.
func (f *Follower) Follow(ctx context.Context, env *op.Env) error {
	f.env = env
	if f.Places == nil {
		f.Places = make(map[string]Place)
	}
	resumed := len(f.Places) > 0
	if err := f.look(ctx, resumed); err != nil {
		return err
	}
	if err := f.Taken(); err != nil { // where reading begins is worth keeping too
		return err
	}
	looked := time.Now()
	for {
		found, closed, err := f.round(ctx)
		if errors.Is(err, op.ErrStop) {
			return f.Taken()
		}
		if err != nil {
			return err
		}
		if closed || time.Since(looked) > lookAgain {
			if err := f.look(ctx, true); err != nil {
				return err
			}
			looked = time.Now()
		}
		switch {
		case f.ended && len(f.open) == 0, f.Stop && f.caughtUp():
			return nil
		case found || closed:
			continue
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(f.pause()):
		}
	}
}

// look asks which shards there are, and opens those that can be read. Shards that come up later begin at their first record.
func (f *Follower) look(ctx context.Context, known bool) error {
	listed := make(map[string]streamtypes.Shard)
	in := &DescribeInput{StreamArn: f.StreamArn}
	for {
		out, err := Describe.Call(ctx, f.env, in)
		if err != nil {
			return err
		}
		d := out.StreamDescription
		for _, s := range d.Shards {
			listed[aws.ToString(s.ShardId)] = s
		}
		f.ended = d.StreamStatus == streamtypes.StreamStatusDisabled
		if in.ExclusiveStartShardId = aws.ToString(d.LastEvaluatedShardId); in.ExclusiveStartShardId == "" {
			break
		}
	}
	for id := range f.Places {
		if _, there := listed[id]; !there {
			delete(f.Places, id) // a shard is gone a day after its last record
			delete(f.open, id)
		}
	}
	if f.open == nil {
		f.open = make(map[string]*openShard, len(listed))
	}
	for id, s := range listed {
		place, seen := f.Places[id]
		if !seen {
			if !known {
				place.Since = f.From
				place.Done = f.onlyNew() && s.SequenceNumberRange != nil && s.SequenceNumberRange.EndingSequenceNumber != nil
			}
			f.Places[id] = place
		}
		if !place.Done && f.open[id] == nil {
			f.open[id] = &openShard{id: id, parent: aws.ToString(s.ParentShardId), latest: !known && f.onlyNew()}
		}
	}
	return nil
}

func (f *Follower) onlyNew() bool {
	return !f.From.IsZero() && !f.From.Before(time.Now().Add(-time.Second))
}

// round reads a page of each shard whose parent is read to its end.
func (f *Follower) round(ctx context.Context) (found, closed bool, err error) {
	for _, id := range slices.Sorted(maps.Keys(f.open)) {
		s := f.open[id]
		if f.open[s.parent] != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return found, closed, context.Cause(ctx)
		}
		n, end, err := f.page(ctx, s)
		if err != nil {
			return found, closed, err
		}
		if found = found || n > 0; n > 0 {
			s.quiet = 0
		} else {
			s.quiet++
		}
		if end {
			closed = true
			place := f.Places[id]
			place.Done = true
			f.Places[id] = place
			delete(f.open, id)
		}
		if n > 0 || end {
			if err := f.Taken(); err != nil {
				return found, closed, err
			}
		}
	}
	return found, closed, nil
}

// shortPoll is the pause where only the end of what is there is waited for: four reads a second and shard.
const shortPoll = 250 * time.Millisecond

func (f *Follower) pause() time.Duration {
	if f.Stop {
		return min(f.Poll, shortPoll)
	}
	return f.Poll
}

func (f *Follower) caughtUp() bool {
	for _, s := range f.open {
		if s.quiet < quietReads {
			return false
		}
	}
	return true
}
