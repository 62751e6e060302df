package engine

import "github.com/ddb-cli/ddb/internal/engine/catalog"

// alike is the part of an update of base that holds for a replica: keys of indexes, capacity, encryption. Streams of strongly consistent replicas and
// protection are each Region's own. What a replica overrides is its own as long as the setting stays as it is: a new value holds everywhere (Developer
// Guide, "Settings synchronization"; DDB-TABLE-294).
func (in *updateTableInput) alike(t, base *catalog.Table) updateTableInput {
	out := *in
	out.DeletionProtectionEnabled, out.Disassociation = nil, nil
	own := t.Replication.Own
	if t.Replication.Strong || t.Stream.Enabled {
		out.StreamSpecification = nil
	}
	if own.Class != "" && in.TableClass == classOf(base) {
		out.TableClass = ""
	}
	if s := out.SSESpecification; s != nil && s.KMSMasterKeyID != nil {
		out.SSESpecification = &sseSpecification{Enabled: s.Enabled, SSEType: s.SSEType} // keys belong to a Region
	}
	out.ProvisionedThroughput = alikeUnits(in.ProvisionedThroughput, t.OnDemand, t.Provisioned, base.Provisioned, own.Read)
	out.OnDemandThroughput = alikeLimit(in.OnDemandThroughput, base.OnDemandLimit, own.OnDemandRead)
	out.GlobalSecondaryIndexUpdates = nil
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if s := u.Update; s != nil {
			x, y := t.Index(s.IndexName), base.Index(s.IndexName)
			if x != nil && y != nil {
				same := *s
				same.ProvisionedThroughput = alikeUnits(s.ProvisionedThroughput, t.OnDemand, x.Provisioned, y.Provisioned, own.IndexRead[x.Name])
				same.OnDemandThroughput = alikeLimit(s.OnDemandThroughput, y.OnDemandLimit, own.IndexDemand[x.Name])
				if same.ProvisionedThroughput == nil && !same.OnDemandThroughput.given() && !same.WarmThroughput.given() {
					continue
				}
				u.Update = &same
			}
		}
		out.GlobalSecondaryIndexUpdates = append(out.GlobalSecondaryIndexUpdates, u)
	}
	return out
}

// alikeUnits is what a change of provisioned throughput is for a replica that has so much and perhaps reads by a number of its own; nil is no change.
func alikeUnits(p *provisionedThroughput, onDemand bool, has, base catalog.Throughput, own int64) *provisionedThroughput {
	if p == nil {
		return nil
	}
	same := *p
	if own != 0 && p.ReadCapacityUnits == base.Read {
		same.ReadCapacityUnits = own
	}
	if !onDemand && same.ReadCapacityUnits == has.Read && same.WriteCapacityUnits == has.Write {
		return nil
	}
	return &same
}

// alikeLimit is what a change of on-demand limits is for a replica that perhaps has a read limit of its own.
func alikeLimit(o *onDemandThroughput, base *catalog.Units, own int64) *onDemandThroughput {
	if o == nil || own == 0 || o.MaxReadRequestUnits == nil || base == nil || *o.MaxReadRequestUnits != base.Read {
		return o
	}
	return &onDemandThroughput{MaxWriteRequestUnits: o.MaxWriteRequestUnits}
}

// classOf is the class of a table by name.
func classOf(t *catalog.Table) string {
	if t.Class == "" {
		return "STANDARD"
	}
	return t.Class
}

// forgetOverrides forgets what a replica had as its own and an update has made otherwise.
func forgetOverrides(t *catalog.Table) {
	t.Replication = t.Replication.Clone()
	own := &t.Replication.Own
	limit := func(u *catalog.Units) int64 {
		if u == nil {
			return 0
		}
		return u.Read
	}
	if own.Class != "" && own.Class != classOf(t) {
		own.Class = ""
	}
	if own.Read != t.Provisioned.Read {
		own.Read = 0
	}
	if own.OnDemandRead != limit(t.OnDemandLimit) {
		own.OnDemandRead = 0
	}
	for _, x := range t.Indexes {
		if own.IndexRead[x.Name] != x.Provisioned.Read {
			delete(own.IndexRead, x.Name)
		}
		if own.IndexDemand[x.Name] != limit(x.OnDemandLimit) {
			delete(own.IndexDemand, x.Name)
		}
	}
}

// changesOfReplicas are the changes an update of one Region's table makes in the others.
func (c *call) changesOfReplicas(t *catalog.Table, in *updateTableInput) []*tableChange {
	var changes []*tableChange
	for _, sibling := range t.Siblings() {
		s := c.e.catalog.Table(sibling)
		if s == nil {
			continue
		}
		same := in.alike(s, t)
		if same.empty() {
			continue
		}
		changes = append(changes, &tableChange{c: c.e.newInternalCall(c.ctx, c.action, sibling), ref: sibling, in: &same})
	}
	return changes
}

// dropOverrides forgets what a replica has as the table that was asked has it: that is no difference (DDB-TABLE-250 and 252).
func dropOverrides(t, base *catalog.Table) {
	own := &t.Replication.Own
	if own.Read == base.Provisioned.Read {
		own.Read = 0
	}
	if l := base.OnDemandLimit; l != nil && own.OnDemandRead == l.Read {
		own.OnDemandRead = 0
	}
	for _, x := range base.Indexes {
		if own.IndexRead[x.Name] == x.Provisioned.Read {
			delete(own.IndexRead, x.Name)
		}
		if l := x.OnDemandLimit; l != nil && own.IndexDemand[x.Name] == l.Read {
			delete(own.IndexDemand, x.Name)
		}
	}
}
