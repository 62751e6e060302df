package engine

import (
	"crypto/md5" //nolint:gosec // makes an id, protects nothing
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/engine/streams"
)

// Limits of one answer of GetRecords (API reference).
const (
	maxRecords     = 1000
	maxRecordBytes = 1 << 20
)

type getRecordsInput struct {
	ShardIterator string `wire:"ShardIterator,required,min=1,max=2048"`
	Limit         *int64 `wire:"Limit,min=1"`
}

type streamIdentity struct {
	PrincipalID string `wire:"PrincipalId"`
	Type        string `wire:"Type"`
}

type streamChange struct {
	ApproximateCreationDateTime time.Time `wire:"ApproximateCreationDateTime"`
	Keys                        attr.Item `wire:"Keys"`
	NewImage                    *Image    `wire:"NewImage"`
	OldImage                    *Image    `wire:"OldImage"`
	SequenceNumber              string    `wire:"SequenceNumber"`
	SizeBytes                   int64     `wire:"SizeBytes"`
	StreamViewType              string    `wire:"StreamViewType"`
}

type streamRecord struct {
	EventID      string          `wire:"eventID"`
	EventName    string          `wire:"eventName"`
	EventVersion string          `wire:"eventVersion"`
	EventSource  string          `wire:"eventSource"`
	AWSRegion    string          `wire:"awsRegion"`
	DynamoDB     *streamChange   `wire:"dynamodb"`
	UserIdentity *streamIdentity `wire:"userIdentity"`
}

type getRecordsOutput struct {
	Records           []streamRecord `wire:"Records,keep"`
	NextShardIterator string         `wire:"NextShardIterator"`
}

// getRecords reads on from an iterator. A closed shard that is read to its end gives no next iterator.
func getRecords(c *call, in *getRecordsInput) (*getRecordsOutput, error) {
	limit := maxRecords
	if in.Limit != nil {
		if *in.Limit > maxRecords {
			return nil, invalidParameter("Limit should be less than or equal to 1000")
		}
		limit = int(*in.Limit)
	}
	it, ok := decodeIterator(in.ShardIterator)
	if !ok {
		return nil, validation("Invalid ShardIterator")
	}
	if c.now.Sub(time.Unix(it.Issued, 0)) > iteratorLife {
		return nil, &apiError{Type: "ExpiredIteratorException", Message: "Shard iterator has expired"}
	}
	s, err := c.findStream(it.Stream)
	if err != nil {
		return nil, err
	}
	h, err := s.findShard(it.Shard, c.now)
	if err != nil {
		return nil, errTrimmed()
	}
	trimmed, err := c.e.trimmedTo(s.table.ID)
	if err != nil {
		return nil, err
	}
	if it.Next < trimmed {
		if !it.Horizon {
			return nil, errTrimmed()
		}
		it.Next = trimmed
	}
	// A record is in the store a moment after it got its number, and another with a later number may come before it.
	// Every number up to this one is there once the writes under way have ended; later ones wait for the next call.
	until := c.e.tend.clock.latest()
	c.e.latches.barrier()
	out, next, err := c.readShard(s, h, it.Next, until, limit)
	if err != nil {
		return nil, err
	}
	if h.open || next <= h.last {
		out.NextShardIterator, err = iterator{Stream: it.Stream, Shard: it.Shard, Next: next, Issued: c.now.Unix(), Horizon: it.Horizon && next == it.Next}.encode()
	}
	return out, err
}

// readShard reads the records from a number on, and says which number to go on with.
func (c *call) readShard(s *stream, h shard, from, until uint64, limit int) (*getRecordsOutput, uint64, error) {
	out := &getRecordsOutput{Records: []streamRecord{}}
	until = min(until, h.last)
	next := max(from, until+1)
	if !h.open {
		next = h.last + 1
	}
	if from > until {
		return out, next, nil
	}
	bytes := int64(0)
	full, waited, at := false, false, from
	for again := true; again; {
		again = false
		sp := storage.Span{Start: storage.ChangeKey(s.table.ID, at), End: storage.ChangeKey(s.table.ID, until+1)}
		err := eachChange(c.e.store, sp, func(rec streams.Record) (more bool, err error) {
			at = rec.Seq
			if full = len(out.Records) == limit; full {
				return false, nil
			}
			if again = !waited && c.grown+len(rec.Old)+len(rec.New) > FreeAnswer; again {
				return false, nil // the walk has ended before there is a wait
			}
			shown, err := s.show(rec.Clone())
			if err != nil {
				return false, err
			}
			if bytes += shown.DynamoDB.SizeBytes; bytes > maxRecordBytes && len(out.Records) > 0 {
				full = true
				return false, nil
			}
			c.grown += len(rec.Old) + len(rec.New)
			out.Records = append(out.Records, *shown)
			return true, nil
		})
		if again && err == nil {
			waited, err = true, c.needRoom(pageAnswer, nil)
		}
		if err != nil {
			return nil, 0, err
		}
	}
	if full {
		next = at
	}
	return out, next, nil
}

// show makes the answer's form of a record, with the images the stream is for.
func (s *stream) show(rec streams.Record) (*streamRecord, error) {
	before, err := imageOf(rec.Old)
	if err != nil {
		return nil, err
	}
	after, err := imageOf(rec.New)
	if err != nil {
		return nil, err
	}
	name, present := "MODIFY", after
	switch {
	case before == nil:
		name = "INSERT"
	case after == nil:
		name, present = "REMOVE", before
	}
	d := &streamChange{
		ApproximateCreationDateTime: rec.Time.Truncate(time.Second), SequenceNumber: sequenceNumber(rec.Seq),
		StreamViewType: s.View, Keys: keyItem(s.table.Key, present),
	}
	d.SizeBytes = int64(attr.ItemSize(d.Keys))
	if s.View == "NEW_IMAGE" || s.View == "NEW_AND_OLD_IMAGES" {
		d.NewImage = after
	}
	if s.View == "OLD_IMAGE" || s.View == "NEW_AND_OLD_IMAGES" {
		d.OldImage = before
	}
	d.SizeBytes += int64(d.NewImage.sizeOf() + d.OldImage.sizeOf())
	sum := md5.Sum(fmt.Append(nil, s.arn(), rec.Seq)) //nolint:gosec // see the import
	r := &streamRecord{
		EventID: hex.EncodeToString(sum[:]), EventName: name, EventVersion: "1.1", EventSource: "aws:dynamodb",
		AWSRegion: s.table.Region, DynamoDB: d,
	}
	if rec.Service {
		r.UserIdentity = &streamIdentity{"dynamodb.amazonaws.com", "Service"}
	}
	return r, nil
}

// imageOf reads an image of a change record; nil for none.
func imageOf(row []byte) (*Image, error) {
	if row == nil {
		return nil, nil
	}
	wire, size, err := splitRow(row)
	if err != nil {
		return nil, err
	}
	return &Image{Wire: wire, Size: size}, nil
}
