package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// phase is how far the coming or going of a table is, as what lies beside it sees it. The service's control plane is several systems behind one
// endpoint: tags, time to live, backups, insights and policies hear of a new table later than DescribeTable shows it and forget a deleted one
// earlier (aws-controllers-k8s/dynamodb-controller, docs/api-quirks: DDB-TABLE-101, 115, 374 and 455, measured in 2026).
type phase uint8

const (
	phaseThere     phase = iota // active or updating
	phaseFilling                // a restore or an import fills it
	phaseHidden                 // CREATING, and not known beside the table itself
	phaseComing                 // CREATING, and known
	phaseGoing                  // DELETING, and known
	phaseForgotten              // DELETING, and not known any more
)

// Of the time a table is CREATING or DELETING under a realistic life cycle, it is hidden or forgotten in these parts.
const (
	hiddenFor    = realisticTableDelay / 2
	forgottenFor = realisticTableDelay * 2 / 3
)

// backupsDelay is how long after a table has become active its backups are still "being enabled" when the life cycle is realistic; the service
// takes up to 6 s (DDB-BACKUP-002).
const backupsDelay = 2 * time.Second

func (c *call) phaseOf(t *catalog.Table) phase {
	left := t.Due.Sub(c.now)
	switch {
	case t.Status == catalog.Creating && left > pendingDue/2:
		return phaseFilling
	case t.Status == catalog.Creating && left > realisticTableDelay-hiddenFor:
		return phaseHidden
	case t.Status == catalog.Creating:
		return phaseComing
	case t.Status == catalog.Deleting && left > forgottenFor:
		return phaseGoing
	case t.Status == catalog.Deleting:
		return phaseForgotten
	}
	return phaseThere
}

// known finds a table as the systems beside it do: while it comes, they answer as if there were none.
func (c *call) known(given string) (*catalog.Table, phase, error) {
	t, err := c.anyTable(given)
	if err != nil {
		return nil, phaseThere, err
	}
	p := c.phaseOf(t)
	if p == phaseFilling || p == phaseHidden {
		return nil, p, errTableNotFound(t.Name)
	}
	return t, p, nil
}

// enablingBackups reports whether the backups of a table that has just become active cannot be used yet.
func (c *call) enablingBackups(t *catalog.Table) bool {
	return c.e.realistic() && c.now.Before(t.Created.Add(realisticTableDelay+backupsDelay))
}
