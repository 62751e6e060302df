package cmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/insights"
	"github.com/ddb-cli/ddb/internal/ops/overview"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// metricDays is how far back CloudWatch is asked for its sums by the hour. They are there for longer; two weeks tell a weekly load from a
// steady one.
const metricDays = 14

// fewAccesses is how many a report must count before a busy key means anything, and fewKeys of how many keys.
const (
	fewAccesses = 100
	fewKeys     = 5
)

// metricChecks are the checks that ask CloudWatch, with what is not known where it does not answer.
var metricChecks = []struct{ name, unknown string }{
	{"throttled", "throttled requests of tables and indexes"},
	{"unread-index", "whether an index is read at all"},
	{"billing-mode", "whether on-demand or provisioned is cheaper"},
}

const unknownKeys = "the busiest keys"

// seen are the sums of a table or a global index by the hour.
type seen struct{ reads, writes, readThrottles, writeThrottles []float64 }

// metrics asks CloudWatch what it knows about the table, where any check needs it. What it does not answer is told as unknown.
func (d *doctor) metrics(ctx context.Context, env *op.Env, l *liveTable, tellAs func(check string) func(severity, message, fix string)) {
	clients, err := env.Clients(ctx, "")
	if err != nil || clients.Metrics == nil {
		return
	}
	wanted := func(check string) bool { return !slices.Contains(d.skip, check) }
	if slices.ContainsFunc(metricChecks, func(c struct{ name, unknown string }) bool { return wanted(c.name) }) {
		if err := d.load(ctx, clients, l, wanted, tellAs); err != nil {
			for _, c := range metricChecks {
				if wanted(c.name) {
					d.unknown(c.unknown + ": " + whyUnknown(clients, err))
				}
			}
		}
	}
	if wanted("hot-partition") {
		if err := d.busy(ctx, env, l, tellAs("hot-partition")); err != nil {
			d.unknown(unknownKeys + ": " + whyUnknown(clients, err))
		}
	}
}

// whyUnknown is why CloudWatch did not answer.
func whyUnknown(clients *op.Clients, err error) string {
	if clients.Embedded {
		return "the embedded engine keeps no metrics of CloudWatch"
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return "CloudWatch does not answer: " + text
}

// load tells of throttled requests, of indexes that nobody reads, and of the billing mode.
func (d *doctor) load(ctx context.Context, clients *op.Clients, l *liveTable, wanted func(string) bool, tellAs func(string) func(string, string, string)) error {
	names := []string{""}
	for _, x := range l.desc.GlobalSecondaryIndexes {
		names = append(names, aws.ToString(x.IndexName))
	}
	var of []op.Metric
	for _, index := range names {
		for _, m := range []string{"ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"} {
			of = append(of, op.Metric{Name: m, Table: l.model.Name, Index: index})
		}
	}
	now := time.Now().Truncate(time.Hour)
	sums, err := clients.Metrics.Hourly(ctx, of, now.AddDate(0, 0, -metricDays), now.Add(time.Hour))
	if err != nil {
		return err
	}
	all := make([]seen, len(names))
	for i := range all {
		all[i] = seen{sums[4*i], sums[4*i+1], sums[4*i+2], sums[4*i+3]}
	}
	for i, index := range names {
		what := "the table"
		if index != "" {
			what = "the index " + index
		}
		if n := total(all[i].readThrottles) + total(all[i].writeThrottles); n > 0 && wanted("throttled") {
			tellAs("throttled")("medium", fmt.Sprintf("%.0f requests to %s were throttled in %d days: %.0f reads, %.0f writes", n, what, metricDays, total(all[i].readThrottles), total(all[i].writeThrottles)), "")
		}
		if index != "" && wanted("unread-index") && l.olderThan(metricDays) && l.desc.GlobalSecondaryIndexes[i-1].IndexStatus == types.IndexStatusActive && total(all[i].reads) == 0 {
			tellAs("unread-index")("low", fmt.Sprintf("nobody has read %s in %d days, and each write pays for it", what, metricDays), "ddb index delete "+l.model.Name+" "+index)
		}
	}
	if wanted("billing-mode") {
		l.billing(all, tellAs("billing-mode"))
	}
	return nil
}

// olderThan reports whether the table has been there for so many days, so that what was not done in them means something. When an
// index was made is not told.
func (l *liveTable) olderThan(days int) bool {
	return l.desc.CreationDateTime != nil && time.Since(*l.desc.CreationDateTime) > time.Duration(days)*24*time.Hour
}

// billing compares what was consumed with what the other mode would have cost.
func (l *liveTable) billing(all []seen, tell func(string, string, string)) {
	const cheaper = 0.8 // of the present mode's cost: less is not worth a change
	if !l.olderThan(metricDays) {
		return
	}
	var onDemand, busiest float64
	for _, s := range all {
		onDemand += overview.OnDemandMonth(total(s.reads), total(s.writes), metricDays)
		// What provisioned must carry is the busiest hour, at 70 % of what is provided.
		busiest += overview.ProvisionedMonth(math.Ceil(most(s.reads)/3600/0.7), math.Ceil(most(s.writes)/3600/0.7))
	}
	switch l.model.Billing {
	case tablefile.OnDemand:
		if busiest > 0 && busiest < onDemand*cheaper {
			tell("info", fmt.Sprintf("at the load of %d days on demand costs about $%.2f a month, and provisioned for the busiest hour about $%.2f (us-east-1)", metricDays, onDemand, busiest), "")
		}
	case tablefile.Provisioned:
		provisioned := 0.0
		for _, p := range provided(l.desc) {
			provisioned += overview.ProvisionedMonth(float64(aws.ToInt64(p.ReadCapacityUnits)), float64(aws.ToInt64(p.WriteCapacityUnits)))
		}
		if onDemand < provisioned*cheaper {
			tell("info", fmt.Sprintf("what is provisioned costs about $%.2f a month, and on demand what was used in %d days about $%.2f (us-east-1)", provisioned, metricDays, onDemand), "ddb table update "+l.model.Name+" --on-demand")
		}
	}
}

func provided(t *types.TableDescription) []*types.ProvisionedThroughputDescription {
	list := []*types.ProvisionedThroughputDescription{t.ProvisionedThroughput}
	for _, x := range t.GlobalSecondaryIndexes {
		list = append(list, x.ProvisionedThroughput)
	}
	return slices.DeleteFunc(list, func(p *types.ProvisionedThroughputDescription) bool { return p == nil })
}

func total(sums []float64) (n float64) {
	for _, x := range sums {
		n += x
	}
	return n
}

func most(sums []float64) float64 { return slices.Max(append(sums, 0)) }

// busy tells of partition keys that Contributor Insights counted most or saw throttled, where insights are on: those of the table first, and
// of its indexes in their order.
func (d *doctor) busy(ctx context.Context, env *op.Env, l *liveTable, tell func(string, string, string)) error {
	counts := func(insights string) bool { return insights != tablefile.Off && insights != "" }
	var indexes []string // "" is the table itself
	if counts(l.model.Insights) {
		indexes = append(indexes, "")
	}
	for _, x := range l.model.Indexes {
		if counts(x.Insights) {
			indexes = append(indexes, x.Name)
		}
	}
	for _, index := range indexes {
		r, err := insights.Report.Call(ctx, env, &insights.ReportInput{TableName: l.model.Name, IndexName: index})
		if e := (*op.Error)(nil); errors.As(err, &e) && e.Code == insights.CodeDisabled {
			continue // being turned on, or off since the table was described
		}
		if err != nil {
			return err
		}
		where := ""
		if index != "" {
			where = " of the index " + index
		}
		for _, c := range r.Contributors {
			if c.SortKey != "" {
				continue // an item: what a partition can serve is what matters
			}
			switch {
			case c.Counted == insights.Throttles && c.Count > 0:
				tell("medium", fmt.Sprintf("the partition key %s%s was throttled %.0f times in %d hours: spread it, such as by a suffix", c.PartitionKey, where, c.Count, insights.MaxHours), "")
			case c.Counted == insights.Accesses && c.Total >= fewAccesses && c.Keys >= fewKeys && c.Count > c.Total*hotShare:
				tell("medium", fmt.Sprintf("the partition key %s%s had %.0f%% of the accesses counted in %d hours, and one partition serves it: spread it, such as by a suffix", c.PartitionKey, where, c.Percent, insights.MaxHours), "")
			}
		}
	}
	return nil
}
