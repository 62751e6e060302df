package engine_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

func watchOf(e *engine.Engine) *cloudwatch.Client {
	return cloudwatch.New(cloudwatch.Options{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		HTTPClient: &http.Client{Transport: inProcess{e.Handler()}}, RetryMaxAttempts: 1,
	})
}

// watchedTable makes a table with keys pk and sk and an index over g, with insights on for both.
func watchedTable(t *testing.T, c *dynamodb.Client) {
	t.Helper()
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Watched"), BillingMode: types.BillingModePayPerRequest,
		KeySchema: schema("pk", "sk"), AttributeDefinitions: defs("pk", "S", "sk", "N", "g", "B"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("byG"), KeySchema: schema("g"), Projection: allOf()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, index := range []*string{nil, aws.String("byG")} {
		turnInsights(t, c, index, types.ContributorInsightsActionEnable)
	}
}

func turnInsights(t *testing.T, c *dynamodb.Client, index *string, action types.ContributorInsightsAction) {
	t.Helper()
	_, err := c.UpdateContributorInsights(t.Context(), &dynamodb.UpdateContributorInsightsInput{
		TableName: aws.String("Watched"), IndexName: index, ContributorInsightsAction: action,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// insightReport asks for the report of a table's or index's rule of a kind.
func insightReport(t *testing.T, c *dynamodb.Client, w *cloudwatch.Client, index *string, kind string) *cloudwatch.GetInsightRuleReportOutput {
	t.Helper()
	d, err := c.DescribeContributorInsights(t.Context(), &dynamodb.DescribeContributorInsightsInput{TableName: aws.String("Watched"), IndexName: index})
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range d.ContributorInsightsRuleList {
		if !strings.HasPrefix(rule, "DynamoDBContributorInsights-"+kind+"-") {
			continue
		}
		out, err := w.GetInsightRuleReport(t.Context(), &cloudwatch.GetInsightRuleReportInput{
			RuleName: &rule, StartTime: aws.Time(time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)), EndTime: aws.Time(time.Date(2026, 3, 1, 14, 0, 0, 0, time.UTC)),
			Period: aws.Int32(60), Metrics: []string{"UniqueContributors", "MaxContributorValue", "SampleCount", "Sum"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	t.Fatalf("no rule %s in %v", kind, d.ContributorInsightsRuleList)
	return nil
}

// busy prints the contributors of a report.
func busy(r *cloudwatch.GetInsightRuleReportOutput) string {
	var b strings.Builder
	for _, c := range r.Contributors {
		fmt.Fprintf(&b, "%s %v×%d; ", strings.Join(c.Keys, "/"), aws.ToFloat64(c.ApproximateAggregateValue), len(c.Datapoints))
	}
	return b.String()
}

// TestInsightsCountKeys counts what the developer guide says: units read, three times the units written, one event for a
// Query, every item of a Scan, nothing of PartiQL, and indexes for themselves.
func TestInsightsCountKeys(t *testing.T) {
	clock := &stopped{}
	clock.at.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	e, c := open(t, engine.Options{Clock: clock.now})
	w := watchOf(e)
	watchedTable(t, c)
	put := func(pk, sk, g string) {
		t.Helper()
		it := item{"pk": &types.AttributeValueMemberS{Value: pk}, "sk": &types.AttributeValueMemberN{Value: sk}}
		if g != "" {
			it["g"] = &types.AttributeValueMemberB{Value: []byte(g)}
		}
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Watched"), Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	put("a", "1", "")
	put("a", "2", "")
	put("b", "-1.5", "hello")
	clock.advance(time.Minute)
	for range 4 {
		_, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Watched"), ConsistentRead: aws.Bool(true), Key: item{
			"pk": &types.AttributeValueMemberS{Value: "b"}, "sk": &types.AttributeValueMemberN{Value: "-1.50"},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.ExecuteStatement(t.Context(), &dynamodb.ExecuteStatementInput{Statement: aws.String(`SELECT * FROM Watched WHERE pk = 'a'`)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("Watched"), KeyConditionExpression: aws.String("pk = :p"), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: item{":p": &types.AttributeValueMemberS{Value: "a"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	pkc, skc := insightReport(t, c, w, nil, "PKC"), insightReport(t, c, w, nil, "SKC")
	if got := busy(pkc); got != "a 7×2; b 7×2; " {
		t.Errorf("partition keys: %s", got)
	}
	if got := busy(skc); got != "b/-1.5 7×2; a/1 3×1; a/2 3×1; " {
		t.Errorf("whole keys: %s", got)
	}
	if got := busy(insightReport(t, c, w, aws.String("byG"), "PKC")); got != "aGVsbG8= 3×1; " {
		t.Errorf("of the index: %s", got)
	}
	if len(pkc.KeyLabels) != 1 || len(skc.KeyLabels) != 2 || aws.ToString(pkc.AggregationStatistic) != "Sum" || aws.ToFloat64(pkc.AggregateValue) != 14 || aws.ToInt64(pkc.ApproximateUniqueCount) != 2 {
		t.Errorf("the report: %v %v %+v", pkc.KeyLabels, skc.KeyLabels, pkc)
	}
	p := pkc.MetricDatapoints[0]
	if len(pkc.MetricDatapoints) != 2 || !p.Timestamp.Equal(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)) || *p.UniqueContributors != 2 || *p.MaxContributorValue != 6 || *p.SampleCount != 3 || *p.Sum != 9 || p.Average != nil {
		t.Errorf("the first minute: %+v", p)
	}
	clock.advance(time.Minute)
	if _, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Watched")}); err != nil {
		t.Fatal(err)
	}
	if got := insightReport(t, c, w, nil, "SKC"); len(got.MetricDatapoints) != 2+1 || *got.MetricDatapoints[2].SampleCount != 3 || *got.MetricDatapoints[2].Sum != 0.5 {
		t.Errorf("the scan: %+v", got.MetricDatapoints)
	}
}

// TestInsightRulesComeAndGo lists the rules, narrows them with the mode, and ends them with the insights and the table.
func TestInsightRulesComeAndGo(t *testing.T) {
	e, c := open(t, engine.Options{})
	w := watchOf(e)
	watchedTable(t, c)
	rules := func() (names []string) {
		t.Helper()
		p := cloudwatch.NewDescribeInsightRulesPaginator(w, &cloudwatch.DescribeInsightRulesInput{MaxResults: aws.Int32(2)})
		for p.HasMorePages() {
			out, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range out.InsightRules {
				names = append(names, aws.ToString(r.Name)[:31])
			}
		}
		return names
	}
	all := rules()
	if len(all) != 6 {
		t.Fatalf("%v", all)
	}
	_, err := c.UpdateContributorInsights(t.Context(), &dynamodb.UpdateContributorInsightsInput{
		TableName: aws.String("Watched"), ContributorInsightsAction: "ENABLE", ContributorInsightsMode: "THROTTLED_KEYS",
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := rules(); len(got) != 4 {
		t.Errorf("narrowed: %v", got)
	}
	turnInsights(t, c, nil, types.ContributorInsightsActionDisable)
	if got := rules(); len(got) != 2 {
		t.Errorf("turned off: %v", got)
	}
	_, err = w.GetInsightRuleReport(t.Context(), &cloudwatch.GetInsightRuleReportInput{
		RuleName: aws.String("DynamoDBContributorInsights-PKC-Watched-1"), StartTime: aws.Time(time.Now().Add(-time.Hour)), EndTime: aws.Time(time.Now()), Period: aws.Int32(60),
	})
	if _, ok := errors.AsType[*cwtypes.ResourceNotFoundException](err); !ok {
		t.Errorf("a rule that is not there: %v", err)
	}
	if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Watched")}); err != nil {
		t.Fatal(err)
	}
	if got := rules(); len(got) != 0 {
		t.Errorf("of a table that is gone: %v", got)
	}
}

// TestInsightsCountThrottling counts refused requests under the key they name.
func TestInsightsCountThrottling(t *testing.T) {
	clock := &stopped{}
	clock.at.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	e, c := open(t, engine.Options{Clock: clock.now, Throttle: true})
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Watched"), KeySchema: schema("pk"), AttributeDefinitions: defs("pk", "S"), ProvisionedThroughput: units(1, 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	turnInsights(t, c, nil, types.ContributorInsightsActionEnable)
	refused := 0
	for range 10 {
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Watched"), Item: item{"pk": &types.AttributeValueMemberS{Value: "hot"}}})
		if err != nil {
			refused++
		}
	}
	w := watchOf(e)
	if got := busy(insightReport(t, c, w, nil, "PKT")); refused == 0 || got != fmt.Sprintf("hot %d×1; ", refused) {
		t.Errorf("throttled %d times, counted %s", refused, got)
	}
	if got := busy(insightReport(t, c, w, nil, "PKC")); got != fmt.Sprintf("hot %d×1; ", 3*(10-refused)) {
		t.Errorf("accessed: %s", got)
	}
}

// TestInsightsWithoutRoom asks for more rules than CloudWatch has room for, under a realistic life cycle: what is past them is FAILED, and stays so when
// there is room again until it is asked for anew.
func TestInsightsWithoutRoom(t *testing.T) {
	clock := newClock(time.Date(2026, 10, 9, 12, 0, 0, 0, time.UTC))
	e, _ := open(t, engine.Options{Lifecycle: "realistic", Clock: clock.Now})
	const key = `"BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"S"}],` +
		`"KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}]}`
	var made, watch steps
	for i := range 26 {
		name := fmt.Sprintf("Watched%02d", i)
		made = append(made, steps{{"CreateTable", `{"TableName":"` + name + `",` + key, `{"TableDescription"`}}...)
		watch = append(watch, steps{{
			"UpdateContributorInsights", `{"TableName":"` + name + `","ContributorInsightsAction":"ENABLE"}`,
			`{"TableName":"` + name + `","ContributorInsightsStatus":"ENABLING"`,
		}}...)
	}
	const (
		last    = `"TableName":"Watched25"`
		failed  = `{"TableName":"Watched25","ContributorInsightsStatus":"FAILED","LastUpdateDateTime":`
		enable  = `{` + last + `,"ContributorInsightsAction":"ENABLE"}`
		disable = `"ContributorInsightsAction":"DISABLE"}`
	)
	made.run(t, e, clock)
	steps{{"", "1m", ""}}.run(t, e, clock)
	watch.run(t, e, clock)
	steps{
		{"DescribeContributorInsights", `{` + last + `}`, `{"TableName":"Watched25","ContributorInsightsStatus":"ENABLING"`},
		{"", "5s", ""},
		{"DescribeContributorInsights", `{"TableName":"Watched24"}`, `{"TableName":"Watched24","ContributorInsightsRuleList":["DynamoDBContributorInsights-PKC-Watched24-`},
		{"DescribeContributorInsights", `{` + last + `}`, failed},
		{"ListContributorInsights", `{` + last + `}`, `{"ContributorInsightsSummaries":[{"TableName":"Watched25","ContributorInsightsStatus":"FAILED"`},
		{"UpdateContributorInsights", `{"TableName":"Watched00",` + disable, `{"TableName":"Watched00","ContributorInsightsStatus":"DISABLING"`},
		{"", "5s", ""},
		{"DescribeContributorInsights", `{` + last + `}`, failed},
		{"UpdateContributorInsights", enable, `{"TableName":"Watched25","ContributorInsightsStatus":"ENABLING"`},
		{"", "5s", ""},
		{"DescribeContributorInsights", `{` + last + `}`, `{"TableName":"Watched25","ContributorInsightsRuleList":["DynamoDBContributorInsights-PKC-Watched25-`},
		{"UpdateContributorInsights", `{"TableName":"Watched00","ContributorInsightsAction":"ENABLE"}`, `{"TableName":"Watched00","ContributorInsightsStatus":"ENABLING"`},
		{"", "5s", ""},
		{"UpdateContributorInsights", `{"TableName":"Watched00",` + disable, `{"TableName":"Watched00","ContributorInsightsStatus":"DISABLING"`},
		{"", "5s", ""},
		{"DescribeContributorInsights", `{"TableName":"Watched00"}`, `{"TableName":"Watched00","ContributorInsightsStatus":"DISABLED"`},
	}.run(t, e, clock)
	if got := said(t, e, "DescribeContributorInsights", `{"TableName":"Watched00"}`); strings.Contains(got, "FailureException") {
		t.Errorf("what was disabled says why it failed: %s", got)
	}
}
