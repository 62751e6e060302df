package op

import (
	"context"
	"time"
)

// MetricsAPI is what CloudWatch knows about tables: its metrics, and what Contributor Insights counted.
type MetricsAPI interface {
	// Hourly gives the sums of each metric by the hour, in any order; none for one that never had a value.
	Hourly(ctx context.Context, of []Metric, from, to time.Time) ([][]float64, error)
	// Busiest gives what a rule of Contributor Insights counted in a time of at most a day, with at most so many keys (API reference,
	// GetInsightRuleReport).
	Busiest(ctx context.Context, rule string, from, to time.Time, most int) (Report, error)
}

// A Metric is one of namespace AWS/DynamoDB, of a table or of a global index.
type Metric struct{ Name, Table, Index string }

// A Report is how often each key was met, the busiest first.
type Report struct {
	Sum     float64 // of all keys
	Keys    int64   // how many there were, about
	Busiest []BusyKey
}

// A BusyKey is a key with how often it was met: the partition key, and the sort key where the rule counts items.
type BusyKey struct {
	Key   []string
	Count float64
}
