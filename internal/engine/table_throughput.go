package engine

import "github.com/ddb-cli/ddb/internal/engine/catalog"

// Warm throughput an on-demand table has without asking for any (Developer Guide, "Warm throughput").
const (
	warmRead  = 12000
	warmWrite = 4000
)

// unitsMember is one of the two members of OnDemandThroughput or WarmThroughput.
type unitsMember struct {
	name string
	from *int64 // of the request; nil when it is not given
	to   *int64
}

// ofTable names in a message what a limit is of: the table, or one of its indexes, which the messages on the two kinds of limit spell differently.
func ofTable(index, form string) string {
	if index == "" {
		return "table"
	}
	return form + index
}

// onDemandLimit reads the OnDemandThroughput of something new; -1 in a Units is no limit.
func onDemandLimit(in *onDemandThroughput, onDemand bool, index string) (*catalog.Units, error) {
	const refused = " for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED."
	return limitUnits(in, nil, onDemand, 1, refused, index)
}

// changeLimit reads the OnDemandThroughput of an update: what it does not give stays as it is, and -1 removes a limit (API
// reference, OnDemandThroughput).
func changeLimit(in *onDemandThroughput, old *catalog.Units, onDemand bool, index string) (*catalog.Units, error) {
	const refused = " for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED"
	return limitUnits(in, old, onDemand, -1, refused, index)
}

func limitUnits(in *onDemandThroughput, old *catalog.Units, onDemand bool, least int64, refused, index string) (*catalog.Units, error) {
	if in == nil {
		return old, nil
	}
	u := &catalog.Units{Read: -1, Write: -1}
	if old != nil {
		*u = *old
	}
	members := []unitsMember{{"MaxReadRequestUnits", in.MaxReadRequestUnits, &u.Read}, {"MaxWriteRequestUnits", in.MaxWriteRequestUnits, &u.Write}}
	for _, m := range members {
		if m.from != nil && !onDemand {
			return nil, invalidParameter(m.name + refused)
		}
	}
	for _, m := range members {
		if m.from == nil {
			continue
		}
		if *m.from < least || *m.from == 0 {
			return nil, invalidParameter("Requested " + m.name + " for OnDemandThroughput for " + ofTable(index, "index : ") + " is outside of valid range")
		}
		*m.to = *m.from
	}
	if u.Read < 0 && u.Write < 0 {
		return nil, nil
	}
	return u, nil
}

// describeUnits shows the limits there are; nil when there is none.
func describeUnits(u *catalog.Units) *onDemandThroughput {
	if u == nil || u.Read <= 0 && u.Write <= 0 {
		return nil
	}
	out := &onDemandThroughput{}
	if u.Read > 0 {
		out.MaxReadRequestUnits = &u.Read
	}
	if u.Write > 0 {
		out.MaxWriteRequestUnits = &u.Write
	}
	return out
}

// warmFloor is the warm throughput that comes with a table's or index's mode: what an on-demand table begins with, or
// what is provisioned.
func warmFloor(onDemand bool, p catalog.Throughput) catalog.Units {
	if onDemand {
		return warmOnDemand
	}
	return provisionedUnits(p)
}

// warmOnDemand is what an on-demand table begins with.
var warmOnDemand = catalog.Units{Read: warmRead, Write: warmWrite}

func provisionedUnits(p catalog.Throughput) catalog.Units {
	return catalog.Units{Read: p.Read, Write: p.Write}
}

// newWarm reads the WarmThroughput of something new, which cannot be less than what comes with its mode.
func newWarm(in *warmThroughput, onDemand bool, p catalog.Throughput, index string) (*catalog.Units, error) {
	if !in.given() {
		return nil, nil
	}
	u := warmFloor(onDemand, p)
	for _, m := range []struct {
		unitsMember
		provisioned string
	}{
		{unitsMember{"ReadUnitsPerSecond", in.ReadUnitsPerSecond, &u.Read}, "ReadCapacityUnits"},
		{unitsMember{"WriteUnitsPerSecond", in.WriteUnitsPerSecond, &u.Write}, "WriteCapacityUnits"},
	} {
		switch {
		case m.from == nil:
			continue
		case *m.from < *m.to && onDemand:
			return nil, invalidParameter("Requested " + m.name + " for WarmThroughput for " + ofTable(index, "index ") + " is lower than initial throughput for OnDemand. " +
				"See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial")
		case *m.from < *m.to:
			return nil, invalidParameter("Requested " + m.name + " for WarmThroughput for " + ofTable(index, "index ") + " is lower than " + m.provisioned + " of ProvisionedThroughput")
		}
		*m.to = *m.from
	}
	return &u, nil
}

// warmUnits reads WarmThroughput, which can only grow.
func warmUnits(in *warmThroughput, old *catalog.Units, floor catalog.Units, index string) (*catalog.Units, error) {
	if in == nil {
		return old, nil
	}
	u := &floor
	if old != nil {
		u.Read, u.Write = max(u.Read, old.Read), max(u.Write, old.Write)
	}
	for _, m := range []unitsMember{
		{"ReadUnitsPerSecond", in.ReadUnitsPerSecond, &u.Read}, {"WriteUnitsPerSecond", in.WriteUnitsPerSecond, &u.Write},
	} {
		if m.from == nil {
			continue
		}
		if *m.from < *m.to {
			return nil, invalidParameter("Requested " + m.name + " for WarmThroughput for " + ofTable(index, "index ") +
				" is lower than current WarmThroughput, decreasing WarmThroughput is not supported")
		}
		*m.to = *m.from
	}
	return u, nil
}

// describeWarm shows the warm throughput: what was asked for, or more when the mode brings more. Only what was asked for is not there at once; that the
// table or index changes is nothing to it (DDB-TABLE-064 and 134).
func describeWarm(u *catalog.Units, onDemand bool, p catalog.Throughput, s catalog.Status) *warmDescription {
	floor := warmFloor(onDemand, p)
	if u != nil {
		floor.Read, floor.Write = max(floor.Read, u.Read), max(floor.Write, u.Write)
	}
	status := catalog.Active
	if s == catalog.Creating && u != nil {
		status = catalog.Updating
	}
	return &warmDescription{floor.Read, floor.Write, string(status)}
}

// keepWarm is the warm throughput of a table or index that had so much by its mode: it never falls below what was once there (DDB-TABLE-061).
func keepWarm(u *catalog.Units, had catalog.Units) *catalog.Units {
	if u != nil {
		had.Read, had.Write = max(had.Read, u.Read), max(had.Write, u.Write)
	}
	return &had
}
