package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// reopened opens a store again and again: with a Close that waits for no work, then with one that does.
type reopened struct {
	t       *testing.T
	options engine.Options
}

func (r *reopened) run(cut bool, use func(*dynamodb.Client)) {
	r.t.Helper()
	o := r.options
	if cut { // the realistic life cycle answers before the work is done
		o.Lifecycle, o.Grace = "realistic", time.Nanosecond
	}
	e, err := engine.Open(o)
	if err != nil {
		r.t.Fatal(err)
	}
	use(clientOf(e))
	if err := e.Close(); err != nil {
		r.t.Fatal(err)
	}
}

// TestFilteredExportGoesOnInTheNextProcess cuts an incremental export with a filter short, which must be what it was
// asked for in the next process too.
func TestFilteredExportGoesOnInTheNextProcess(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	root := t.TempDir()
	store := reopened{t, engine.Options{Dir: t.TempDir(), S3Root: root, Clock: clock.Now}}
	var in *dynamodb.ExportTableToPointInTimeInput
	store.run(false, func(c *dynamodb.Client) { in = incremental(changedTable(t, c, clock)) })
	in.FilterSpecification = &types.FilterSpecification{
		FilterExpression: aws.String("#v = :v"), ExpressionAttributeNames: map[string]string{"#v": "v"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":v": &types.AttributeValueMemberS{Value: "two"}},
	}
	var arn *string
	store.run(true, func(c *dynamodb.Client) {
		out, err := c.ExportTableToPointInTime(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		arn = out.ExportDescription.ExportArn
	})
	store.run(false, func(c *dynamodb.Client) {
		var d *types.ExportDescription
		eventually(t, "export", func() bool {
			out, err := c.DescribeExport(t.Context(), &dynamodb.DescribeExportInput{ExportArn: arn})
			if err != nil {
				t.Fatal(err)
			}
			d = out.ExportDescription
			return d.ExportStatus != "IN_PROGRESS"
		})
		lines, _ := exportLines(t, root, d)
		if len(lines) != 1 || !strings.Contains(lines[0], `"Keys":{"pk":{"S":"again"}}`) || *d.FilterSpecification.FilterExpression != "#v = :v" {
			t.Errorf("lines %q of %+v", lines, d)
		}
	})
}

func TestBulkOperationCutShortHasFailed(t *testing.T) {
	root := t.TempDir()
	store := reopened{t, engine.Options{Dir: t.TempDir(), S3Root: root}}
	store.run(false, func(c *dynamodb.Client) { simpleTable(t, c, "Music") })
	var lines strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&lines, `{"Item":{"pk":{"S":"p%d"}}}`+"\n", i)
	}
	object(t, root, "in/a.json", lines.String())
	var arns []string
	store.run(true, func(c *dynamodb.Client) {
		in := bulkPut("Music", "in/")
		in.MaxWriteRequestUnits = aws.Int64(1024) // ten seconds of work
		out, err := c.StartBulkPutItems(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		arns = append(arns, *out.BulkOperationDescription.BulkOperationArn)
	})
	store.run(false, func(c *dynamodb.Client) {
		d := bulkEnd(t, c, arns[0])
		if d.BulkOperationStatus != "FAILED" || *d.FailureCode != "Interrupted" {
			t.Errorf("after the end of its process: %+v", d)
		}
	})
}
