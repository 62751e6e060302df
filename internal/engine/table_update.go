package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

type updateTableInput struct {
	AttributeDefinitions        []attributeDefinition    `wire:"AttributeDefinitions"`
	TableName                   string                   `wire:"TableName,required,alone,table,sole"`
	BillingMode                 string                   `wire:"BillingMode,enum=PROVISIONED|PAY_PER_REQUEST"`
	ProvisionedThroughput       *provisionedThroughput   `wire:"ProvisionedThroughput"`
	GlobalSecondaryIndexUpdates []globalIndexUpdate      `wire:"GlobalSecondaryIndexUpdates"`
	VectorIndexUpdates          []vectorIndexUpdate      `wire:"VectorIndexUpdates"`
	StreamSpecification         *streamSpecification     `wire:"StreamSpecification"`
	SSESpecification            *sseSpecification        `wire:"SSESpecification"`
	ReplicaUpdates              []replicationGroupUpdate `wire:"ReplicaUpdates,min=1"`
	TableClass                  string                   `wire:"TableClass,enum=STANDARD|STANDARD_INFREQUENT_ACCESS"`
	DeletionProtectionEnabled   *bool                    `wire:"DeletionProtectionEnabled"`
	Disassociation              *bool                    `wire:"DisassociationProtectionEnabled"`
	MultiRegionConsistency      string                   `wire:"MultiRegionConsistency,enum=EVENTUAL|STRONG"`
	GlobalTableWitnessUpdates   []witnessUpdate          `wire:"GlobalTableWitnessUpdates,min=1,max=1"`
	OnDemandThroughput          *onDemandThroughput      `wire:"OnDemandThroughput"`
	WarmThroughput              *warmThroughput          `wire:"WarmThroughput"`
	SettingsReplication         string                   `wire:"GlobalTableSettingsReplicationMode,enum=ENABLED|DISABLED|ENABLED_WITH_OVERRIDES"`
}

type globalIndexUpdate struct {
	Update *indexSettingsUpdate `wire:"Update"`
	Create *globalIndex         `wire:"Create"`
	Delete *indexDelete         `wire:"Delete"`
}

type indexSettingsUpdate struct {
	IndexName             string                 `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
	ProvisionedThroughput *provisionedThroughput `wire:"ProvisionedThroughput"`
	OnDemandThroughput    *onDemandThroughput    `wire:"OnDemandThroughput"`
	WarmThroughput        *warmThroughput        `wire:"WarmThroughput"`
}

type indexDelete struct {
	IndexName string `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+"`
}

// backfillWait is how long UpdateTable waits for a new index to be built when changes are instant. A larger table is
// UPDATING after that, as it is on the service.
const backfillWait = 5 * time.Second

func updateTable(c *call, in *updateTableInput) (*tableDescriptionOutput, error) {
	if in.empty() {
		return nil, validation("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required")
	}
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	if t.Status != catalog.Active {
		return nil, errBusy(t)
	}
	if in.changesReplicas() {
		return c.updateReplicas(t, in)
	}
	if err := c.mayChange(t, in); err != nil {
		return nil, err
	}
	created, deleted, err := c.changeTable(t, in)
	if err != nil {
		return nil, err
	}
	out, err := c.afterUpdate(t.Ref, created, deleted)
	if err == nil {
		out.TableDescription.showRemoved(in.OnDemandThroughput)
		if in.WarmThroughput != nil {
			out.TableDescription.WarmThroughput.Status = string(catalog.Updating)
		}
	}
	if err == nil && t.SettingsAlike() {
		err = c.changeReplicas(t.Ref, in)
	}
	return out, err
}

func (in *updateTableInput) empty() bool {
	return in.BillingMode == "" && in.ProvisionedThroughput == nil && len(in.GlobalSecondaryIndexUpdates) == 0 &&
		in.StreamSpecification == nil && in.SSESpecification == nil && in.ReplicaUpdates == nil && in.TableClass == "" &&
		in.DeletionProtectionEnabled == nil && in.Disassociation == nil && len(in.VectorIndexUpdates) == 0 && in.MultiRegionConsistency == "" && in.GlobalTableWitnessUpdates == nil &&
		in.OnDemandThroughput == nil && in.WarmThroughput == nil && in.SettingsReplication == ""
}

// changeTable applies a request to the definition, all of it or nothing, and returns the indexes that come and go.
func (c *call) changeTable(t *catalog.Table, in *updateTableInput) (created, deleted string, err error) {
	id, err := c.spaceForIndex(in)
	if err != nil {
		return "", "", err
	}
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		if t.Status != catalog.Active {
			return errBusy(t)
		}
		if err := c.changeSettings(t, in); err != nil {
			return err
		}
		var err error
		if created, deleted, err = c.changeIndexes(t, in); err != nil {
			return err
		}
		if x := t.Index(created); x != nil {
			x.ID, x.Status, x.Backfilling = id, catalog.Creating, true
		}
		if x := t.Index(deleted); x != nil {
			x.Status = catalog.Deleting
			t.Status = catalog.Updating
		}
		if c.e.realistic() {
			c.delay(t, created, deleted)
		}
		return nil
	})
	if errors.Is(err, catalog.ErrNotFound) {
		err = errTableNotFound(t.Name)
	}
	if err == nil && in.StreamSpecification != nil {
		err = c.e.streamChanged(t.Ref)
	}
	return created, deleted, err
}

// spaceForIndex takes a space id when the request creates an index; it is wasted if the request is refused.
func (c *call) spaceForIndex(in *updateTableInput) (id storage.SpaceID, err error) {
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Create != nil {
			return c.e.catalog.NewSpace()
		}
	}
	for _, u := range in.VectorIndexUpdates {
		if u.Create != nil {
			return c.e.catalog.NewSpace()
		}
	}
	return 0, nil
}

// delay gives the changes the time they take on the service.
func (c *call) delay(t *catalog.Table, created, deleted string) {
	t.Status, t.Due = catalog.Updating, c.now.Add(realisticTableDelay)
	for _, x := range t.Indexes {
		if x.Name == created || x.Name == deleted {
			x.Due = c.now.Add(realisticIndexDelay)
		}
	}
}

func (c *call) changeSettings(t *catalog.Table, in *updateTableInput) error {
	if err := changeBilling(t, in, c.now); err != nil {
		return err
	}
	if in.OnDemandThroughput != nil {
		limit, err := changeLimit(in.OnDemandThroughput, t.OnDemandLimit, t.OnDemand, "")
		if err != nil {
			return err
		}
		t.OnDemandLimit = limit
	}
	var err error
	if t.Warm, err = warmUnits(in.WarmThroughput, t.Warm, warmFloor(t.OnDemand, t.Provisioned), ""); err != nil {
		return err
	}
	if in.StreamSpecification != nil {
		if err := setStream(t, in.StreamSpecification, c.now, c.e.tend.clock.latest()); err != nil {
			return err
		}
	}
	if in.SSESpecification != nil {
		if err := setSSE(t, in.SSESpecification); err != nil {
			return err
		}
	}
	if in.TableClass != "" {
		t.Class, t.ClassUpdated = in.TableClass, c.now.UTC()
	}
	if in.DeletionProtectionEnabled != nil {
		t.DeletionProtection = *in.DeletionProtectionEnabled
	}
	if in.Disassociation != nil {
		t.DisassociationProtection = *in.Disassociation
	}
	return nil
}

// changeBilling applies billing mode and provisioned throughput of table and indexes.
func changeBilling(t *catalog.Table, in *updateTableInput, now time.Time) error {
	p := in.ProvisionedThroughput
	toOnDemand := in.BillingMode == "PAY_PER_REQUEST" || in.BillingMode == "" && t.OnDemand
	switch {
	case toOnDemand && p != nil:
		return invalidParameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case toOnDemand && !t.OnDemand:
		t.OnDemand, t.BillingShown, t.LastOnDemand = true, true, now.UTC()
		t.Provisioned = catalog.Throughput{}
		for _, x := range t.Indexes {
			x.Provisioned = catalog.Throughput{}
		}
		return nil
	case toOnDemand:
		return nil
	case t.OnDemand && p == nil: // CreateTable says it otherwise
		return invalidParameter("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
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
		if err := setThroughput(&t.Provisioned, p, now); err != nil {
			return err
		}
	}
	if fromOnDemand {
		t.OnDemandLimit = nil
		for _, x := range t.Indexes {
			x.OnDemandLimit = nil
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
	return validation(fmt.Sprintf("The provisioned throughput for the %s will not change. The requested value equals the current value. "+
		"Current ReadCapacityUnits provisioned for the %s: %d. Requested ReadCapacityUnits: %d. "+
		"Current WriteCapacityUnits provisioned for the %s: %d. Requested WriteCapacityUnits: %d. "+
		"Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
		what, what, t.Read, t.Read, what, t.Write, t.Write))
}

// afterUpdate starts what the new definition asks for and describes the table as the service does at this moment:
// UPDATING, with the index CREATING or DELETING.
func (c *call) afterUpdate(r catalog.Ref, created, deleted string) (*tableDescriptionOutput, error) {
	e := c.e
	t := e.catalog.Table(r)
	if t == nil {
		return nil, errTableNotFound(r.Name)
	}
	d, err := e.describe(t)
	if err != nil {
		return nil, err
	}
	d.TableStatus = string(catalog.Updating)
	d.allocating(created)
	if created != "" {
		done := make(chan struct{})
		e.latches.barrier() // from here on every write maintains the index
		e.background(func() {
			defer close(done)
			e.backfill(r, created)
		})
		if !e.realistic() {
			select {
			case <-done:
			case <-c.ctx.Done():
			case <-time.After(backfillWait):
			}
		}
	}
	if deleted != "" && !e.realistic() {
		if err := e.dropIndex(r, deleted); err != nil {
			return nil, err
		}
	}
	return &tableDescriptionOutput{d}, nil
}
