// Package catalog knows which tables and indexes there are, how they are defined and in which state of life they are.
//
// Everything it hands out is immutable: a change makes a new Table, writes it to the store and swaps one pointer, so
// readers take no lock and never see half a change. Tables are told apart by account, region and name.
package catalog

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Account is the account id in every ARN the engine makes; ARNs of other accounts are refused, but for those that Options.Accounts names.
const Account = "000000000000"

// Ref names a table. Namespace is empty unless tables are separated by access key.
type Ref struct {
	Namespace string `json:",omitempty"`
	Region    string
	Name      string
}

// KeyAttribute is one attribute of a key, with the type its definition gives it (S, N or B).
type KeyAttribute struct {
	Name string
	Type attr.Kind
}

// Schema is the key of a table or index. A table has one Hash attribute and at most one Range attribute; a global
// secondary index may have up to four of each.
type Schema struct {
	Hash  []KeyAttribute
	Range []KeyAttribute `json:",omitempty"`
}

// Attributes are all attributes of the key, Hash before Range.
func (s Schema) Attributes() []KeyAttribute { return slices.Concat(s.Hash, s.Range) }

// Has reports whether name is one of the attributes of the key.
func (s Schema) Has(name string) bool {
	for _, k := range s.Hash {
		if k.Name == name {
			return true
		}
	}
	for _, k := range s.Range {
		if k.Name == name {
			return true
		}
	}
	return false
}

// Status is a state of life as the API spells it.
type Status string

// The states of tables and indexes (API reference, TableStatus and IndexStatus). An index that is changed is UPDATING with its table.
const (
	Creating Status = "CREATING"
	Updating Status = "UPDATING"
	Deleting Status = "DELETING"
	Active   Status = "ACTIVE"
)

// RowOrder says in which order a table or index keeps its partitions, and an index the entries of one key. It stays what it was when the first row was
// written, and a Scan reads in this order.
type RowOrder uint8

const (
	// OwnOrder is by storage.Hash, and in an index then by the table's key: what stores of format 1 hold.
	OwnOrder RowOrder = iota
	// ServiceOrder is by the service's hash of the partition key, and in an index then by its hash of the table's whole key.
	ServiceOrder
)

// Throughput is provisioned capacity, in units a second, with the history that ProvisionedThroughputDescription tells.
type Throughput struct {
	Read, Write                int64
	LastIncrease, LastDecrease time.Time `json:",omitzero"`
	DecreasesToday             int64     `json:",omitempty"`
}

// Units are two limits or rates: OnDemandThroughput (−1 or 0 means none) and WarmThroughput.
type Units struct{ Read, Write int64 }

// Stream is a table's stream setting. Label and the ARN that contains it outlive the setting: DescribeTable goes on
// showing the latest ones after a stream is disabled.
type Stream struct {
	Enabled bool
	View    string    `json:",omitempty"` // KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES
	Label   string    `json:",omitempty"`
	Closed  time.Time `json:",omitzero"` // when it was disabled; its records can be read for a day

	// From and To are the first and the last number its records can have, as far as known: the change log may hold
	// records of the stream before it and of other readers. Zero: only the times tell.
	From, To uint64 `json:",omitzero"`
}

// SSE is server-side encryption with a KMS key; a table without it is encrypted with the service's own key.
type SSE struct {
	Enabled bool
	KeyARN  string `json:",omitempty"`
}

// Tag is a tag of a table. Limits are checked where tags come in.
type Tag struct{ Key, Value string }

// Table is one table. It must not be changed once the catalogue has it: change a Clone and hand it to Update.
type Table struct {
	Ref
	ID      storage.SpaceID // where its rows are
	Order   RowOrder        `json:",omitempty"`
	UUID    string          // TableId
	Created time.Time
	Status  Status
	// Due is when the present CREATING, UPDATING or DELETING ends by itself; zero when nothing is under way.
	Due time.Time `json:",omitzero"`

	Attributes []KeyAttribute // AttributeDefinitions, in the order given; they are shown sorted
	Key        Schema
	Indexes    []*Index `json:",omitempty"`

	OnDemand                 bool      // PAY_PER_REQUEST
	BillingShown             bool      // the answer has a BillingModeSummary: the mode was or is on demand
	LastOnDemand             time.Time `json:",omitzero"`
	Provisioned              Throughput
	OnDemandLimit            *Units    `json:",omitempty"`
	Warm                     *Units    `json:",omitempty"`
	Class                    string    `json:",omitempty"` // empty: STANDARD, never set
	ClassUpdated             time.Time `json:",omitzero"`
	DeletionProtection       bool
	DisassociationProtection bool `json:",omitempty"`
	Stream                   Stream
	SSE                      *SSE `json:",omitempty"`

	Extensions
}

// Index is a secondary index or a vector index of a table.
type Index struct {
	Name       string
	ID         storage.SpaceID
	Order      RowOrder `json:",omitempty"`
	Local      bool
	Key        Schema
	Projection string   // ALL, KEYS_ONLY, INCLUDE
	Include    []string `json:",omitempty"` // NonKeyAttributes
	Vector     *Vector  `json:",omitempty"` // of a vector index; nil for the other kinds

	Status      Status
	Backfilling bool      `json:",omitempty"` // not every item of the table is in it yet
	Due         time.Time `json:",omitzero"`

	Provisioned   Throughput
	OnDemandLimit *Units `json:",omitempty"`
	Warm          *Units `json:",omitempty"`

	stored []string // attributes an entry keeps when not all; computed once
}

// Clone is a copy that may be changed and handed to Update: its attributes, indexes and settings are its own, keys and names are shared.
func (t *Table) Clone() *Table {
	c := *t
	c.Attributes = slices.Clone(t.Attributes)
	c.Indexes = make([]*Index, len(t.Indexes))
	for i, x := range t.Indexes {
		y := *x
		c.Indexes[i] = &y
	}
	c.Extensions = t.Extensions.clone()
	return &c
}

// Index finds an index of any kind by name; nil where there is none.
func (t *Table) Index(name string) *Index {
	for _, x := range t.Indexes {
		if x.Name == name {
			return x
		}
	}
	return nil
}

// Definition gives the type that AttributeDefinitions has for a name; false where the attribute is not defined.
func (t *Table) Definition(name string) (attr.Kind, bool) {
	for _, a := range t.Attributes {
		if a.Name == name {
			return a.Type, true
		}
	}
	return attr.Invalid, false
}

// ARN is the table's Amazon Resource Name, of the account Account.
func (t *Table) ARN() string { return TableARN(t.Region, t.Name) }

// TableARN is the Amazon Resource Name that a table of this name has in a Region, whether it is there or not.
func TableARN(region, name string) string {
	return "arn:" + Partition(region) + ":dynamodb:" + region + ":" + Account + ":table/" + name
}

// Partition is the part of AWS a Region belongs to, as ARNs name it. A Region that AWS does not have is of the largest.
func Partition(region string) string {
	for _, p := range [...]struct{ begin, partition string }{
		{"cn-", "aws-cn"},
		{"us-gov-", "aws-us-gov"},
		{"us-iso-", "aws-iso"},
		{"us-isob-", "aws-iso-b"},
		{"eu-isoe-", "aws-iso-e"},
		{"us-isof-", "aws-iso-f"},
		{"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.begin) {
			return p.partition
		}
	}
	return "aws"
}

// IndexARN is the Amazon Resource Name of an index of this name.
func (t *Table) IndexARN(index string) string { return t.ARN() + "/index/" + index }

// StreamARN is the name of the latest stream, empty when there never was one.
func (t *Table) StreamARN() string {
	if t.Stream.Label == "" {
		return ""
	}
	return t.ARN() + "/stream/" + t.Stream.Label
}

// Stored lists the attributes an entry of the index keeps: the table's key, the index's key and what is projected. all
// means every attribute of the item.
func (x *Index) Stored() (names []string, all bool) { return x.stored, x.Projection == "ALL" }

// Holds reports whether entries of the index keep the attribute.
func (x *Index) Holds(name string) bool {
	return x.Projection == "ALL" || slices.Contains(x.stored, name)
}

// prepare computes what is derived from the definition.
func (t *Table) prepare() {
	for _, x := range t.Indexes {
		x.stored = x.stored[:0:0]
		add := func(name string) {
			if !slices.Contains(x.stored, name) {
				x.stored = append(x.stored, name)
			}
		}
		for _, k := range t.Key.Attributes() {
			add(k.Name)
		}
		for _, k := range x.Defined() {
			add(k.Name)
		}
		if x.Projection == "INCLUDE" {
			for _, n := range x.Include {
				add(n)
			}
		}
	}
}

func decodeTable(data []byte) (*Table, error) {
	t := new(Table)
	if err := json.Unmarshal(data, t); err != nil {
		return nil, err
	}
	t.prepare()
	return t, nil
}
