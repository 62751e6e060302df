package engine

import (
	"time"
)

type describeInsightsInput struct {
	TableName string  `wire:"TableName,required,table"`
	IndexName *string `wire:"IndexName"`
}

type describeInsightsOutput struct {
	TableName string    `wire:"TableName"`
	IndexName string    `wire:"IndexName"`
	Rules     []string  `wire:"ContributorInsightsRuleList"`
	Status    string    `wire:"ContributorInsightsStatus"`
	Updated   time.Time `wire:"LastUpdateDateTime"`
	Mode      string    `wire:"ContributorInsightsMode"`

	Failure *insightsFailure `wire:"FailureException"`
}

type insightsFailure struct {
	Name        string `wire:"ExceptionName"`
	Description string `wire:"ExceptionDescription"`
}

func describeInsights(c *call, in *describeInsightsInput) (*describeInsightsOutput, error) {
	t, index, err := c.insightsTable(in.TableName, in.IndexName)
	if err != nil {
		return nil, err
	}
	list, err := insightsOf(t)
	if err != nil {
		return nil, err
	}
	out := &describeInsightsOutput{TableName: t.Name, IndexName: index, Status: "DISABLED"}
	for _, i := range list {
		if i.Index == index {
			out.Status, out.Updated, out.Mode = i.status(c.e, c.now), i.Changed, i.Mode
			if i.On && !i.Failed {
				out.Rules = insightsRules(t, i)
			}
			if i.Failed && (out.Status == "FAILED" || out.Status == "DISABLING") {
				out.Failure = &insightsFailure{"LimitExceededException", errNoRules}
			}
			if out.Status == "FAILED" {
				out.Updated = i.Changed.Add(insightsDelay)
			}
		}
	}
	return out, nil
}
