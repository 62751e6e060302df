package engine

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/topkeys"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// GetInsightRuleReport and DescribeInsightRules of CloudWatch, about the rules that DynamoDB makes (CloudWatch API
// reference; DynamoDB developer guide, "CloudWatch Contributor Insights for DynamoDB: how it works").

// Limits of a report.
const (
	defaultContributors = 10
	maxContributors     = 25  // of rules that DynamoDB makes; 100 of others
	maxRules            = 500 // in a page of DescribeInsightRules, and of a request that says no number
)

// insightRule is a rule, as its name tells, with what it has counted.
type insightRule struct {
	name   string
	rule   int
	key    catalog.Schema
	series *topkeys.Series
}

// insightRules lists the rules of the region in the order of their names.
func (c *call) insightRules() ([]insightRule, error) {
	on := c.e.insights.on.Load()
	if on == nil {
		return nil, nil
	}
	var rules []insightRule
	for _, t := range c.e.catalog.Tables(c.namespace, c.region) {
		list, err := insightsOf(t)
		if err != nil {
			return nil, err
		}
		for _, i := range list {
			space := t.ID
			if x := t.Index(i.Index); x != nil {
				space = x.ID
			}
			w := (*on)[space]
			if !i.On || w == nil {
				continue
			}
			names := insightsRules(t, i)
			for rule, series := range w.rules {
				if series != nil && len(names) > 0 {
					rules = append(rules, insightRule{names[0], rule, w.key, series})
					names = names[1:]
				}
			}
		}
	}
	slices.SortFunc(rules, func(a, b insightRule) int { return strings.Compare(a.name, b.name) })
	return rules, nil
}

// labels name the parts of a contributor's key.
func (r *insightRule) labels() []string {
	if r.rule >= ruleSKC {
		return []string{"PartitionKey", "SortKey"}
	}
	return []string{"PartitionKey"}
}

// keys are the values of a contributor's key, one for each label; those of a key of several attributes are joined.
func (r *insightRule) keys(encoded string) []string {
	values := []string{}
	rest := []byte(encoded)
	for _, n := range []int{len(r.key.Hash), len(r.key.Range)}[:len(r.labels())] {
		var parts []string
		for range n {
			v, after, err := attr.DecodeKey(rest)
			if err != nil {
				break
			}
			rest = after
			if v.Kind == attr.B {
				v.Str = base64.StdEncoding.EncodeToString([]byte(v.Str))
			}
			parts = append(parts, v.Str)
		}
		values = append(values, strings.Join(parts, ","))
	}
	return values
}

func getInsightRuleReport(c *call, in map[string]any) (members, error) {
	q, metrics, err := reportQuestion(in)
	if err != nil {
		return nil, err
	}
	name, _ := in["RuleName"].(string)
	rules, err := c.insightRules()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rules, func(r insightRule) bool { return r.name == name })
	if i < 0 {
		return nil, &apiError{
			Type: "ResourceNotFoundException", Status: http.StatusNotFound, Message: "The rule " + name + " does not exist.",
			Extra: []field{{"ResourceType", []byte(`"InsightRule"`)}, {"ResourceId", jsonscan.AppendQuoted(nil, name)}},
		}
	}
	rule := &rules[i]
	report := rule.series.Report(q)
	var who, points []any
	for _, x := range report.Contributors {
		var shares []any
		for _, s := range x.Points {
			shares = append(shares, members{{"Timestamp", s.At}, {"ApproximateValue", s.Value}})
		}
		who = append(who, members{{"Keys", listOf(rule.keys(x.Key))}, {"ApproximateAggregateValue", x.Sum}, {"Datapoints", shares}})
	}
	for _, p := range report.Points {
		points = append(points, metricPoint(p, metrics))
	}
	return members{
		{"KeyLabels", listOf(rule.labels())},
		{"AggregationStatistic", "Sum"},
		{"AggregateValue", report.Sum},
		{"ApproximateUniqueCount", report.Unique},
		{"Contributors", slices.Clip(who)},
		{"MetricDatapoints", slices.Clip(points)},
	}, nil
}

// insightMetrics are the statistics that can be asked for, of all contributors in one period.
var insightMetrics = []insightMetric{
	{"UniqueContributors", func(p topkeys.Point) float64 { return p.Unique }},
	{"MaxContributorValue", func(p topkeys.Point) float64 { return p.Largest }},
	{"SampleCount", func(p topkeys.Point) float64 { return float64(p.Count) }},
	{"Average", func(p topkeys.Point) float64 { return p.Sum / float64(p.Count) }},
	{"Sum", func(p topkeys.Point) float64 { return p.Sum }},
	{"Minimum", func(p topkeys.Point) float64 { return p.Least }},
	{"Maximum", func(p topkeys.Point) float64 { return p.Most }},
}

type insightMetric struct {
	name string
	of   func(p topkeys.Point) float64
}

func metricPoint(p topkeys.Point, wanted []string) members {
	out := members{{"Timestamp", p.At}}
	for _, m := range insightMetrics {
		if slices.Contains(wanted, m.name) {
			out = append(out, member{m.name, m.of(p)})
		}
	}
	return out
}

// describeInsightRules lists the rules. How the service words the definition of a rule that DynamoDB made is not
// published; this one says what is counted.
func describeInsightRules(c *call, in map[string]any) (members, error) {
	limit, err := intParameter(in, "MaxResults", maxRules, 1, maxRules)
	if err != nil {
		return nil, err
	}
	rules, err := c.insightRules()
	if err != nil {
		return nil, err
	}
	after, _ := in["NextToken"].(string)
	var list []any
	var out members
	for _, r := range rules {
		if r.name <= after {
			continue
		}
		if len(list) == int(limit) {
			out = members{{"NextToken", after}}
			break
		}
		after = r.name
		list = append(list, members{
			{"Name", r.name},
			{"State", "ENABLED"},
			{"Schema", `{"Name": "ServiceLogRule", "Version": 1}`},
			{"Definition", r.definition()},
			{"ManagedRule", false},
		})
	}
	return append(out, member{"InsightRules", slices.Clip(list)}), nil
}

func (r *insightRule) definition() string {
	value := "ConsumedThroughputUnits"
	if r.rule == rulePKT || r.rule == ruleSKT {
		value = "ThrottleCount"
	}
	return `{"Schema":{"Name":"ServiceLogRule","Version":1},"AggregateOn":"Sum","Contribution":{"Keys":["` +
		strings.Join(r.labels(), `","`) + `"],"ValueOf":"` + value + `","Filters":[]}}`
}
