package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// CloudWatch Contributor Insights: for which tables and indexes it is on, and how. The report itself is CloudWatch's.

var insightsActions = map[string]action{
	"UpdateContributorInsights":   handle(updateInsights),
	"DescribeContributorInsights": handle(describeInsights),
	"ListContributorInsights":     handle(listInsights),
}

// insightsSetting names the setting in the catalogue: a list, of the table itself (no index) and its indexes.
const insightsSetting = "insights"

// insightsDelay is how long turning it on or off takes when the life cycle is realistic.
const insightsDelay = 3 * time.Second

// What is counted (API reference, ContributorInsightsMode). The first is what a request that names none gets.
const (
	insightsAll       = "ACCESSED_AND_THROTTLED_KEYS"
	insightsThrottled = "THROTTLED_KEYS"
)

// insight is the setting of a table or index.
type insight struct {
	Index   string `json:",omitempty"`
	On      bool
	Mode    string
	Changed time.Time
	Since   time.Time `json:",omitzero"` // when its rules were made, which their names tell
}

func (i insight) status(e *Engine, now time.Time) string {
	changing := e.realistic() && now.Before(i.Changed.Add(insightsDelay))
	switch {
	case i.On && changing:
		return "ENABLING"
	case i.On:
		return "ENABLED"
	case changing:
		return "DISABLING"
	}
	return "DISABLED"
}

// insightsOf lists the settings of a table and of those of its indexes that are still there.
func insightsOf(t *catalog.Table) ([]insight, error) {
	var list []insight
	_, err := t.Setting(insightsSetting, &list)
	return slices.DeleteFunc(list, func(i insight) bool { return i.Index != "" && t.Index(i.Index) == nil }), err
}

type updateInsightsInput struct {
	TableName string `wire:"TableName,required,table"`
	IndexName string `wire:"IndexName,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	Action    string `wire:"ContributorInsightsAction,required,enum=ENABLE|DISABLE"`
	Mode      string `wire:"ContributorInsightsMode,enum=ACCESSED_AND_THROTTLED_KEYS|THROTTLED_KEYS"`
}

type describeInsightsInput struct {
	TableName string `wire:"TableName,required,table"`
	IndexName string `wire:"IndexName,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
}

type listInsightsInput struct {
	TableName  string `wire:"TableName,table"`
	NextToken  string `wire:"NextToken"`
	MaxResults *int64 `wire:"MaxResults,max=100"`
}

type insightsSummary struct {
	TableName string `wire:"TableName"`
	IndexName string `wire:"IndexName"`
	Status    string `wire:"ContributorInsightsStatus"`
	Mode      string `wire:"ContributorInsightsMode"`
}

type describeInsightsOutput struct {
	TableName string    `wire:"TableName"`
	IndexName string    `wire:"IndexName"`
	Rules     []string  `wire:"ContributorInsightsRuleList"`
	Status    string    `wire:"ContributorInsightsStatus"`
	Updated   time.Time `wire:"LastUpdateDateTime"`
	Mode      string    `wire:"ContributorInsightsMode"`
}

type listInsightsOutput struct {
	Summaries []insightsSummary `wire:"ContributorInsightsSummaries,keep"`
	NextToken string            `wire:"NextToken"`
}

// insightsTable finds what an operation is about: a table, or a global index of it.
func (c *call) insightsTable(table, index string) (*catalog.Table, error) {
	t, err := c.anyTable(table)
	if err != nil {
		return nil, err
	}
	if index != "" {
		if x := t.Index(index); x == nil || x.Local {
			return nil, &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Index: " + index + " not found for table: " + t.Name}
		}
	}
	return t, nil
}

func updateInsights(c *call, in *updateInsightsInput) (*insightsSummary, error) {
	t, err := c.insightsTable(in.TableName, in.IndexName)
	if err != nil {
		return nil, err
	}
	if in.Mode == "" {
		in.Mode = insightsAll // also where it was another one
	}
	set := insight{Index: in.IndexName, On: in.Action == "ENABLE", Mode: in.Mode, Changed: c.now.UTC(), Since: c.now.UTC()}
	out := &insightsSummary{TableName: t.Name, IndexName: in.IndexName}
	changes := false
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		list, err := insightsOf(t)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(i insight) bool { return i.Index == in.IndexName })
		if i < 0 && !set.On {
			out.Status = "DISABLED"
			return nil
		}
		if i < 0 {
			i, list = len(list), append(list, insight{Index: in.IndexName})
		}
		if err := mayWatch(t, set); err != nil {
			return err
		}
		old := list[i]
		if old.On == set.On && (old.Mode == set.Mode || !set.On) { // nothing changes
			out.Status, out.Mode = old.status(c.e, c.now), old.Mode
			return nil
		}
		if old.On && set.On {
			set.Since = old.rulesSince() // the rules that stay are the same ones
		}
		if !set.On {
			set.Mode = old.Mode
		}
		list[i], changes = set, true
		return t.SetSetting(insightsSetting, list)
	})
	if err != nil {
		return nil, err
	}
	if changes {
		c.e.watchInsights()
		out.Mode, out.Status = set.Mode, "DISABLING"
		if set.On {
			out.Status = "ENABLING"
		}
	}
	return out, nil
}

// mayWatch refuses to turn insights on before a table or index is there. A table that changes or goes may have them.
func mayWatch(t *catalog.Table, set insight) error {
	const refusal = "Table or Index is not in a valid state to update Key Access Insights: "
	if t.Status == catalog.Creating {
		return validation(refusal + "TableStatus must be ACTIVE to enable ContributorInsights.")
	}
	if x := t.Index(set.Index); x != nil && x.Status == catalog.Creating {
		return validation(refusal + "IndexStatus must be ACTIVE to enable ContributorInsights.")
	}
	return nil
}

// rulesSince is when the rules were made; settings of earlier versions say only when they changed.
func (i insight) rulesSince() time.Time {
	if i.Since.IsZero() {
		return i.Changed
	}
	return i.Since
}

func describeInsights(c *call, in *describeInsightsInput) (*describeInsightsOutput, error) {
	t, err := c.insightsTable(in.TableName, in.IndexName)
	if err != nil {
		return nil, err
	}
	list, err := insightsOf(t)
	if err != nil {
		return nil, err
	}
	out := &describeInsightsOutput{TableName: t.Name, IndexName: in.IndexName, Status: "DISABLED"}
	for _, i := range list {
		if i.Index == in.IndexName {
			out.Status, out.Updated, out.Mode = i.status(c.e, c.now), i.Changed, i.Mode
			if i.On {
				out.Rules = insightsRules(t, i)
			}
		}
	}
	return out, nil
}

// insightsRules names the rules CloudWatch gets (developer guide, "Contributor Insights rules created by DynamoDB"): of
// the most accessed (C) and the most throttled (T) partition keys (PK), and of whole keys (SK) where there is a sort key.
func insightsRules(t *catalog.Table, i insight) []string {
	key, resource := t.Key, t.Name
	if x := t.Index(i.Index); x != nil {
		key, resource = x.Key, t.Name+"-"+x.Name
	}
	var rules []string
	for rule, kind := range ruleKinds {
		if hasRule(rule, key, i.Mode) {
			rules = append(rules, fmt.Sprintf("DynamoDBContributorInsights-%s-%s-%d", kind, resource, i.rulesSince().UnixMilli()))
		}
	}
	return rules
}

// maxInsights is the longest page, and the one of a request that names none.
const maxInsights = 100

// listInsights lists what is on, of one table or of all in the region.
func listInsights(c *call, in *listInsightsInput) (*listInsightsOutput, error) {
	tables := c.e.catalog.Tables(c.namespace, c.region)
	if in.TableName != "" {
		t, err := c.anyTable(in.TableName)
		if err != nil {
			return nil, err
		}
		tables = []*catalog.Table{t}
	}
	limit := maxInsights
	if in.MaxResults != nil && *in.MaxResults > 0 {
		limit = int(*in.MaxResults)
	}
	fromTable, fromIndex, _ := strings.Cut(in.NextToken, "/")
	out := &listInsightsOutput{Summaries: []insightsSummary{}}
	for _, t := range tables {
		list, err := insightsOf(t)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(list, func(a, b insight) int { return strings.Compare(a.Index, b.Index) })
		for _, i := range list {
			passed := in.NextToken != "" && (t.Name < fromTable || t.Name == fromTable && i.Index <= fromIndex)
			if passed || !i.On && i.status(c.e, c.now) == "DISABLED" {
				continue
			}
			if len(out.Summaries) == limit {
				last := out.Summaries[limit-1]
				out.NextToken = last.TableName + "/" + last.IndexName
				return out, nil
			}
			out.Summaries = append(out.Summaries, insightsSummary{t.Name, i.Index, i.status(c.e, c.now), i.Mode})
		}
	}
	return out, nil
}
