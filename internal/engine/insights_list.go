package engine

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

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

type listInsightsOutput struct {
	Summaries []insightsSummary `wire:"ContributorInsightsSummaries,keep"`
	NextToken string            `wire:"NextToken"`
}

// maxInsights is the longest page, and the one of a request that names none.
const maxInsights = 100

// listInsights lists what is on, of one table or of all in the Region. A page is a number of tables and indexes looked at, whether they have insights
// or not, so the list of a Region has empty pages with a token to go on from (DDB-TABLE-344).
func listInsights(c *call, in *listInsightsInput) (*listInsightsOutput, error) {
	tables := c.e.catalog.Tables(c.namespace, c.region)
	limit := maxInsights
	if in.MaxResults != nil && *in.MaxResults > 0 {
		limit = int(*in.MaxResults)
	}
	if in.TableName != "" {
		t, _, err := c.known(in.TableName)
		if err != nil {
			return nil, err
		}
		tables = []*catalog.Table{t}
	}
	out := &listInsightsOutput{Summaries: []insightsSummary{}}
	looked := 0
	for _, t := range tables {
		list, err := insightsOf(t)
		if err != nil {
			return nil, err
		}
		for _, name := range watchable(t) {
			at := t.Name + "!" + name // a character before all those of names, so that the order is that of the tables
			if in.NextToken != "" && at <= in.NextToken {
				continue
			}
			i := slices.IndexFunc(list, func(i insight) bool { return i.Index == name })
			on := i >= 0 && list[i].status(c.e, c.now) != "DISABLED"
			if in.TableName != "" && !on { // of one table only what is on counts
				continue
			}
			if looked == limit {
				return out, nil
			}
			looked++
			out.NextToken = at
			if on {
				out.Summaries = append(out.Summaries, insightsSummary{t.Name, name, list[i].status(c.e, c.now), list[i].Mode})
			}
		}
	}
	out.NextToken = ""
	return out, nil
}

// watchable lists the table itself, by an empty name, and its global indexes, in order.
func watchable(t *catalog.Table) []string {
	names := []string{""}
	for _, x := range t.Indexes {
		if !x.Local {
			names = append(names, x.Name)
		}
	}
	slices.Sort(names)
	return names
}
