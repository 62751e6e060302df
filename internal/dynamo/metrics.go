package dynamo

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// metrics reads CloudWatch for op.MetricsAPI. The client is made when it is asked for: hardly any command does.
type metrics struct{ client func() *cloudwatch.Client }

// reportMinute is the period of a report: the time a rule counts by (API reference, GetInsightRuleReport).
const reportMinute = 60

// Hourly adds up by the hour; a metric that never had a value gives none.
func (m metrics) Hourly(ctx context.Context, of []op.Metric, from, to time.Time) ([][]float64, error) {
	queries := make([]types.MetricDataQuery, len(of))
	for i, x := range of {
		dimensions := []types.Dimension{{Name: aws.String("TableName"), Value: &x.Table}}
		if x.Index != "" {
			dimensions = append(dimensions, types.Dimension{Name: aws.String("GlobalSecondaryIndexName"), Value: &x.Index})
		}
		queries[i] = types.MetricDataQuery{
			Id: aws.String("m" + strconv.Itoa(i)),
			MetricStat: &types.MetricStat{
				Metric: &types.Metric{Namespace: aws.String("AWS/DynamoDB"), MetricName: &x.Name, Dimensions: dimensions},
				Period: aws.Int32(3600), Stat: aws.String("Sum"),
			},
		}
	}
	out := make([][]float64, len(of))
	pages := cloudwatch.NewGetMetricDataPaginator(m.client(), &cloudwatch.GetMetricDataInput{MetricDataQueries: queries, StartTime: &from, EndTime: &to})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.MetricDataResults {
			i, err := strconv.Atoi(aws.ToString(r.Id)[1:])
			if err != nil || i >= len(out) {
				return nil, errors.New("CloudWatch answers a question that was not asked: " + aws.ToString(r.Id))
			}
			out[i] = append(out[i], r.Values...)
		}
	}
	return out, nil
}

// Busiest names the keys that a rule of Contributor Insights counted most.
func (m metrics) Busiest(ctx context.Context, rule string, from, to time.Time, most int) (op.Report, error) {
	out, err := m.client().GetInsightRuleReport(ctx, &cloudwatch.GetInsightRuleReportInput{
		RuleName: &rule, StartTime: &from, EndTime: &to, Period: aws.Int32(reportMinute), MaxContributorCount: aws.Int32(int32(most)), OrderBy: aws.String("Sum"),
	})
	if err != nil {
		return op.Report{}, err
	}
	r := op.Report{Sum: aws.ToFloat64(out.AggregateValue), Keys: aws.ToInt64(out.ApproximateUniqueCount)}
	for _, c := range out.Contributors {
		r.Busiest = append(r.Busiest, op.BusyKey{Key: c.Keys, Count: aws.ToFloat64(c.ApproximateAggregateValue)})
	}
	return r, nil
}
