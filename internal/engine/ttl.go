package engine

import (
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

var ttlActions = map[string]action{
	"UpdateTimeToLive":   handle(updateTimeToLive),
	"DescribeTimeToLive": handle(describeTimeToLive),
}

// ttlDelay is how long a change of the setting shows as ENABLING or DISABLING when the life cycle is realistic. The
// service takes up to an hour.
const ttlDelay = 5 * time.Second

// ttlInterval is how long after a change the next one is refused when the life cycle is realistic. The developer guide says up to an hour;
// measured were 31 minutes (DDB-TABLE-143). Only then, since a program under test could not turn it on and off otherwise.
const ttlInterval = 31 * time.Minute

// The names come in the order in which the service reports their absence.
type ttlSpecification struct {
	AttributeName string `wire:"AttributeName,required,min=1,max=255"`
	Enabled       bool   `wire:"Enabled,required"`
}

type updateTTLInput struct {
	TableName               string            `wire:"TableName,required,table"`
	TimeToLiveSpecification *ttlSpecification `wire:"TimeToLiveSpecification,required"`
}

type updateTTLOutput struct {
	TimeToLiveSpecification *ttlSpecification `wire:"TimeToLiveSpecification"`
}

type describeTTLInput struct {
	TableName string `wire:"TableName,required,table"`
}

type ttlDescription struct {
	TimeToLiveStatus string `wire:"TimeToLiveStatus"`
	AttributeName    string `wire:"AttributeName"`
}

type describeTTLOutput struct {
	TimeToLiveDescription *ttlDescription `wire:"TimeToLiveDescription"`
}

// updateTimeToLive turns deletion of expired items on or off. Turning it on files the items that are there already
// under the time they expire at; from then on each write keeps that order up to date.
func updateTimeToLive(c *call, in *updateTTLInput) (*updateTTLOutput, error) {
	t, p, err := c.known(in.TableName)
	if err != nil {
		return nil, err
	}
	if p == phaseComing { // a table that goes takes the change; the words are not those of other operations
		return nil, errInUse("Attempt to change a resource which is still in use: Table " + t.Name + " is being created")
	}
	if err := c.changeTTL(t, in.TimeToLiveSpecification); err != nil {
		return nil, err
	}
	return &updateTTLOutput{in.TimeToLiveSpecification}, nil
}

// changeTTL changes the setting of a table and of its replicas, which have it alike: in all of them or in none.
func (c *call) changeTTL(t *catalog.Table, want *ttlSpecification) error {
	if t.Replication != nil && t.Replication.Strong {
		return validation("Time to Live is not supported by global tables with multi-Region strong consistency")
	}
	refs := []catalog.Ref{t.Ref}
	if t.SettingsAlike() {
		for _, ref := range t.Siblings() {
			if s := c.e.catalog.Table(ref); s != nil && s.TTL.Enabled != want.Enabled {
				refs = append(refs, ref)
			}
		}
	}
	var changed []*catalog.Table
	err := c.e.catalog.UpdateAll(refs, func(tables []*catalog.Table, b *storage.Batch) error {
		if len(tables) == 0 || tables[0].Ref != t.Ref {
			return errTableNotFound(t.Name)
		}
		for _, t := range tables {
			if err := c.mayChangeTTL(t, want); err != nil {
				return err
			}
			t.TTL = catalog.TTL{Enabled: want.Enabled, Attribute: want.AttributeName, Changed: c.now.UTC(), Filing: want.Enabled}
			b.DeleteSpan(storage.ExpirySpan(t.ID))
		}
		changed = tables
		return nil
	})
	if err != nil {
		return err
	}
	// Every write that began under the old setting ends before the items are filed, so none is missed.
	c.e.latches.barrier()
	for _, t := range changed {
		if want.Enabled {
			err = c.e.fileExpiries(c.e.ctx, t)
		} else {
			err = c.e.clearSpan(storage.ExpirySpan(t.ID))
		}
		if err != nil {
			return err
		}
	}
	c.e.startTending()
	return nil
}

func (c *call) mayChangeTTL(t *catalog.Table, want *ttlSpecification) error {
	switch {
	case !want.Enabled && !t.TTL.Enabled:
		return validation("TimeToLive is already disabled")
	case t.TTL.Enabled && t.TTL.Attribute != want.AttributeName:
		return validation("TimeToLive is active on a different AttributeName: current AttributeName is " + t.TTL.Attribute)
	case want.Enabled && t.TTL.Enabled:
		return validation("TimeToLive is already enabled")
	case c.e.realistic() && c.now.Before(t.TTL.Changed.Add(ttlInterval)):
		return validation("Time to live has been modified multiple times within a fixed interval")
	}
	return nil
}

func describeTimeToLive(c *call, in *describeTTLInput) (*describeTTLOutput, error) {
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	switch c.phaseOf(t) {
	case phaseThere:
	case phaseFilling:
		return nil, errTableNotFound(t.Name)
	default:
		s := string(t.Status)
		return nil, validation("Cannot describe time to live while table is in " + s + " state: Current table state is " + s)
	}
	changing := c.e.realistic() && c.now.Before(t.TTL.Changed.Add(ttlDelay))
	d := &ttlDescription{TimeToLiveStatus: "DISABLED"}
	switch {
	case t.TTL.Enabled && changing:
		d.TimeToLiveStatus, d.AttributeName = "ENABLING", t.TTL.Attribute
	case t.TTL.Enabled:
		d.TimeToLiveStatus, d.AttributeName = "ENABLED", t.TTL.Attribute
	case changing:
		d.TimeToLiveStatus, d.AttributeName = "DISABLING", t.TTL.Attribute
	}
	return &describeTTLOutput{d}, nil
}

// clearSpan removes all keys of a span.
func (e *Engine) clearSpan(sp storage.Span) error {
	b := e.store.NewBatch()
	defer b.Close()
	b.DeleteSpan(sp)
	return b.Commit()
}
