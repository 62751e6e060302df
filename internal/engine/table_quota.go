package engine

import (
	"fmt"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// The quotas of one table and of each of its indexes, which DescribeLimits tells. They count apart, and only what a request changes is looked at
// (DDB-TABLE-154 and 170). What all tables of an account may have together is not enforced.

// quota is a value that has a quota, as a refusal names it.
type quota struct {
	kind   string // the structure it is in
	member string
	limit  string // the quota it falls under
	value  int64
}

// quotas are the values of a table (index "") or of an index.
func quotas(p catalog.Throughput, limit, warm *catalog.Units) []quota {
	const reads, writes = "TableMaxReadCapacityUnits", "TableMaxWriteCapacityUnits"
	all := []quota{{"", "ReadCapacityUnits", reads, p.Read}, {"", "WriteCapacityUnits", writes, p.Write}}
	if limit != nil {
		all = append(all, quota{"OnDemandThroughput", "MaxReadRequestUnits", reads, limit.Read}, quota{"OnDemandThroughput", "MaxWriteRequestUnits", writes, limit.Write})
	}
	if warm != nil {
		all = append(all, quota{"WarmThroughput", "ReadUnitsPerSecond", reads, warm.Read}, quota{"WarmThroughput", "WriteUnitsPerSecond", writes, warm.Write})
	}
	return all
}

// withinQuotas refuses a new table, or the change of one, that asks for more than a quota.
func withinQuotas(t, before *catalog.Table) error {
	had := map[quota]bool{}
	if before != nil {
		for _, q := range quotas(before.Provisioned, before.OnDemandLimit, before.Warm) {
			had[q] = true
		}
	}
	for _, q := range quotas(t.Provisioned, t.OnDemandLimit, t.Warm) {
		if q.value > tableUnits && !had[q] {
			return q.exceeded(t.Region, "")
		}
	}
	for _, x := range t.Indexes {
		clear(had)
		if before != nil {
			if y := before.Index(x.Name); y != nil {
				for _, q := range quotas(y.Provisioned, y.OnDemandLimit, y.Warm) {
					had[q] = true
				}
			}
		}
		for _, q := range quotas(x.Provisioned, x.OnDemandLimit, x.Warm) {
			if q.value > tableUnits && !had[q] {
				return q.exceeded(t.Region, x.Name)
			}
		}
	}
	return nil
}

func (q quota) exceeded(region, index string) error {
	var message string
	switch {
	case q.kind == "" && index == "":
		message = fmt.Sprintf("The requested %s, %d, is above the per table maximum for the account in %s. Per table maximum: %d.", q.member, q.value, region, tableUnits)
	case q.kind == "":
		message = fmt.Sprintf("The requested %s for index %s, %d, is above the per index maximum for the account in %s. Per table maximum: %d.",
			q.member, index, q.value, region, tableUnits)
	default:
		form := "index "
		if q.kind == "OnDemandThroughput" {
			form = "index : "
		}
		message = fmt.Sprintf("Subscriber limit exceeded: Requested %s for %s for %s exceeds %s of the account in region %s", q.member, q.kind, ofTable(index, form), q.limit, region)
	}
	if q.kind == "" {
		message += " Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
	}
	return &apiError{Type: "LimitExceededException", Message: message}
}
