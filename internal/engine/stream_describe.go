package engine

import (
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// streamActions are the operations of DynamoDB Streams.
var streamActions = map[string]action{
	"ListStreams":      handle(listStreams),
	"DescribeStream":   handle(describeStream),
	"GetShardIterator": handle(getShardIterator),
	"GetRecords":       handle(getRecords),
}

// maxStreamPage is the most streams or shards one answer lists.
const maxStreamPage = 100

type listStreamsInput struct {
	TableName               string `wire:"TableName,min=1,max=1024,table"`
	Limit                   *int64 `wire:"Limit,min=1"`
	ExclusiveStartStreamArn string `wire:"ExclusiveStartStreamArn,min=37,max=1024"`
}

type streamShape struct {
	StreamArn   string `wire:"StreamArn"`
	TableName   string `wire:"TableName"`
	StreamLabel string `wire:"StreamLabel"`
}

type listStreamsOutput struct {
	Streams                []streamShape `wire:"Streams,keep"`
	LastEvaluatedStreamArn string        `wire:"LastEvaluatedStreamArn"`
}

// listStreams lists the streams of a region by the names of their tables, of one table the oldest first.
func listStreams(c *call, in *listStreamsInput) (*listStreamsOutput, error) {
	name, err := c.tableName(in.TableName)
	if err != nil {
		return nil, err
	}
	limit := streamLimit(in.Limit)
	out := &listStreamsOutput{Streams: []streamShape{}}
	found := in.ExclusiveStartStreamArn == ""
	for _, t := range c.e.catalog.Tables(c.namespace, c.region) {
		if name != "" && t.Name != name {
			continue
		}
		for _, s := range readableStreams(t, c.now) {
			if !found {
				found = s.arn() == in.ExclusiveStartStreamArn
				continue
			}
			if len(out.Streams) == limit {
				out.LastEvaluatedStreamArn = out.Streams[limit-1].StreamArn
				return out, nil
			}
			out.Streams = append(out.Streams, streamShape{s.arn(), t.Name, s.Label})
		}
	}
	return out, nil
}

func streamLimit(asked *int64) int {
	if asked == nil || *asked > maxStreamPage {
		return maxStreamPage
	}
	return int(*asked)
}

// findStream finds a stream by its ARN.
func (c *call) findStream(arn string) (*stream, error) {
	p, ok := parseARN(arn)
	label, isStream := strings.CutPrefix(p.rest, "stream/")
	if !ok || !isStream {
		return nil, validation("Invalid StreamArn: Invalid ResourceArn provided as input " + arn)
	}
	if p.region == c.region {
		if t := c.e.catalog.Table(c.ref(p.table)); t != nil && t.Status != catalog.Deleting {
			for _, s := range readableStreams(t, c.now) {
				if s.Label == label {
					return s, nil
				}
			}
		}
	}
	return nil, &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Stream: " + arn + " not found"}
}

type shardFilter struct {
	Type    string `wire:"Type,enum=CHILD_SHARDS"`
	ShardID string `wire:"ShardId,min=28,max=65"`
}

type describeStreamInput struct {
	StreamArn             string       `wire:"StreamArn,required,min=37,max=1024"`
	Limit                 *int64       `wire:"Limit,min=1"`
	ExclusiveStartShardID string       `wire:"ExclusiveStartShardId,min=28,max=65"`
	ShardFilter           *shardFilter `wire:"ShardFilter"`
}

type sequenceRange struct {
	StartingSequenceNumber string `wire:"StartingSequenceNumber"`
	EndingSequenceNumber   string `wire:"EndingSequenceNumber"`
}

type shardShape struct {
	ShardID             string         `wire:"ShardId"`
	SequenceNumberRange *sequenceRange `wire:"SequenceNumberRange"`
	ParentShardID       string         `wire:"ParentShardId"`
}

type streamDescription struct {
	StreamArn               string             `wire:"StreamArn"`
	StreamLabel             string             `wire:"StreamLabel"`
	StreamStatus            string             `wire:"StreamStatus"`
	StreamViewType          string             `wire:"StreamViewType"`
	CreationRequestDateTime time.Time          `wire:"CreationRequestDateTime"`
	TableName               string             `wire:"TableName"`
	KeySchema               []keySchemaElement `wire:"KeySchema"`
	Shards                  []shardShape       `wire:"Shards,keep"`
	LastEvaluatedShardID    string             `wire:"LastEvaluatedShardId"`
}

type describeStreamOutput struct {
	StreamDescription *streamDescription `wire:"StreamDescription"`
}

func describeStream(c *call, in *describeStreamInput) (*describeStreamOutput, error) {
	s, err := c.findStream(in.StreamArn)
	if err != nil {
		return nil, err
	}
	d := &streamDescription{
		StreamArn: s.arn(), StreamLabel: s.Label, StreamStatus: "ENABLED", StreamViewType: s.View, CreationRequestDateTime: s.began,
		TableName: s.table.Name, KeySchema: schemaElements(s.table.Key), Shards: []shardShape{},
	}
	if !s.Enabled {
		d.StreamStatus = "DISABLED"
	}
	limit := streamLimit(in.Limit)
	found := in.ExclusiveStartShardID == ""
	for _, h := range s.shards(c.now) {
		if !found {
			found = h.id == in.ExclusiveStartShardID
			continue
		}
		if f := in.ShardFilter; f != nil && f.ShardID != "" && s.parentOf(h) != f.ShardID {
			continue
		}
		if len(d.Shards) == limit {
			d.LastEvaluatedShardID = d.Shards[limit-1].ShardID
			break
		}
		r := &sequenceRange{StartingSequenceNumber: sequenceNumber(h.first)}
		if !h.open {
			r.EndingSequenceNumber = sequenceNumber(h.last)
		}
		d.Shards = append(d.Shards, shardShape{h.id, r, s.parentOf(h)})
	}
	return &describeStreamOutput{d}, nil
}
