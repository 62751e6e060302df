package engine

import "strings"

// UpdateTable makes one change in a request. What may stand together are a billing mode, provisioned throughput and the throughput of indexes; a
// billing mode and on-demand limits; PAY_PER_REQUEST and a stream; warm throughput of a table and of its indexes; and a new index with the billing
// mode or changes of other indexes. Everything else is refused before anything is looked at (aws-controllers-k8s/dynamodb-controller, docs/api-quirks: DDB-TABLE-174, 382 and 433: 68 pairs).

// asked tells what a request wants to change; a structure with nothing in it counts as absent beside others (DDB-TABLE-456).
type asked struct {
	sse, class, protection, warm, limits, stream, iops, billing, index, indexSettings, vector, disassociation bool
}

func (in *updateTableInput) asks() asked {
	a := asked{
		sse: in.SSESpecification != nil, class: in.TableClass != "", protection: in.DeletionProtectionEnabled != nil,
		warm: in.WarmThroughput.given(), limits: in.OnDemandThroughput.given(), stream: in.StreamSpecification != nil,
		iops: in.ProvisionedThroughput != nil, billing: in.BillingMode != "", vector: len(in.VectorIndexUpdates) > 0, disassociation: in.Disassociation != nil,
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Create != nil || u.Delete != nil {
			a.index = true
		} else {
			a.indexSettings = true
		}
	}
	return a
}

func (w *warmThroughput) given() bool {
	return w != nil && (w.ReadUnitsPerSecond != nil || w.WriteUnitsPerSecond != nil)
}

func (o *onDemandThroughput) given() bool {
	return o != nil && (o.MaxReadRequestUnits != nil || o.MaxWriteRequestUnits != nil)
}

func (a asked) count() int {
	n := 0
	for _, is := range []bool{a.sse, a.class, a.protection, a.warm, a.limits, a.stream, a.iops, a.billing, a.index, a.indexSettings, a.vector, a.disassociation} {
		if is {
			n++
		}
	}
	return n
}

// together refuses changes that do not go into one request, in the service's order.
func (in *updateTableInput) together() error {
	a := in.asks()
	others := a.count() > 1
	switch {
	case a.sse && others:
		return invalidParameter("Server-Side Encryption modification must be the only operation in the request")
	case a.class && others:
		return invalidParameter("TableClass modification must be the only operation in the request")
	case a.protection && others:
		return invalidParameter("DeletionProtection modification must be the only operation in the request")
	case a.limits && (a.warm || a.stream || a.index):
		return invalidParameter("OnDemandThroughput can only be combined with BillingMode in an UpdateTable request")
	case a.warm && a.index:
		return invalidParameter("Create global secondary index cannot be specified when updating WarmThroughput")
	case a.warm && others && !in.onlyWarms(a):
		return invalidParameter("WarmThroughput must be the only operation in the request")
	case a.stream && (a.iops || in.BillingMode == "PROVISIONED"):
		return invalidParameter("You cannot modify stream status while updating table IOPS")
	case a.index && a.iops:
		return invalidParameter("You cannot create or delete index while updating table IOPS")
	case a.index && a.stream:
		return invalidParameter("You cannot create or delete index while changing stream status")
	}
	return nil
}

// onlyWarms reports whether a request asks for warm throughput alone, of the table and of indexes, which go together (Developer Guide, "Increase your
// existing DynamoDB table's warm throughput").
func (in *updateTableInput) onlyWarms(a asked) bool {
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if s := u.Update; s == nil || !s.WarmThroughput.given() || s.ProvisionedThroughput != nil || s.OnDemandThroughput.given() {
			return false
		}
	}
	return a.warm && a.indexSettings && a.count() == 2
}

// required is the refusal of a request that asks for nothing. It does not name what the request has, and names members no SDK has.
func (in *updateTableInput) required() error {
	names := []string{
		"ProvisionedThroughput", "BillingMode", "UpdateStreamEnabled", "GlobalSecondaryIndexUpdates", "SSESpecification", "ReplicaUpdates",
		"MultiAccountReplicaReady", "ReplicaTransitRoleArn", "MultiRegionConsistency", "DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput",
	}
	if in.MultiRegionConsistency != "" {
		names = append(names[:8:8], names[9:]...)
	}
	return validation("At least one of " + strings.Join(names, ", ") + " or TableClass is required")
}
