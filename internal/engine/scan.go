package engine

import (
	"bytes"
	"fmt"
	"math"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

type scanInput struct {
	newerProgram
	readInput
	Limit             *cut                       `wire:"Limit,min=1"`
	ScanFilter        map[string]filterCondition `wire:"ScanFilter"`
	ExclusiveStartKey attr.Item                  `wire:"ExclusiveStartKey,start"`
	TotalSegments     *cut                       `wire:"TotalSegments,min=1,max=1000000"`
	Segment           *cut                       `wire:"Segment,min=0,max=999999"`
}

func scan(c *call, in *scanInput, out []byte) ([]byte, error) {
	filter, projection, err := in.plan()
	if err != nil {
		return nil, err
	}
	p, err := c.openPage(&in.readInput, in.Limit, filter, projection)
	if err != nil {
		return nil, err
	}
	if err := p.selectFrom(&in.readInput); err != nil {
		return nil, err
	}
	p.span = storage.RowSpan(p.space().id)
	if in.Segment != nil {
		p.span = segment(p.space().id, uint64(*in.Segment), uint64(*in.TotalSegments))
	}
	if in.ExclusiveStartKey != nil {
		if err := p.checkTypes(in.ExclusiveStartKey); err != nil {
			return nil, err
		}
		if p.after, err = p.startRow(in.ExclusiveStartKey); err != nil {
			return nil, err
		}
		if bytes.Compare(p.after, p.span.Start) < 0 || bytes.Compare(p.after, p.span.End) >= 0 {
			return nil, validation(fmt.Sprintf("The provided starting key is invalid: Invalid ExclusiveStartKey. "+
				"Please use ExclusiveStartKey with correct Segment. TotalSegments: %d Segment: %d", *in.TotalSegments, *in.Segment))
		}
	}
	return p.answer(c, out, &in.readInput)
}

func (in *scanInput) parameters() error {
	if err := emptyAttribute(in.AttributesToGet); err != nil {
		return err
	}
	if err := in.together([]param{
		{"AttributesToGet", in.AttributesToGet != nil},
		{"ScanFilter", in.ScanFilter != nil},
		{"ConditionalOperator", in.ConditionalOperator != ""},
	}, []param{{projectionParameter, in.ProjectionExpression != nil}, {"FilterExpression", in.FilterExpression != nil}}); err != nil {
		return err
	}
	return joinable(in.ConditionalOperator, len(in.ScanFilter))
}

func (in *scanInput) plan() (filter *expression.Condition, projection *expression.Projection, err error) {
	if err := in.parameters(); err != nil {
		return nil, nil, err
	}
	x := in.context()
	if filter, projection, err = in.planRead(x); err != nil {
		return nil, nil, err
	}
	if in.FilterExpression == nil {
		if filter, err = expression.LegacyFilter("ScanFilter", filters(in.ScanFilter), in.ConditionalOperator); err != nil {
			return nil, nil, err
		}
	}
	if err := x.Finish(); err != nil {
		return nil, nil, err
	}
	if err := in.knownSelect(); err != nil {
		return nil, nil, err
	}
	if err := in.checkSelect(); err != nil {
		return nil, nil, err
	}
	return filter, projection, in.checkSegments()
}

func (in *scanInput) checkSegments() error {
	switch {
	case in.Segment != nil && in.TotalSegments == nil:
		return validation("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	case in.Segment == nil && in.TotalSegments != nil:
		return validation("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case in.Segment != nil && *in.Segment >= *in.TotalSegments:
		return validation(fmt.Sprintf("The Segment parameter is zero-based and must be less than parameter TotalSegments: "+
			"Segment: %d is not less than TotalSegments: %d", *in.Segment, *in.TotalSegments))
	}
	return nil
}

// segmentParts is how many parts the service divides the hashes of keys into; a segment is some of them, or none when there are more segments
// (mhart/dynalite, held against the service).
const segmentParts = 4096

// segment is the rows of one of total segments.
func segment(id storage.SpaceID, i, total uint64) storage.Span {
	const width = math.MaxUint64/segmentParts + 1
	first := func(i uint64) uint64 { return (segmentParts*i + total - 1) / total }
	from, end := first(i), first(i+1)
	if from == end {
		start := storage.RowSpan(id).Start
		return storage.Span{Start: start, End: start}
	}
	return storage.HashSpan(id, from*width, end*width-1)
}
