package engine

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// SnapshotsHeader asks DeleteTable to keep the table as a snapshot, and CreateBackup to make one if its name is SnapshotName, and says how many snapshots to keep in all, from 1 to
// 1000; older ones are removed. The service has nothing like it, so only callers that ask get one: an SDK deletes as it
// does there.
const SnapshotsHeader = "X-Ddb-Snapshots"

// snapshotSuffix ends the name of a snapshot among the backups of its table. No backup that a user makes can have it.
const snapshotSuffix = "$Snapshot"

// SnapshotName is the name by which CreateBackup, asked so by SnapshotsHeader, makes a snapshot of a table that stays: before
// all its items are deleted one by one.
const SnapshotName = "ddb..snapshot"

// A snapshot is a backup of the service's own kind (SYSTEM) that a deletion leaves. The rows of the table are not copied:
// they stay where they are and the batch that takes the table out of the catalogue writes the backup that names them. So a
// snapshot holds every write that was acknowledged, costs nothing, and is there or the table is. A restore brings back what
// restores of the service leave out, too: tags, time to live, stream, recovery and the rest (revive).

// The bounds on what snapshots hold together unless Options say, in bytes of items; the newest one is kept whatever it holds.
const (
	maxSnapshotBytes         = 1 << 30
	maxSnapshotBytesInMemory = 64 << 20
)

// maxSnapshots is the largest number that may be asked for.
const maxSnapshots = 1000

// snapshotSetting names the setting of a table that is being deleted with a snapshot.
const snapshotSetting = "snapshot"

// keeping says that a deletion leaves a snapshot.
type keeping struct {
	ID   string // of the backup
	Most int    // snapshots kept in all
}

// snapshotsWanted reads SnapshotsHeader, 0 for none.
func snapshotsWanted(h http.Header) int {
	n, err := strconv.Atoi(h.Get(SnapshotsHeader))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, maxSnapshots)
}

// keeping is what the call wants kept of a table it deletes, nil for nothing.
func (c *call) keeping() *keeping {
	if c.snapshots == 0 {
		return nil
	}
	return &keeping{ID: newLongID(c.now), Most: c.snapshots}
}

// keepingOf is the wish of the call that began a deletion which takes its time.
func keepingOf(t *catalog.Table) (*keeping, error) {
	var k keeping
	ok, err := t.Setting(snapshotSetting, &k)
	if err != nil || !ok {
		return nil, err
	}
	return &k, nil
}

// snapshotOf is the backup that a deletion at a time leaves of a table.
func (k *keeping) snapshotOf(t *catalog.Table, now time.Time, counts storage.Counts) *backup {
	t = t.Clone()
	_ = t.SetSetting(snapshotSetting, nil) // removing cannot fail
	return &backup{
		Ref: catalog.Ref{Namespace: t.Namespace, Region: t.Region, Name: k.ID}, Label: t.Name + snapshotSuffix, Status: "AVAILABLE", Type: "SYSTEM",
		Created: now.UTC(), Expires: now.UTC().Add(maxRecovery), Counts: counts, Table: t, Snapshot: true,
	}
}

// keepTable writes the snapshot in the batch that drops the table.
func (e *Engine) keepTable(k *keeping, t *catalog.Table, b *storage.Batch) error {
	counts, err := e.store.Counts(t.ID)
	if err != nil {
		return err
	}
	s := k.snapshotOf(t, e.opts.Clock(), counts)
	return backups.Put(b, s.Ref, s)
}

// countKept corrects what the snapshot says of its size, once the last write to the table has ended.
func (e *Engine) countKept(k *keeping, t *catalog.Table) error {
	r := catalog.Ref{Namespace: t.Namespace, Region: t.Region, Name: k.ID}
	s, err := backups.Get(e.store, r)
	if err != nil || s == nil {
		return err
	}
	counts, err := e.store.Counts(t.ID)
	if err != nil || counts == s.Counts {
		return err
	}
	s.Counts = counts
	return putDoc(e, backups, r, s)
}

// pruneSnapshots removes the oldest snapshots: those beyond the number kept, and beyond the bytes.
func (e *Engine) pruneSnapshots(most int) error {
	e.tend.backups.Lock()
	defer e.tend.backups.Unlock()
	list, err := backups.All(e.store)
	if err != nil {
		return err
	}
	var snapshots []*backup
	for _, b := range list {
		if b.Snapshot {
			snapshots = append(snapshots, b)
		}
	}
	slices.SortFunc(snapshots, func(a, b *backup) int {
		return cmp.Or(b.Created.Compare(a.Created), strings.Compare(b.Name, a.Name))
	})
	room := e.opts.SnapshotBytes
	for i, b := range snapshots {
		room -= b.Counts.Bytes
		if i == 0 || i < most && room >= 0 || e.restoring(b) {
			continue
		}
		if err := e.dropBackup(b); err != nil {
			return err
		}
	}
	return nil
}

// archivalSummary is what the answer of DeleteTable says of the snapshot, in the member that tells where an archived table went.
type archivalSummary struct {
	ArchivalDateTime  time.Time `wire:"ArchivalDateTime"`
	ArchivalReason    string    `wire:"ArchivalReason"`
	ArchivalBackupArn string    `wire:"ArchivalBackupArn"`
}

// archivalReason stands where the service says why it archived a table by itself.
const archivalReason = "DDB_LOCAL_SNAPSHOT"

func (k *keeping) summary(t *catalog.Table, now time.Time) *archivalSummary {
	return &archivalSummary{now.UTC(), archivalReason, k.snapshotOf(t, now, storage.Counts{}).arn()}
}

// revive gives a table restored from a snapshot what restores of the service leave out. A policy names the table it is
// for, so it comes back with the name only; streams and the log of recovery begin anew.
func (e *Engine) revive(t, was *catalog.Table) error {
	now := e.opts.Clock().UTC()
	t.Tags, t.DisassociationProtection = was.Tags, was.DisassociationProtection
	if t.OnDemand == was.OnDemand {
		t.BillingShown, t.LastOnDemand = was.BillingShown, was.LastOnDemand
	}
	if t.Name == was.Name {
		t.Policy = was.Policy
	}
	if was.TTL.Enabled {
		t.TTL = catalog.TTL{Enabled: true, Attribute: was.TTL.Attribute, Changed: now, Filing: true}
	}
	for _, name := range []string{kinesisSetting, insightsSetting, scalingSetting} {
		if raw, ok := was.More[name]; ok {
			if err := t.SetSetting(name, raw); err != nil {
				return err
			}
		}
	}
	r, err := recoveryOf(was)
	if err == nil && r.Enabled {
		r.Since, t.Logged = now, true
		err = t.SetSetting(recoverySetting, r)
	}
	if err != nil || !was.Stream.Enabled {
		return err
	}
	on := true
	return setStream(t, &streamSpecification{StreamEnabled: &on, StreamViewType: was.Stream.View}, now, e.tend.clock.latest())
}

// revived begins the work that the settings of a revived table bring with them.
func (e *Engine) revived(t *catalog.Table) error {
	t = e.catalog.Table(t.Ref)
	if t == nil {
		return nil
	}
	e.watchInsights()
	e.startTending()
	if !t.TTL.Filing {
		return nil
	}
	e.latches.barrier()
	return e.fileExpiries(e.ctx, t)
}
