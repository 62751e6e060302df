package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// changeBilling applies billing mode and provisioned throughput of table and indexes.
func changeBilling(t *catalog.Table, in *updateTableInput, now time.Time) error {
	p := in.ProvisionedThroughput
	toOnDemand := in.BillingMode == "PAY_PER_REQUEST" || in.BillingMode == "" && t.OnDemand
	switch {
	case in.BillingMode == "PAY_PER_REQUEST" && p != nil:
		return invalidParameter("ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST") // DDB-TABLE-056
	case toOnDemand && p != nil:
		return invalidParameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case toOnDemand && !t.OnDemand:
		t.OnDemand, t.BillingShown, t.LastOnDemand = true, true, now.UTC()
		t.Warm = keepWarm(t.Warm, provisionedUnits(t.Provisioned))
		t.Provisioned.Read, t.Provisioned.Write = 0, 0 // what is told of its changes stays (DDB-TABLE-055)
		for _, x := range t.Indexes {
			x.Warm = keepWarm(x.Warm, provisionedUnits(x.Provisioned))
			x.Provisioned.Read, x.Provisioned.Write = 0, 0
		}
		return nil
	case toOnDemand:
		return nil
	case (t.OnDemand || in.BillingMode != "") && p == nil: // CreateTable says it otherwise; that the mode is the table's already is no reason (DDB-TABLE-057)
		return invalidParameter("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
	case vectorIndexes(t) > 0:
		return invalidParameter("Tables with vector indexes must be in PAY_PER_REQUEST mode")
	}
	fromOnDemand := t.OnDemand
	t.OnDemand = false
	if p != nil {
		if err := checkUnits(p); err != nil {
			return err
		}
		if !fromOnDemand && p.ReadCapacityUnits == t.Provisioned.Read && p.WriteCapacityUnits == t.Provisioned.Write {
			return errUnchanged("table", t.Provisioned)
		}
		t.Warm = keepWarm(t.Warm, warmFloor(fromOnDemand, t.Provisioned))
		if err := setThroughput(&t.Provisioned, p, now); err != nil {
			return err
		}
	}
	if fromOnDemand {
		t.OnDemandLimit = nil
		for _, x := range t.Indexes {
			x.OnDemandLimit, x.Warm = nil, keepWarm(x.Warm, warmOnDemand)
		}
		return checkIndexThroughput(t, in)
	}
	return nil
}

// checkIndexThroughput makes sure that a table that becomes provisioned gets throughput for each of its indexes.
func checkIndexThroughput(t *catalog.Table, in *updateTableInput) error {
	var without []string
	for _, x := range t.Indexes {
		given := slices.ContainsFunc(in.GlobalSecondaryIndexUpdates, func(u globalIndexUpdate) bool {
			return u.Update != nil && u.Update.IndexName == x.Name && u.Update.ProvisionedThroughput != nil
		})
		if !x.Local && x.Vector == nil && !given {
			without = append(without, x.Name)
		}
	}
	if len(without) > 0 {
		return invalidParameter("ProvisionedThroughput must be specified for index: " + strings.Join(without, ","))
	}
	return nil
}

func errUnchanged(what string, t catalog.Throughput) error {
	of := "the " + what
	if what != "table" {
		of = what // an index is named without the article from its second mention on
	}
	return validation(fmt.Sprintf("The provisioned throughput for the %s will not change. The requested value equals the current value. "+
		"Current ReadCapacityUnits provisioned for %s: %d. Requested ReadCapacityUnits: %d. "+
		"Current WriteCapacityUnits provisioned for %s: %d. Requested WriteCapacityUnits: %d. "+
		"Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
		what, of, t.Read, t.Read, of, t.Write, t.Write))
}
