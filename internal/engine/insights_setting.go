package engine

import (
	"fmt"
	"slices"
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
	Since   time.Time `json:",omitzero"`  // when its rules were made, which their names tell
	Failed  bool      `json:",omitempty"` // it was asked for, and there was no room for its rules
}

func (i insight) status(e *Engine, now time.Time) string {
	changing := e.realistic() && now.Before(i.Changed.Add(insightsDelay))
	switch {
	case i.On && changing:
		return "ENABLING"
	case i.On && i.Failed:
		return "FAILED"
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
	TableName string  `wire:"TableName,required,table"`
	IndexName *string `wire:"IndexName"`
	Action    string  `wire:"ContributorInsightsAction,required,enum=ENABLE|DISABLE"`
	Mode      string  `wire:"ContributorInsightsMode,enum=THROTTLED_KEYS|ACCESSED_AND_THROTTLED_KEYS"`
}

// insightsTable finds what an operation is about: a table, or a global index of it.
func (c *call) insightsTable(table string, index *string) (*catalog.Table, string, error) {
	name := ""
	if index != nil {
		name = *index
		if len(name) < minTableName || len(name) > maxTableName {
			return nil, name, validation("IndexName must be at least 3 characters long and at most 255 characters long")
		}
	}
	t, _, err := c.known(table)
	if err != nil {
		return nil, name, err
	}
	if name != "" {
		// An index that comes is not known while its table is being changed for it (DDB-TABLE-116).
		if x := t.Index(name); x == nil || x.Local || x.Status == catalog.Creating && t.Status == catalog.Updating {
			return nil, name, &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Index: " + name + " not found for table: " + t.Name}
		}
	}
	return t, name, nil
}

func updateInsights(c *call, in *updateInsightsInput) (*insightsSummary, error) {
	t, index, err := c.insightsTable(in.TableName, in.IndexName)
	if err != nil {
		return nil, err
	}
	if in.Mode == "" {
		in.Mode = insightsAll // also where it was another one
	}
	set := insight{Index: index, On: in.Action == "ENABLE", Mode: in.Mode, Changed: c.now.UTC(), Since: c.now.UTC()}
	out := &insightsSummary{TableName: t.Name, IndexName: index}
	changes := false
	rulesElsewhere, err := c.insightsRulesBut(t, index)
	if err != nil {
		return nil, err
	}
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		list, err := insightsOf(t)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(i insight) bool { return i.Index == index })
		if i < 0 && !set.On {
			out.Status = "DISABLED"
			return nil
		}
		if i < 0 {
			i, list = len(list), append(list, insight{Index: index})
		}
		if err := c.mayWatch(t, set); err != nil {
			return err
		}
		old := list[i]
		if old.On == set.On && (old.Mode == set.Mode || !set.On) && !old.Failed { // nothing changes
			out.Status, out.Mode = old.status(c.e, c.now), old.Mode
			return nil
		}
		if old.On && set.On && !old.Failed {
			set.Since = old.rulesSince() // the rules that stay are the same ones
		}
		if set.On {
			set.Failed = c.e.realistic() && rulesElsewhere+len(insightsRules(t, set)) > maxInsightsRules
		} else {
			set.Mode, set.Failed = old.Mode, old.Failed
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

// mayWatch refuses to turn insights on before a table or index is there, and when it is nearly gone.
func (c *call) mayWatch(t *catalog.Table, set insight) error {
	const refusal = "Table or Index is not in a valid state to update Key Access Insights: "
	if p := c.phaseOf(t); p == phaseComing || p == phaseForgotten {
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

// maxInsightsRules is how many rules CloudWatch has room for in a Region. What would go past it is FAILED after a while until it is asked for again, with
// no rules at all (DDB-TABLE-337 to 341).
const maxInsightsRules = 100

const errNoRules = "Amazon CloudWatch Contributor Insights rule limit reached. Please disable Contributor Insights for other tables/indexes OR disable " +
	"other CloudWatch Contributor Insights rules before retrying."

// insightsRulesBut counts the rules of a Region, without those of one table or index.
func (c *call) insightsRulesBut(table *catalog.Table, index string) (int, error) {
	n := 0
	for _, t := range c.e.catalog.Tables(c.namespace, c.region) {
		list, err := insightsOf(t)
		if err != nil {
			return 0, err
		}
		for _, i := range list {
			if i.On && !i.Failed && (t.Ref != table.Ref || i.Index != index) {
				n += len(insightsRules(t, i))
			}
		}
	}
	return n, nil
}
