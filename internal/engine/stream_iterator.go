package engine

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// iteratorLife is how long a shard iterator can be used (API reference, GetShardIterator).
const iteratorLife = 15 * time.Minute

// iterator is a place in a shard: the next record is the first one with a number of at least Next.
type iterator struct {
	Stream string
	Shard  string
	Next   uint64
	Issued int64 // seconds since 1970
}

// encode makes the opaque text the caller gets. It begins with the ARN, as the service's does.
func (it iterator) encode() (string, error) {
	raw, err := json.Marshal(it)
	if err != nil {
		return "", err
	}
	return it.Stream + "|1|" + base64.StdEncoding.EncodeToString(raw), nil
}

func decodeIterator(text string) (iterator, bool) {
	var it iterator
	arn, rest, ok := strings.Cut(text, "|1|")
	raw, err := base64.StdEncoding.DecodeString(rest)
	if !ok || err != nil || json.Unmarshal(raw, &it) != nil || it.Stream != arn {
		return it, false
	}
	return it, true
}

type shardIteratorInput struct {
	StreamArn         string `wire:"StreamArn,required,min=37,max=1024"`
	ShardID           string `wire:"ShardId,required,min=28,max=65"`
	ShardIteratorType string `wire:"ShardIteratorType,required,enum=AFTER_SEQUENCE_NUMBER|AT_SEQUENCE_NUMBER|LATEST|TRIM_HORIZON"`
	SequenceNumber    string `wire:"SequenceNumber,min=21,max=40"`
}

type shardIteratorOutput struct {
	ShardIterator string `wire:"ShardIterator"`
}

func errTrimmed() error {
	return &apiError{Type: "TrimmedDataAccessException", Message: "The requested sequence number is beyond the trim horizon."}
}

func getShardIterator(c *call, in *shardIteratorInput) (*shardIteratorOutput, error) {
	s, err := c.findStream(in.StreamArn)
	if err != nil {
		return nil, err
	}
	h, err := s.findShard(in.ShardID, c.now)
	if err != nil {
		return nil, err
	}
	next, err := c.iteratorStart(h, in)
	if err != nil {
		return nil, err
	}
	text, err := iterator{s.arn(), h.id, next, c.now.Unix()}.encode()
	return &shardIteratorOutput{text}, err
}

func (s *stream) findShard(id string, now time.Time) (shard, error) {
	for _, h := range s.shards(now) {
		if h.id == id {
			return h, nil
		}
	}
	return shard{}, &apiError{
		Type:    "ResourceNotFoundException",
		Message: "Requested resource not found: Shard: " + id + " in stream " + s.arn() + " not found",
	}
}

// iteratorStart finds the number an iterator begins at.
func (c *call) iteratorStart(h shard, in *shardIteratorInput) (uint64, error) {
	bySequence := strings.HasSuffix(in.ShardIteratorType, "_SEQUENCE_NUMBER")
	if bySequence != (in.SequenceNumber != "") {
		return 0, validation("SequenceNumber must be specified for AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER, and for no other ShardIteratorType")
	}
	horizon := max(h.first, numberAt(c.now.Add(-streamRetention)))
	switch in.ShardIteratorType {
	case "TRIM_HORIZON":
		return horizon, nil
	case "LATEST":
		return max(h.first, c.e.tend.clock.latest()+1), nil
	}
	seq, ok := parseSequence(in.SequenceNumber)
	if !ok || seq < h.first || seq > h.last {
		return 0, validation("Invalid SequenceNumber: " + in.SequenceNumber + " is not a sequence number of the shard")
	}
	if seq < horizon {
		return 0, errTrimmed()
	}
	if in.ShardIteratorType == "AFTER_SEQUENCE_NUMBER" {
		seq++
	}
	return seq, nil
}
