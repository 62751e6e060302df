package engine

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// streamActions are the operations of DynamoDB Streams.
var streamActions = map[string]action{
	"ListStreams":      handle(listStreams),
	"DescribeStream":   handle(describeStream),
	"GetShardIterator": handle(getShardIterator),
	"GetRecords":       javaSets(handle(getRecords)),
}

// maxStreamPage is the most streams or shards one answer lists.
const maxStreamPage = 100

type listStreamsInput struct {
	TableName               string `wire:"TableName,table"`
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

// listStreams lists the streams of a region by the names of their tables, of one name the oldest first.
func listStreams(c *call, in *listStreamsInput) (*listStreamsOutput, error) {
	name, err := c.tableName(in.TableName)
	if err != nil {
		return nil, err
	}
	limit, err := streamLimit(in.Limit, "Limit cannot be greater than the maximum allowed size: 100")
	if err != nil {
		return nil, err
	}
	var after arnParts
	if in.ExclusiveStartStreamArn != "" {
		if after, err = parseStreamARN(in.ExclusiveStartStreamArn); err != nil {
			return nil, err
		}
	}
	out := &listStreamsOutput{Streams: []streamShape{}}
	for _, s := range c.streams() {
		if name != "" && s.table.Name != name {
			continue
		}
		// The stream a page ended with may be gone when the next one is asked for, so its place counts.
		if cmp.Or(strings.Compare(s.table.Name, after.table), strings.Compare(s.Label, after.rest)) <= 0 {
			continue
		}
		if len(out.Streams) == limit {
			out.LastEvaluatedStreamArn = out.Streams[limit-1].StreamArn
			break
		}
		out.Streams = append(out.Streams, streamShape{s.arn(), s.table.Name, s.Label})
	}
	return out, nil
}

// streamLimit is the number of entries a caller wants on a page; excess are the words for more than there can be.
func streamLimit(asked *int64, excess string) (int, error) {
	switch {
	case asked == nil:
		return maxStreamPage, nil
	case *asked > maxStreamPage:
		return 0, invalidParameter(excess)
	}
	return int(*asked), nil
}

// streams lists the readable streams of the call's region, those of deleted tables among them, by table and age.
func (c *call) streams() []*stream {
	var list []*stream
	for _, t := range c.e.catalog.Tables(c.namespace, c.region) {
		list = append(list, readableStreams(t, c.now)...)
	}
	for _, t := range c.e.catalog.Gone() {
		if t.Namespace == c.namespace && t.Region == c.region {
			list = append(list, readableStreams(t, c.now)...)
		}
	}
	slices.SortStableFunc(list, func(a, b *stream) int {
		return cmp.Or(strings.Compare(a.table.Name, b.table.Name), strings.Compare(a.Label, b.Label))
	})
	return list
}

// parseStreamARN takes the ARN of a stream apart: rest is its label.
func parseStreamARN(arn string) (arnParts, error) {
	p, ok := parseARN(arn)
	label, isStream := strings.CutPrefix(p.rest, "stream/")
	if !ok || !isStream {
		return p, validation("Invalid StreamArn: Invalid ResourceArn provided as input " + arn)
	}
	p.rest = label
	return p, nil
}

// findStream finds a stream by its ARN.
func (c *call) findStream(arn string) (*stream, error) {
	p, err := parseStreamARN(arn)
	if err != nil {
		return nil, err
	}
	switch {
	case !p.of(c.region):
	case c.foreign(p.account):
		return nil, c.errForeign(arn)
	default:
		if s := streamOf(c.e.catalog.Table(c.ref(p.table)), p.rest, c.now); s != nil {
			return s, nil
		}
		for _, t := range c.e.catalog.Gone() {
			if t.Ref != c.ref(p.table) {
				continue
			}
			if s := streamOf(t, p.rest, c.now); s != nil {
				return s, nil
			}
		}
	}
	return nil, &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Stream: " + arn + " not found"}
}

// streamOf finds a stream of a table, which may be nil, by its label.
func streamOf(t *catalog.Table, label string, now time.Time) *stream {
	if t == nil {
		return nil
	}
	for _, s := range readableStreams(t, now) {
		if s.Label == label {
			return s
		}
	}
	return nil
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
	limit, err := streamLimit(in.Limit, "Limit cannot be greater than the maximum: 100")
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
	for _, h := range s.shards(c.now) {
		if h.id <= in.ExclusiveStartShardID { // ids begin with the time, and the shard a page ended with may be trimmed
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
