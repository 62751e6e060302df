package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// streamLabelLayout is the form of a stream's label: the time it began.
const streamLabelLayout = "2006-01-02T15:04:05.000"

// setStream turns a table's stream on or off. latest is the last number given to a change record: the log may hold
// records up to it that are not of this stream.
func setStream(t *catalog.Table, in *streamSpecification, now time.Time, latest uint64) error {
	on, fresh := *in.StreamEnabled, t.ID == 0
	switch {
	case fresh && on && in.StreamViewType == "":
		return invalidParameter("Table is being created with a stream enabled, UpdateViewType is required")
	case fresh && !on && in.StreamViewType != "":
		return invalidParameter("Table is being created with a stream disabled, UpdateViewType should not be specified")
	case on && in.StreamViewType == "":
		return invalidParameter("If stream is being enabled then UpdateViewType is required")
	case !on && in.StreamViewType != "":
		return invalidParameter("If stream is being disabled, then UpdateViewType must not be specified")
	case on && t.Stream.Enabled:
		return validation("Table already has an enabled stream: TableName: " + t.Name)
	case fresh && !on:
	case !on && !t.Stream.Enabled:
		return validation("Table has no stream to disable: TableName: " + t.Name)
	case !on:
		t.Stream.Enabled, t.Stream.Closed = false, now.UTC()
	default:
		if t.Stream.Label != "" {
			t.PastStreams = append(t.PastStreams, t.Stream)
		}
		t.Stream = catalog.Stream{Enabled: true, View: in.StreamViewType, Label: streamLabel(t.PastStreams, now)}
		if !fresh {
			t.Stream.From = latest + 1
		}
	}
	return nil
}

// streamLabel makes the label of a stream that begins now: no other stream of the table has it.
func streamLabel(past []catalog.Stream, now time.Time) string {
	label := now.UTC().Format(streamLabelLayout)
	if n := len(past); n > 0 && past[n-1].Label >= label {
		if last, err := time.Parse(streamLabelLayout, past[n-1].Label); err == nil {
			label = last.Add(time.Millisecond).Format(streamLabelLayout)
		}
	}
	return label
}

// streamChanged waits until no write acts on the old setting. Then the last record of a stream that was disabled is known.
func (e *Engine) streamChanged(r catalog.Ref) error {
	e.latches.barrier()
	e.startTending()
	t := e.catalog.Table(r)
	if t == nil || t.Stream.Enabled || t.Stream.To != 0 {
		return nil
	}
	_, err := e.catalog.Update(r, func(now *catalog.Table) error {
		if now.ID == t.ID && now.Stream.Label == t.Stream.Label && !now.Stream.Enabled {
			now.Stream.To = e.tend.clock.latest()
		}
		return nil
	})
	return err
}

// lastOf is what stays of a table when it is deleted while somebody may still read its streams; nil when nobody can.
// They can be read for a day (developer guide, "Change data capture for DynamoDB Streams").
func (e *Engine) lastOf(r catalog.Ref) *catalog.Table {
	t, now := e.catalog.Table(r), e.opts.Clock()
	if t == nil || len(readableStreams(t, now)) == 0 {
		return nil
	}
	t = t.Clone()
	t.Indexes, t.Logged, t.Extensions = nil, false, catalog.Extensions{PastStreams: t.PastStreams}
	if t.Stream.Enabled {
		t.Stream.Enabled, t.Stream.Closed = false, now.UTC()
	}
	return t
}

// streamsEnd notes the last record of a table that has been dropped, once its last write has ended.
func (e *Engine) streamsEnd(dropped *catalog.Table) error {
	for _, t := range e.catalog.Gone() {
		if t.ID == dropped.ID && t.Stream.To == 0 {
			t = t.Clone()
			t.Stream.To = e.tend.clock.latest()
			e.startTending()
			return e.catalog.UpdateGone(t)
		}
	}
	return nil
}

// tendGone forgets deleted tables whose streams nobody can read any more.
func (e *Engine) tendGone(now time.Time) error {
	for _, t := range e.catalog.Gone() {
		if len(readableStreams(t, now)) > 0 {
			continue
		}
		if err := e.catalog.Forget(t.ID); err != nil {
			return err
		}
	}
	return nil
}
