package tablefile

// A Step is one call of the service, in words and as data. Destroys says what is lost by it, "" for nothing.
type Step struct {
	API      string `json:"api"`
	Text     string `json:"change"`
	Destroys string `json:"destroys,omitempty"`
	Action   Action `json:"-"`
}

// An Action is what a Step does: *Create, *Update, *SetTTL, *SetPITR, *SetTags, *SetPolicy, *SetInsights, *SetScaling or *SetKinesis. The table is the plan's.
type Action interface{ action() }

// Create makes the table with all that CreateTable takes.
type Create struct{ Table *Table }

// Update is one UpdateTable. Only what is set is sent, and MakePlan sets one thing at a time, as the service wants it.
type Update struct {
	Billing                    string
	Capacity, Max, Warm        *Units
	Indexes                    []Index // capacity, maximum or warm throughput of indexes that stay
	Class, Stream              string
	Protection, Encryption     string
	CreateIndex                *Index
	CreateVector               *Vector
	DeleteIndex, DeleteVector  string
	CreateReplica, EditReplica *Replica
	DeleteReplica              string
	// ReplicaKeys are the keys of all replicas, of which that of the table's own Region is one: they change together or not at all.
	ReplicaKeys []Replica
	// Attributes are the definitions that go with CreateIndex and CreateVector.
	Attributes []Key
}

// SetTTL turns expiry by an attribute on or off.
type SetTTL struct {
	Attribute string
	On        bool
}

// SetPITR turns point-in-time recovery on for some days, or off: 0.
type SetPITR struct{ Days int }

// SetTags sets some tags and removes others.
type SetTags struct {
	Set    map[string]string
	Remove []string
}

// SetPolicy puts a policy, or deletes it: Off.
type SetPolicy struct{ Policy string }

// SetInsights is of the table, or of an index.
type SetInsights struct{ Index, Mode string }

// SetKinesis begins, ends or changes the sending of changes to a stream. Do is enable, disable or update.
type SetKinesis struct {
	Do string
	Kinesis
}

func (*Create) action()      {}
func (*Update) action()      {}
func (*SetTTL) action()      {}
func (*SetPITR) action()     {}
func (*SetTags) action()     {}
func (*SetPolicy) action()   {}
func (*SetInsights) action() {}
func (*SetKinesis) action()  {}
