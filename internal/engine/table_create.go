package engine

import (
	"crypto/rand"
	"encoding/hex"
	"errors"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

type createTableInput struct {
	AttributeDefinitions      []attributeDefinition  `wire:"AttributeDefinitions,required"`
	TableName                 string                 `wire:"TableName,required,alone,table,sole"`
	KeySchema                 []keySchemaElement     `wire:"KeySchema,required,min=1"`
	GlobalSecondaryIndexes    []globalIndex          `wire:"GlobalSecondaryIndexes"`
	LocalSecondaryIndexes     []localIndex           `wire:"LocalSecondaryIndexes"`
	BillingMode               string                 `wire:"BillingMode,enum=PROVISIONED|PAY_PER_REQUEST"`
	ProvisionedThroughput     *provisionedThroughput `wire:"ProvisionedThroughput"`
	StreamSpecification       *streamSpecification   `wire:"StreamSpecification"`
	SSESpecification          *sseSpecification      `wire:"SSESpecification"`
	Tags                      []tagGiven             `wire:"Tags"`
	TableClass                string                 `wire:"TableClass"`
	DeletionProtectionEnabled bool                   `wire:"DeletionProtectionEnabled"`
	WarmThroughput            *warmThroughput        `wire:"WarmThroughput"`
	ResourcePolicy            *string                `wire:"ResourcePolicy"`
	OnDemandThroughput        *onDemandThroughput    `wire:"OnDemandThroughput"`
	GlobalTableSourceARN      *string                `wire:"GlobalTableSourceArn"`
	SettingsReplication       string                 `wire:"GlobalTableSettingsReplicationMode,enum=ENABLED|DISABLED|ENABLED_WITH_OVERRIDES"`
	VectorIndexes             []vectorIndex          `wire:"VectorIndexes"`
}

// supported refuses what this engine does not have, instead of making a table without it.
func (in *createTableInput) supported() error {
	switch {
	case in.SettingsReplication != "":
		return errOtherAccounts()
	case in.GlobalTableSourceARN != nil:
		return validation("Replicas of a table in other accounts are not supported by this engine: remove GlobalTableSourceArn")
	}
	return nil
}

type tableDescriptionOutput struct {
	TableDescription *tableDescription `wire:"TableDescription"`
}

// createTable makes a table. The answer says CREATING, as the service's does; unless the life cycle is realistic the table
// is ACTIVE when the next request comes.
func createTable(c *call, in *createTableInput) (*tableDescriptionOutput, error) {
	if err := in.supported(); err != nil {
		return nil, err
	}
	name, err := c.tableName(in.TableName)
	if err != nil {
		return nil, err
	}
	t, err := newTable(c, name, in)
	if err != nil {
		return nil, err
	}
	if have := c.e.catalog.Table(t.Ref); have != nil {
		return nil, errThere(have)
	}
	return c.e.addTable(c, t)
}

// errThere is the refusal of a name that is taken, which says so in three ways (DDB-TABLE-005, 219).
func errThere(t *catalog.Table) error {
	if t.Status != catalog.Creating {
		return errInUse("Table already exists: " + t.Name)
	}
	if _, ok := restoredFrom(t); ok {
		return errInUse("Attempt to change a resource which is still in use: Table is being used: " + t.Name)
	}
	return errBusy(t)
}

// newTable checks a request and makes the definition it asks for, without ids.
func newTable(c *call, name string, in *createTableInput) (*catalog.Table, error) {
	if err := checkBilling(in.BillingMode, in.ProvisionedThroughput); err != nil {
		return nil, err
	}
	if err := checkClass(in.TableClass); err != nil {
		return nil, err
	}
	defs, err := definitions(in.AttributeDefinitions)
	if err != nil {
		return nil, err
	}
	if len(in.KeySchema) <= 2 {
		if err := checkDefined(in.KeySchema, defs); err != nil {
			return nil, err
		}
	}
	key, err := tableSchema(in.KeySchema, defs)
	if err != nil {
		return nil, err
	}
	t := &catalog.Table{
		Ref: c.ref(name), Order: catalog.ServiceOrder, Created: c.now.UTC(), Status: catalog.Active, Attributes: defs, Key: key,
		OnDemand: in.BillingMode == "PAY_PER_REQUEST", DeletionProtection: in.DeletionProtectionEnabled,
		Class: in.TableClass,
	}
	if err := addIndexes(t, in); err != nil {
		return nil, err
	}
	if err := addVectorIndexes(t, in.VectorIndexes); err != nil {
		return nil, err
	}
	if err := checkDefinitionsUsed(t); err != nil {
		return nil, err
	}
	return t, createSettings(c, t, in)
}

func createSettings(c *call, t *catalog.Table, in *createTableInput) error {
	if t.OnDemand {
		t.BillingShown, t.LastOnDemand = true, t.Created
	} else {
		t.Provisioned = catalog.Throughput{Read: in.ProvisionedThroughput.ReadCapacityUnits, Write: in.ProvisionedThroughput.WriteCapacityUnits}
	}
	var err error
	if t.OnDemandLimit, err = onDemandLimit(in.OnDemandThroughput, t.OnDemand, ""); err != nil {
		return err
	}
	if t.Warm, err = newWarm(in.WarmThroughput, t.OnDemand, t.Provisioned, ""); err != nil {
		return err
	}
	if in.StreamSpecification != nil {
		if err := setStream(t, in.StreamSpecification, c.now, 0); err != nil {
			return err
		}
	}
	if in.SSESpecification != nil {
		if err := setSSE(t, in.SSESpecification); err != nil {
			return err
		}
	}
	return createExtensions(c, t, in)
}

// addTable gives a new definition its ids and puts it into the catalogue.
func (e *Engine) addTable(c *call, t *catalog.Table) (*tableDescriptionOutput, error) {
	err := withinQuotas(t, nil)
	if err != nil {
		return nil, err
	}
	if t.ID, err = e.catalog.NewSpace(); err != nil {
		return nil, err
	}
	for _, x := range t.Indexes {
		if err := e.placeIndex(x); err != nil {
			return nil, err
		}
	}
	t.UUID = newUUID()
	if e.realistic() {
		t.Status, t.Due = catalog.Creating, c.now.Add(realisticTableDelay)
	}
	if err := e.catalog.Create(t, nil); err != nil {
		if errors.Is(err, catalog.ErrExists) {
			return nil, errInUse("Table already exists: " + t.Name)
		}
		return nil, err
	}
	return e.created(t)
}

// created is the answer that tells of a table which has been put into the catalogue.
func (e *Engine) created(t *catalog.Table) (*tableDescriptionOutput, error) {
	d, err := e.describe(t)
	if err != nil {
		return nil, err
	}
	d.creating(t.Warm != nil)
	return &tableDescriptionOutput{d}, nil
}

// placeIndex gives an index that is to be filled the space for its entries.
func (e *Engine) placeIndex(x *catalog.Index) (err error) {
	x.ID, err = e.catalog.NewSpace()
	x.Order = catalog.ServiceOrder
	return err
}

func (e *Engine) realistic() bool { return e.opts.Lifecycle == "realistic" }

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return uuidOf(b)
}

func uuidOf(b [16]byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
