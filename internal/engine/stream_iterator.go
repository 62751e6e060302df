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
	Stream  string
	Shard   string
	Next    uint64
	Issued  int64 // seconds since 1970
	Horizon bool  `json:",omitempty"` // begins at the oldest record there is, wherever that has got to
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
	StreamArn         string     `wire:"StreamArn,required,min=37,max=1024"`
	ShardID           string     `wire:"ShardId,required,min=28,max=65"`
	ShardIteratorType string     `wire:"ShardIteratorType,required,enum=AFTER_SEQUENCE_NUMBER|LATEST|AT_TIMESTAMP|AT_SEQUENCE_NUMBER|TRIM_HORIZON"`
	SequenceNumber    string     `wire:"SequenceNumber,min=21,max=40,unvalued"`
	Timestamp         *time.Time `wire:"Timestamp"`
}

type shardIteratorOutput struct {
	ShardIterator string `wire:"ShardIterator"`
}

func errTrimmed() error {
	return &apiError{Type: "TrimmedDataAccessException", Message: "The data you are trying to access has been trimmed"}
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
	it, err := c.iteratorStart(s, h, in)
	if err != nil {
		return nil, err
	}
	it.Stream, it.Shard, it.Issued = s.arn(), h.id, c.now.Unix()
	text, err := it.encode()
	return &shardIteratorOutput{text}, err
}

func (s *stream) findShard(id string, now time.Time) (shard, error) {
	for _, h := range s.shards(now) {
		if h.id == id {
			return h, nil
		}
	}
	return shard{}, &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Shard does not exist"}
}

// iteratorStart finds where an iterator begins. What it says of numbers is the service's (source of nubo-db/dynoxide 3.2).
func (c *call) iteratorStart(s *stream, h shard, in *shardIteratorInput) (iterator, error) {
	bySequence := strings.HasSuffix(in.ShardIteratorType, "_SEQUENCE_NUMBER")
	switch {
	case bySequence && in.SequenceNumber == "":
		return iterator{}, invalidParameter("SequenceNumber cannot be null")
	case !bySequence && in.SequenceNumber != "":
		return iterator{}, invalidParameter("SequenceNumber should not be passed for this iterator type")
	case (in.ShardIteratorType == "AT_TIMESTAMP") != (in.Timestamp != nil):
		return iterator{}, invalidParameter("Timestamp must be passed for the iterator type AT_TIMESTAMP and for no other")
	}
	horizon := max(h.first, numberAt(c.now.Add(-streamRetention)))
	switch in.ShardIteratorType {
	case "TRIM_HORIZON":
		return iterator{Next: horizon, Horizon: true}, nil
	case "LATEST":
		return iterator{Next: max(h.first, c.e.tend.clock.latest()+1)}, nil
	case "AT_TIMESTAMP":
		if in.Timestamp.After(c.now) {
			return iterator{}, invalidParameter("Timestamp must not be in the future")
		}
		at := numberAt(*in.Timestamp)
		return iterator{Next: max(at, horizon), Horizon: at <= horizon}, nil
	}
	seq, ok := parseSequence(in.SequenceNumber)
	if !ok || seq < h.first || seq > h.last {
		return iterator{}, validation("Invalid SequenceNumber for the shard")
	}
	trimmed, err := c.e.trimmedTo(s.table.ID)
	if err != nil {
		return iterator{}, err
	}
	if seq < max(trimmed, numberAt(c.now.Add(-streamRetention))) {
		return iterator{}, errTrimmed()
	}
	if in.ShardIteratorType == "AFTER_SEQUENCE_NUMBER" {
		seq++
	}
	return iterator{Next: seq}, nil
}
