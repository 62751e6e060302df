package cmd

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/render"
	"github.com/ddb-cli/ddb/internal/wire"
)

// expirer is who deletes expired items, as their records say (developer guide, "DynamoDB Streams and Time to Live").
const expirer = "dynamodb.amazonaws.com"

// A changePrinter shows change records: as rows by the output flags, or as differences for reading.
type changePrinter struct {
	app  *app
	p    *render.Printer
	rows render.ItemWriter
	diff bool
}

func (a *app) changePrinter(p *render.Printer, diff bool) *changePrinter {
	c := &changePrinter{app: a, p: p, diff: diff || p.Terminal() && a.flags.query == "" && a.flags.jq == "" && len(a.flags.columns) == 0}
	if !c.diff {
		c.rows = p.Items([]string{"time", "event"}, nil)
	}
	return c
}

func (c *changePrinter) record(shard string, r *streamtypes.Record) error {
	row := changeRow(shard, r)
	if !c.diff {
		return c.rows.Write(row)
	}
	_, err := fmt.Fprint(c.app.io.Out, c.differences(row))
	return err
}

// flush shows what was written so far: whoever reads along must not wait for a buffer to fill.
func (c *changePrinter) flush() error { return c.p.Flush() }

func (c *changePrinter) close() error {
	if c.rows != nil {
		if err := c.rows.Close(); err != nil {
			return err
		}
	}
	return c.p.Flush()
}

// changeRow is a record as an item: the form documented for scripts.
func changeRow(shard string, r *streamtypes.Record) attr.Item {
	row := attr.Item{}
	if r.Dynamodb != nil && r.Dynamodb.ApproximateCreationDateTime != nil {
		row.Set("time", attr.String(r.Dynamodb.ApproximateCreationDateTime.UTC().Format(time.RFC3339)))
	}
	row.Set("event", attr.String(string(r.EventName)))
	if r.UserIdentity != nil && aws.ToString(r.UserIdentity.PrincipalId) == expirer {
		row.Set("expired", attr.Boolean(true))
	}
	if d := r.Dynamodb; d != nil {
		for _, image := range []struct {
			name string
			of   map[string]streamtypes.AttributeValue
		}{{"key", d.Keys}, {"old", d.OldImage}, {"new", d.NewImage}} {
			if image.of != nil {
				row.Set(image.name, attr.Map(op.FromSDK(wire.FromStream(image.of))))
			}
		}
		row.Set("sequence", attr.String(aws.ToString(d.SequenceNumber)))
	}
	row.Set("shard", attr.String(shard))
	return row
}

// differences shows a change to a person: what it was about, then the attributes that came, went or differ.
func (c *changePrinter) differences(row attr.Item) string {
	var b strings.Builder
	text := func(name string) string { v, _ := row.Get(name); return v.Str }
	event, color := text("event"), map[string]string{"INSERT": "32", "MODIFY": "33", "REMOVE": "31"}
	key, _ := row.Get("key")
	fmt.Fprintf(&b, "%s %s", c.paint("2", text("time")), c.paint(color[event]+";1", event))
	for _, part := range key.Map {
		fmt.Fprintf(&b, " %s=%s", render.Visible(part.Name), shown(part.Value))
	}
	if v, ok := row.Get("expired"); ok && v.Bool {
		b.WriteString(c.paint("2", " (expired)"))
	}
	b.WriteByte('\n')
	older, hasOld := row.Get("old")
	newer, hasNew := row.Get("new")
	both := hasOld && hasNew
	for _, at := range older.Map {
		now, still := newer.Map.Get(at.Name)
		if _, isKey := key.Map.Get(at.Name); isKey || both && still && now.Equal(at.Value) {
			continue
		}
		b.WriteString(c.paint("31", "  - "+render.Visible(at.Name)+": "+shown(at.Value)) + "\n")
		if both && still {
			b.WriteString(c.paint("32", "  + "+render.Visible(at.Name)+": "+shown(now)) + "\n")
		}
	}
	for _, at := range newer.Map {
		_, before := older.Map.Get(at.Name)
		if _, isKey := key.Map.Get(at.Name); isKey || both && before {
			continue
		}
		b.WriteString(c.paint("32", "  + "+render.Visible(at.Name)+": "+shown(at.Value)) + "\n")
	}
	return b.String()
}

func shown(v attr.Value) string { return render.Visible(string(attr.AppendPlainValue(nil, v))) }

func (c *changePrinter) paint(sgr, text string) string {
	if !c.app.color(c.app.io.OutTerminal) {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}
