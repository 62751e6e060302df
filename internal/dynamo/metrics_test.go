package dynamo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/op"
)

// cloudWatch answers GetMetricData as CloudWatch does, in two pages and in another order than it was asked, and notes what it was asked.
type cloudWatch struct{ asked []cbor.Map }

func (s *cloudWatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	in, err := cbor.Decode(body)
	asked, ok := in.(cbor.Map)
	if err != nil || !ok || !strings.HasSuffix(r.URL.Path, "/operation/GetMetricData") {
		http.Error(w, "not GetMetricData", http.StatusBadRequest)
		return
	}
	s.asked = append(s.asked, asked)
	result := func(id string, sums ...float64) cbor.Map {
		var values cbor.List
		for _, x := range sums {
			values = append(values, cbor.Float64(x))
		}
		return cbor.Map{"Id": cbor.String(id), "Values": values, "StatusCode": cbor.String("Complete")}
	}
	out := cbor.Map{"MetricDataResults": cbor.List{result("m1", 3, 4), result("m0", 1)}, "NextToken": cbor.String("more")}
	if asked["NextToken"] != nil {
		out = cbor.Map{"MetricDataResults": cbor.List{result("m0", 2)}}
	}
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.Header().Set("Content-Type", "application/cbor")
	_, _ = w.Write(cbor.Encode(out))
}

// TestHourlySumsComePageByPage asks for sums through the SDK's own client: each metric gets its own, page by page, and one that never had a value none.
func TestHourlySumsComePageByPage(t *testing.T) {
	isolate(t)
	server := &cloudWatch{}
	srv := httptest.NewServer(server)
	defer srv.Close()
	c, err := New(t.Context(), Config{Endpoint: srv.URL, Region: "eu-west-1", MaxAttempts: 1}).Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	got, err := c.Metrics.Hourly(t.Context(), []op.Metric{
		{Name: "ConsumedReadCapacityUnits", Table: "Orders"}, {Name: "ReadThrottleEvents", Table: "Orders", Index: "ByStatus"}, {Name: "WriteThrottleEvents", Table: "Orders"},
	}, from, from.Add(time.Hour))
	if diff := cmp.Diff([][]float64{{1, 2}, {3, 4}, nil}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if len(server.asked) != 2 {
		t.Fatalf("%d requests", len(server.asked))
	}
	queries, _ := server.asked[0]["MetricDataQueries"].(cbor.List)
	if len(queries) != 3 {
		t.Fatalf("asked %v", server.asked[0])
	}
	dimension := func(name, value string) cbor.Map {
		return cbor.Map{"Name": cbor.String(name), "Value": cbor.String(value)}
	}
	want := cbor.Map{"Id": cbor.String("m1"), "MetricStat": cbor.Map{
		"Metric": cbor.Map{
			"Namespace": cbor.String("AWS/DynamoDB"), "MetricName": cbor.String("ReadThrottleEvents"),
			"Dimensions": cbor.List{dimension("TableName", "Orders"), dimension("GlobalSecondaryIndexName", "ByStatus")},
		},
		"Period": cbor.Uint(3600), "Stat": cbor.String("Sum"),
	}}
	if diff := cmp.Diff(want, queries[1]); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if begin, err := cbor.AsTime(server.asked[0]["StartTime"]); err != nil || !begin.Equal(from) {
		t.Errorf("from %v, %v", begin, err)
	}
	srv.Close()
	if _, err := c.Metrics.Hourly(t.Context(), []op.Metric{{Name: "x", Table: "y"}}, from, from.Add(time.Hour)); err == nil {
		t.Error("a server that is gone gave sums")
	}
}
