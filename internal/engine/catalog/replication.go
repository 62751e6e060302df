package catalog

import (
	"maps"
	"slices"
	"time"
)

// Versions of global tables, as DescribeTable names them.
const (
	GlobalCurrent = "2019.11.21"
	GlobalLegacy  = "2017.11.29"
)

// Replication is a table's part in a global table. It must not be changed once the catalogue has the table: change a
// Clone of it.
type Replication struct {
	// What every Region's table says alike.
	Version string
	Strong  bool      `json:",omitempty"` // multi-Region strong consistency
	Regions []string  // of all replicas, this one too, in the order they joined
	Witness string    `json:",omitempty"` // Region that keeps no items
	Created time.Time `json:",omitzero"`

	// What is this replica's own.
	Filling string    `json:",omitempty"` // Region its items are being copied from, while they are
	Source  string    `json:",omitempty"` // Region it was made from
	Sourced time.Time `json:",omitzero"`  // when a replica was last made from this one
	Own     Overrides `json:",omitzero"`
}

// Overrides are the settings in which a replica differs from the rest of its global table. Zero means no difference.
type Overrides struct {
	Read         int64            `json:",omitempty"` // provisioned read capacity units
	OnDemandRead int64            `json:",omitempty"` // largest number of read request units
	Class        string           `json:",omitempty"`
	IndexRead    map[string]int64 `json:",omitempty"`
	IndexDemand  map[string]int64 `json:",omitempty"`
}

// Clone is a copy that may be changed; of nil it is nil.
func (r *Replication) Clone() *Replication {
	if r == nil {
		return nil
	}
	c := *r
	c.Regions = slices.Clone(r.Regions)
	c.Own.IndexRead, c.Own.IndexDemand = maps.Clone(r.Own.IndexRead), maps.Clone(r.Own.IndexDemand)
	return &c
}

// Siblings names the other Regions' tables of the same global table; none for a table of one Region.
func (t *Table) Siblings() []Ref {
	if t.Replication == nil {
		return nil
	}
	var refs []Ref
	for _, region := range t.Replication.Regions {
		if region != t.Region {
			refs = append(refs, Ref{Namespace: t.Namespace, Region: region, Name: t.Name})
		}
	}
	return refs
}

// SendsChanges reports whether changes of the table are sent to replicas after they are made. Those of a strongly
// consistent one are made in every Region at once.
func (t *Table) SendsChanges() bool { return t.Replication != nil && !t.Replication.Strong }

// SettingsAlike reports whether settings of the table are those of its global table. A legacy one leaves them to each
// Region.
func (t *Table) SettingsAlike() bool {
	return t.Replication != nil && t.Replication.Version == GlobalCurrent
}

// Follows reports whether another Region's table is the one to delete expired items from; the deletions come here as
// changes.
func (t *Table) Follows() bool {
	return t.SendsChanges() && t.SettingsAlike() && t.Replication.Regions[0] != t.Region
}
