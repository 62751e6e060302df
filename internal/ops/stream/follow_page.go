package stream

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// page takes the records of one read.
func (f *Follower) page(ctx context.Context, s *openShard) (n int, end bool, err error) {
	out, err := f.read(ctx, s)
	if err != nil {
		return 0, false, err
	}
	place := f.Places[s.id]
	for i := range out.Records {
		r := &out.Records[i]
		if r.Dynamodb == nil || place.After == "" && r.Dynamodb.ApproximateCreationDateTime != nil && r.Dynamodb.ApproximateCreationDateTime.Before(place.Since.Truncate(time.Second)) {
			continue
		}
		err := f.Take(s.id, r)
		if err == nil || errors.Is(err, op.ErrStop) {
			place.After = aws.ToString(r.Dynamodb.SequenceNumber)
			f.Places[s.id] = place
		}
		if err != nil {
			return i + 1, false, err
		}
	}
	s.iterator = aws.ToString(out.NextShardIterator)
	return len(out.Records), s.iterator == "", nil
}

// read gets records, with a new iterator where the old one has expired.
func (f *Follower) read(ctx context.Context, s *openShard) (*dynamodbstreams.GetRecordsOutput, error) {
	for attempt := 0; ; attempt++ {
		if s.iterator == "" {
			if err := f.iterate(ctx, s); err != nil {
				return nil, err
			}
		}
		out, err := Records.Call(ctx, f.env, &RecordsInput{ShardIterator: s.iterator})
		if code := codeOf(err); attempt < 3 && (code == "ExpiredIteratorException" || code == "TrimmedDataAccessException") {
			if code == "TrimmedDataAccessException" {
				f.trimmed(s)
			}
			s.iterator = ""
			continue
		}
		return out, err
	}
}

func (f *Follower) iterate(ctx context.Context, s *openShard) error {
	place := f.Places[s.id]
	in := &IteratorInput{StreamArn: f.StreamArn, ShardId: s.id, ShardIteratorType: streamtypes.ShardIteratorTypeTrimHorizon}
	switch {
	case place.After != "":
		in.ShardIteratorType, in.SequenceNumber = streamtypes.ShardIteratorTypeAfterSequenceNumber, place.After
	case s.latest:
		in.ShardIteratorType = streamtypes.ShardIteratorTypeLatest
	case !place.Since.IsZero():
		in.ShardIteratorType, in.Timestamp = streamtypes.ShardIteratorTypeAtTimestamp, &place.Since
	}
	out, err := Iterator.Call(ctx, f.env, in)
	if codeOf(err) == "TrimmedDataAccessException" {
		f.trimmed(s)
		in = &IteratorInput{StreamArn: f.StreamArn, ShardId: s.id, ShardIteratorType: streamtypes.ShardIteratorTypeTrimHorizon}
		out, err = Iterator.Call(ctx, f.env, in)
	}
	if err != nil {
		return err
	}
	s.iterator, s.latest = aws.ToString(out.ShardIterator), false // one that expires is followed from Since
	return nil
}

// trimmed begins a shard anew: what followed the place has been removed from the stream.
func (f *Follower) trimmed(s *openShard) {
	if f.Note != nil {
		f.Note("records of shard " + s.id + " were trimmed before they were read; going on with the oldest there is (a stream keeps 24 hours)")
	}
	f.Places[s.id] = Place{}
}

func codeOf(err error) string {
	if e, ok := errors.AsType[*op.Error](err); ok {
		return e.Code
	}
	return ""
}
