package insights

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// MaxHours is what a report spans at most, and unless fewer are asked for (API reference, GetInsightRuleReport).
const MaxHours = 24

// How many keys of each kind a report names at most, and unless told otherwise.
const (
	mostKeys    = 25
	defaultKeys = 10
)

// What a Contributor was counted for.
const (
	Accesses  = "accesses"
	Throttles = "throttles"
)

// CodeDisabled is the error of a table or index whose keys are not counted, or not yet.
const CodeDisabled = "InsightsDisabled"

// ReportInput names a table or one of its indexes, and how much of it is wanted.
type ReportInput struct {
	TableName string `json:"table_name" arg:"table"`
	IndexName string `json:"index_name,omitempty" flag:"index" help:"a global secondary index instead of the table"`
	Hours     *int32 `json:"hours,omitempty" flag:"hours" jsonschema:"how far back, 1 to 24 (24)" help:"how far back, 1 to 24; the default is 24"`
	Top       *int32 `json:"top,omitempty" flag:"top" jsonschema:"keys of each kind, 1 to 25 (10)" help:"how many keys of each kind, 1 to 25; the default is 10"`
	op.Region
}

// Validate refuses hours beyond MaxHours and more keys than a report can name.
func (in *ReportInput) Validate() error {
	if in.Hours != nil && (*in.Hours < 1 || *in.Hours > MaxHours) {
		return op.Invalid(fmt.Sprintf("hours: %d is not 1 to %d", *in.Hours, MaxHours), "CloudWatch reports on a day at most")
	}
	if in.Top != nil && (*in.Top < 1 || *in.Top > mostKeys) {
		return op.Invalid(fmt.Sprintf("top: %d is not 1 to %d", *in.Top, mostKeys), "a rule names so many keys at most")
	}
	return nil
}

// ReportOutput lists the keys, kind by kind, the busiest first.
type ReportOutput struct{ Contributors []Contributor }

// A Contributor is a key that was counted.
type Contributor struct {
	// Counted is Accesses, in units of throughput of which a write has three, or Throttles, in requests.
	Counted string
	// PartitionKey and SortKey are the key's values; the latter is there where items are counted and not partitions.
	PartitionKey, SortKey string
	Count                 float64
	// Total is what was counted of all keys, Percent this key's part of it, and Keys how many keys there were, about.
	Total, Percent float64
	Keys           int64
}

// Report shows the busiest keys of a table or index: the most accessed and throttled partitions and items, as Contributor Insights
// counted them.
var Report = op.New(op.Spec{
	Tool: "report_contributor_insights", Title: "Report contributor insights", Use: "insights report <table>",
	Short: "Show the busiest keys of a table or index",
	Long: "Show the keys of a table or index that were accessed and throttled most, partitions and items, as contributor insights counted them. They count while they are on: " +
		"ddb insights update TABLE --action ENABLE. Accesses are units of throughput, of which a write counts three; throttles are requests. The report is CloudWatch's, " +
		"which answers within minutes of the accesses; the embedded engine's counts are there at once, and begin anew when it starts.",
	Toolset: "insights", Actions: []string{"dynamodb:DescribeContributorInsights", "cloudwatch:GetInsightRuleReport"},
	Effect: op.Read, Idempotent: true,
}, report, op.Table(func(in *ReportInput) []string { return []string{in.TableName} }))

// kinds are the rules that DynamoDB makes, by what their names have in the place of a kind, in the order of the report.
var kinds = []struct{ mark, counted string }{{"-PKC-", Accesses}, {"-SKC-", Accesses}, {"-PKT-", Throttles}, {"-SKT-", Throttles}}

func report(ctx context.Context, env *op.Env, in *ReportInput) (*ReportOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	d, err := Describe.Call(ctx, env, &DescribeInput{TableName: in.TableName, IndexName: in.IndexName, Region: in.Region})
	if err != nil {
		return nil, err
	}
	if d.ContributorInsightsStatus != types.ContributorInsightsStatusEnabled || c.Metrics == nil {
		return nil, off(in, d.ContributorInsightsStatus)
	}
	hours, top := MaxHours, defaultKeys
	if in.Hours != nil {
		hours = int(*in.Hours)
	}
	if in.Top != nil {
		top = int(*in.Top)
	}
	out := &ReportOutput{Contributors: []Contributor{}}
	to := time.Now().Truncate(time.Minute).Add(time.Minute) // a report is of whole minutes
	for _, kind := range kinds {
		for _, rule := range d.ContributorInsightsRuleList {
			if !strings.Contains(rule, kind.mark) {
				continue
			}
			r, err := c.Metrics.Busiest(ctx, rule, to.Add(-time.Duration(hours)*time.Hour), to, top)
			if err != nil {
				return nil, err
			}
			for _, k := range r.Busiest {
				out.Contributors = append(out.Contributors, contributor(kind.counted, r, k))
			}
		}
	}
	return out, nil
}

func contributor(counted string, r op.Report, k op.BusyKey) Contributor {
	x := Contributor{Counted: counted, Count: k.Count, Total: r.Sum, Keys: r.Keys}
	if len(k.Key) > 0 {
		x.PartitionKey = k.Key[0]
	}
	if len(k.Key) > 1 {
		x.SortKey = strings.Join(k.Key[1:], ",")
	}
	if r.Sum > 0 {
		x.Percent = float64(int(1000*k.Count/r.Sum+0.5)) / 10
	}
	return x
}

func off(in *ReportInput, status types.ContributorInsightsStatus) error {
	what := fmt.Sprintf("table %q", op.TableName(in.TableName))
	flag := ""
	if in.IndexName != "" {
		what, flag = fmt.Sprintf("index %q of ", in.IndexName)+what, " --index "+in.IndexName
	}
	if status == types.ContributorInsightsStatusEnabling {
		return &op.Error{Code: CodeDisabled, Message: "contributor insights of the " + what + " are being turned on", Hint: "they count from then on"}
	}
	return &op.Error{
		Code: CodeDisabled, Message: "contributor insights of the " + what + " are off: no keys are counted",
		Hint: "turn them on, and they count from then on: update_contributor_insights (ddb insights update " + op.TableName(in.TableName) + flag + " --action ENABLE)",
	}
}
