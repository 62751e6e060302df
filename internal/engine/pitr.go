package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

var recoveryActions = map[string]action{
	"UpdateContinuousBackups":   handle(updateContinuousBackups),
	"DescribeContinuousBackups": handle(describeContinuousBackups),
}

// Recovery to a point in time needs no copy of the table: it is the table as it is now with the later changes of its
// log undone (copy.go). Turning it on therefore costs nothing at once, and afterwards one change record a write.

// maxRecovery is the longest recovery period, and the one a table has that asks for none (API reference,
// PointInTimeRecoverySpecification).
const maxRecovery = 35 * 24 * time.Hour

// recoveryDelay is how far the latest time to recover to lies behind now when the life cycle is realistic
// (API reference, PointInTimeRecoveryDescription: typically 5 minutes).
const recoveryDelay = 5 * time.Minute

// recoverySetting names the setting in the catalogue.
const recoverySetting = "recovery"

// recovery is the setting of a table.
type recovery struct {
	Enabled bool
	Since   time.Time // when the log began
	Days    int64
}

func recoveryOf(t *catalog.Table) (recovery, error) {
	var r recovery
	_, err := t.Setting(recoverySetting, &r)
	return r, err
}

func (r recovery) period() time.Duration { return time.Duration(r.Days) * 24 * time.Hour }

// window is the range of times the table can be recovered to. When the system's clock has been set back, changes are still at the time it had shown, and
// so is the latest of these times: before that, the changes since then would be missing.
func (e *Engine) window(r recovery, now time.Time) (earliest, latest time.Time) {
	now = e.tend.clock.following(now).UTC()
	earliest, latest = r.Since, now
	if from := now.Add(-r.period()); from.After(earliest) {
		earliest = from
	}
	if e.realistic() {
		latest = now.Add(-recoveryDelay)
	}
	if latest.Before(earliest) {
		latest = earliest
	}
	return earliest, latest
}

type recoverySpecification struct {
	PointInTimeRecoveryEnabled *bool  `wire:"PointInTimeRecoveryEnabled,required"`
	RecoveryPeriodInDays       *int64 `wire:"RecoveryPeriodInDays,min=1,max=35"`
}

type updateContinuousBackupsInput struct {
	TableName                        string                 `wire:"TableName,required,table"`
	PointInTimeRecoverySpecification *recoverySpecification `wire:"PointInTimeRecoverySpecification,required"`
}

type describeContinuousBackupsInput struct {
	TableName string `wire:"TableName,required,table"`
}

type recoveryDescription struct {
	PointInTimeRecoveryStatus  string    `wire:"PointInTimeRecoveryStatus"`
	RecoveryPeriodInDays       int64     `wire:"RecoveryPeriodInDays,omitempty"`
	EarliestRestorableDateTime time.Time `wire:"EarliestRestorableDateTime"`
	LatestRestorableDateTime   time.Time `wire:"LatestRestorableDateTime"`
}

type continuousBackups struct {
	ContinuousBackupsStatus        string               `wire:"ContinuousBackupsStatus"`
	PointInTimeRecoveryDescription *recoveryDescription `wire:"PointInTimeRecoveryDescription"`
}

type continuousBackupsOutput struct {
	ContinuousBackupsDescription *continuousBackups `wire:"ContinuousBackupsDescription"`
}

func updateContinuousBackups(c *call, in *updateContinuousBackupsInput) (*continuousBackupsOutput, error) {
	want := in.PointInTimeRecoverySpecification
	if !*want.PointInTimeRecoveryEnabled && want.RecoveryPeriodInDays != nil {
		return nil, validation("Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.")
	}
	t, err := c.changesBackups(in.TableName)
	if err != nil {
		return nil, err
	}
	if *want.PointInTimeRecoveryEnabled {
		t, err = c.e.enableRecovery(t.Ref, want.RecoveryPeriodInDays)
	} else {
		t, err = c.e.disableRecovery(t.Ref)
	}
	if err != nil {
		return nil, err
	}
	return c.e.continuousBackups(t)
}

// enableRecovery starts the log, or changes the period of one that runs. The first time to recover to comes after every
// write that was not logged has ended.
func (e *Engine) enableRecovery(ref catalog.Ref, days *int64) (*catalog.Table, error) {
	t, err := e.catalog.Update(ref, func(t *catalog.Table) error {
		t.Logged = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	e.latches.barrier()
	t, err = e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		r, err := recoveryOf(t)
		if err != nil {
			return err
		}
		if !r.Enabled {
			r = recovery{Enabled: true, Since: e.opts.Clock().UTC(), Days: int64(maxRecovery / (24 * time.Hour))}
		}
		if days != nil {
			r.Days = *days
		}
		return t.SetSetting(recoverySetting, r)
	})
	e.startTending()
	return t, err
}

// disableRecovery ends the log, and forgets it unless a stream reads it too.
func (e *Engine) disableRecovery(ref catalog.Ref) (*catalog.Table, error) {
	t, err := e.catalog.Update(ref, func(t *catalog.Table) error {
		t.Logged = false
		return t.SetSetting(recoverySetting, nil)
	})
	if err != nil || len(readableStreams(t, e.opts.Clock())) > 0 {
		return t, err
	}
	e.latches.barrier()
	return t, e.clearSpan(storage.ChangeSpan(t.ID))
}

func describeContinuousBackups(c *call, in *describeContinuousBackupsInput) (*continuousBackupsOutput, error) {
	t, err := c.backupTable(in.TableName)
	if err != nil {
		return nil, err
	}
	out, err := c.e.continuousBackups(t)
	if err == nil && (c.phaseOf(t) == phaseComing || c.enablingBackups(t)) {
		out.ContinuousBackupsDescription.ContinuousBackupsStatus = "DISABLED"
	}
	return out, err
}

// continuousBackups describes the setting. ContinuousBackupsStatus is ENABLED for every table of the service, whether
// it can be recovered to a point in time or not, once it is some seconds old.
func (e *Engine) continuousBackups(t *catalog.Table) (*continuousBackupsOutput, error) {
	r, err := recoveryOf(t)
	if err != nil {
		return nil, err
	}
	d := &recoveryDescription{PointInTimeRecoveryStatus: "DISABLED"}
	if r.Enabled {
		d = &recoveryDescription{PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: r.Days}
		d.EarliestRestorableDateTime, d.LatestRestorableDateTime = e.window(r, e.opts.Clock().UTC())
	}
	return &continuousBackupsOutput{&continuousBackups{"ENABLED", d}}, nil
}

// recoverable checks that a table can be recovered.
func recoverable(t *catalog.Table) (recovery, error) {
	r, err := recoveryOf(t)
	if err == nil && !r.Enabled {
		err = &apiError{
			Type:    "PointInTimeRecoveryUnavailableException",
			Message: "Point in time recovery is not enabled for table '" + t.Name + "'",
		}
	}
	return r, err
}
