package cmd

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// watched stands for CloudWatch, which the embedded engine answers for its rules alone: sums by metric and index.
type watched map[string][]float64

func (w watched) Hourly(_ context.Context, of []op.Metric, from, to time.Time) ([][]float64, error) {
	if w == nil {
		return nil, errors.New("AccessDenied: not yours\nand more")
	}
	if to.Sub(from) < metricDays*24*time.Hour {
		return nil, errors.New("too short a time")
	}
	out := make([][]float64, len(of))
	for i, m := range of {
		out[i] = w[m.Index+" "+m.Name]
	}
	return out, nil
}

func (watched) Busiest(context.Context, string, time.Time, time.Time, int) (op.Report, error) {
	return op.Report{}, nil
}

// What CloudWatch counted becomes findings, and what it refuses is told as unknown.
func TestDoctorReadsMetrics(t *testing.T) {
	old, young := time.Now().AddDate(-1, 0, 0), time.Now().AddDate(0, 0, -1)
	// A million reads an hour, all day: provisioned is cheaper. In one hour of fourteen days: on demand is.
	steady, once := slices.Repeat([]float64{1e6}, 14*24), []float64{1e6}
	for name, c := range map[string]struct {
		sums    watched
		billing string
		made    time.Time
		units   int64
		want    []string
	}{
		"quiet":            {watched{" ConsumedReadCapacityUnits": {5}, "ByA ConsumedReadCapacityUnits": {1}}, tablefile.OnDemand, old, 0, nil},
		"unread":           {watched{" ConsumedReadCapacityUnits": {5}}, tablefile.OnDemand, old, 0, []string{"unread-index nobody has read the index ByA"}},
		"unread and young": {watched{}, tablefile.OnDemand, young, 0, nil},
		"throttled": {
			watched{"ByA WriteThrottleEvents": {2, 3}, " ReadThrottleEvents": {1}, "ByA ConsumedReadCapacityUnits": {1}},
			tablefile.OnDemand, young, 0,
			[]string{"throttled 1 requests to the table were throttled in 14 days: 1 reads, 0 writes", "throttled 5 requests to the index ByA"},
		},
		"steady": {
			watched{" ConsumedReadCapacityUnits": steady, "ByA ConsumedReadCapacityUnits": {1}},
			tablefile.OnDemand, old, 0,
			[]string{"billing-mode at the load of 14 days on demand costs about $91.25 a month, and provisioned for the busiest hour about $37.77"},
		},
		"seldom, on demand": {watched{" ConsumedReadCapacityUnits": once, "ByA ConsumedReadCapacityUnits": {1}}, tablefile.OnDemand, old, 0, nil},
		"seldom, provisioned": {
			watched{" ConsumedReadCapacityUnits": once, "ByA ConsumedReadCapacityUnits": {1}},
			tablefile.Provisioned, old, 400,
			[]string{"billing-mode what is provisioned costs about $227.76 a month, and on demand what was used in 14 days about $0.27"},
		},
		"steady, provisioned": {watched{" ConsumedReadCapacityUnits": steady, "ByA ConsumedReadCapacityUnits": {1}}, tablefile.Provisioned, old, 100, nil},
		"denied":              {nil, tablefile.OnDemand, old, 0, nil},
	} {
		l := &liveTable{model: &tablefile.Table{Name: "T", Billing: c.billing, Insights: tablefile.Off}, desc: &types.TableDescription{
			CreationDateTime: &c.made, ProvisionedThroughput: &types.ProvisionedThroughputDescription{ReadCapacityUnits: &c.units, WriteCapacityUnits: &c.units},
			GlobalSecondaryIndexes: []types.GlobalSecondaryIndexDescription{{IndexName: aws.String("ByA"), IndexStatus: types.IndexStatusActive}},
		}}
		env := &op.Env{Clients: func(context.Context, string) (*op.Clients, error) { return &op.Clients{Metrics: c.sums}, nil }}
		d := &doctor{}
		var got []string
		d.metrics(t.Context(), env, l, func(check string) func(string, string, string) {
			return func(_, message, _ string) { got = append(got, check+" "+message) }
		})
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if unknown := strings.Join(d.report.Unknown, "\n"); (unknown != "") != (c.sums == nil) || c.sums == nil && !strings.Contains(unknown, "throttled requests of tables and indexes: CloudWatch does not answer: AccessDenied: not yours") {
			t.Errorf("%s: unknown is %q", name, unknown)
		}
	}
}
