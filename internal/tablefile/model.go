package tablefile

import (
	"slices"
	"strconv"
	"strings"
)

// Words of settings, as a file has them.
const (
	Off         = "off"
	On          = "on"
	OnDemand    = "on-demand"
	Provisioned = "provisioned"
	AWSOwned    = "aws-owned"
	AWSManaged  = "aws-managed"
)

// A Table is all that can be said of a table.
type Table struct {
	Name string
	// Keys are the partition key and the sort key, if there is one.
	Keys []Key
	// Billing is OnDemand, Provisioned or "".
	Billing string
	// Capacity is provisioned, in units; Max is the maximum of a table that is on demand, where Unlimited is none; Warm is the least
	// warm throughput, in units a second.
	Capacity, Max, Warm *Units
	// Scaling moves the capacity of a provisioned table.
	Scaling *Scaling
	// Indexes are global, Local local secondary indexes. Nil is nothing said, empty is none.
	Indexes []Index
	Local   []Index
	Vectors []Vector
	// TTL is the attribute that makes items expire, or Off.
	TTL string
	// PITR is how many days point-in-time recovery reaches back; 0 is off.
	PITR *int
	// Stream is new-and-old, new, old, keys or Off.
	Stream string
	Tags   map[string]string
	// Policy is a resource policy as compact JSON, or Off. TableARN in it stands for the table's own ARN.
	Policy string
	// Class is standard or infrequent-access.
	Class string
	// Protection is On or Off: whether the table cannot be deleted.
	Protection string
	// Encryption is AWSOwned, AWSManaged or the ARN of a key.
	Encryption string
	// Insights is all, throttled or Off.
	Insights string
	Kinesis  []Kinesis
	Replicas []Replica
	// Line is where the table stands in its file, 0 where it comes from none.
	Line int
}

// A Key is one attribute of a key. Type is S, N or B.
type Key struct {
	Name, Type string
	Sort       bool
}

// Units are read and write units a second; Unlimited stands for a maximum that is not set.
type Units struct{ Read, Write int64 }

// Unlimited is a maximum that is not set.
const Unlimited = -1

// An Index is a secondary index. Capacity, Scaling, Max, Warm and Insights are for global ones only.
type Index struct {
	Name                string
	Keys                []Key
	Projection          Projection
	Capacity, Max, Warm *Units
	Scaling             *Scaling
	Insights            string
}

// A Projection says which attributes an index holds: all, keys, or keys and Include.
type Projection struct {
	Kind    string
	Include []string
}

// A Vector is a vector index.
type Vector struct {
	Name, Attribute string
	Dimensions      int64
	// Distance is cosine, dot-product or euclidean.
	Distance   string
	Projection Projection
	// Partition and Filters are the search schema. They are attributes, with a type where one is known.
	Partition, Filters []Key
}

// A Kinesis is a stream of Kinesis the changes are sent to. Precision is millisecond, microsecond or "".
type Kinesis struct{ Stream, Precision string }

// A Replica is a copy in another region. Class and Key are "" where they are the table's.
type Replica struct {
	Region, Class, Key string
	// Read overrides the read capacity, 0 is not.
	Read int64
}

// TableARN stands for a table's own ARN in its policy, so that the policy fits its copies too.
const TableARN = "${table-arn}"

// Settings are the names of what a file can say, in the order it is written.
var Settings = []string{
	"keys", "billing", "capacity", "auto-scaling", "on-demand-max", "warm", "indexes", "local-indexes", "vector-indexes", "ttl", "pitr", "stream", "tags",
	"policy", "class", "deletion-protection", "encryption", "insights", "kinesis", "replicas",
}

// Without makes everything named unsaid; the name of the table and its keys stay.
func (t *Table) Without(settings ...string) {
	for _, s := range settings {
		t.forget(s)
	}
}

func (t *Table) forget(setting string) {
	switch setting {
	case "billing":
		t.Billing, t.Capacity, t.Max, t.Scaling = "", nil, nil, nil
		for i := range t.Indexes {
			t.Indexes[i].Capacity, t.Indexes[i].Max, t.Indexes[i].Scaling = nil, nil, nil
		}
	case "capacity":
		t.Capacity = nil
	case "auto-scaling":
		t.Scaling = nil
		for i := range t.Indexes {
			t.Indexes[i].Scaling = nil
		}
	case "on-demand-max":
		t.Max = nil
	case "warm":
		t.Warm = nil
		for i := range t.Indexes {
			t.Indexes[i].Warm = nil
		}
	case "indexes":
		t.Indexes = nil
	case "local-indexes":
		t.Local = nil
	case "vector-indexes":
		t.Vectors = nil
	case "ttl":
		t.TTL = ""
	case "pitr":
		t.PITR = nil
	case "stream":
		t.Stream = ""
	case "tags":
		t.Tags = nil
	case "policy":
		t.Policy = ""
	case "class":
		t.Class = ""
	case "deletion-protection":
		t.Protection = ""
	case "encryption":
		t.Encryption = ""
	case "insights":
		t.Insights = ""
		for i := range t.Indexes {
			t.Indexes[i].Insights = ""
		}
	case "kinesis":
		t.Kinesis = nil
	case "replicas":
		t.Replicas = nil
	}
}

// Clone is a copy that shares no list with t.
func (t *Table) Clone() *Table {
	c := *t
	c.Keys, c.Indexes, c.Local = slices.Clone(t.Keys), slices.Clone(t.Indexes), slices.Clone(t.Local)
	c.Vectors, c.Kinesis, c.Replicas = slices.Clone(t.Vectors), slices.Clone(t.Kinesis), slices.Clone(t.Replicas)
	return &c
}

// Attributes are the definitions of all attributes of keys, each once, in the order they are met.
func (t *Table) Attributes() []Key {
	var all []Key
	add := func(keys []Key) {
		for _, k := range keys {
			if k.Type != "" && !slices.ContainsFunc(all, func(h Key) bool { return h.Name == k.Name }) {
				all = append(all, Key{Name: k.Name, Type: k.Type})
			}
		}
	}
	add(t.Keys)
	for _, x := range t.Indexes {
		add(x.Keys)
	}
	for _, x := range t.Local {
		add(x.Keys)
	}
	for _, v := range t.Vectors {
		add(v.Partition)
		add(v.Filters)
	}
	return all
}

// plainName tells whether a name can stand in the short form of keys.
func plainName(name string) bool {
	return name != "" && !strings.ContainsAny(name, ",+: \t\n\"'#{}[]&*!|>%@`") && name[0] != '-' && name[0] != '?'
}

// KeysText writes keys in the short form: pk:S, sk:N; parts of one role are joined by "+".
func KeysText(keys []Key) string {
	var hash, sort []string
	for _, k := range keys {
		text := k.Name
		if k.Type != "" {
			text += ":" + k.Type
		}
		if k.Sort {
			sort = append(sort, text)
		} else {
			hash = append(hash, text)
		}
	}
	text := strings.Join(hash, "+")
	if len(sort) > 0 {
		text += ", " + strings.Join(sort, "+")
	}
	return text
}

// Text writes units as read and write.
func (u *Units) Text() string {
	if u == nil {
		return ""
	}
	if u.Read == Unlimited && u.Write == Unlimited {
		return "none"
	}
	return number(u.Read) + " read, " + number(u.Write) + " write"
}

func number(n int64) string {
	if n == Unlimited {
		return "unlimited"
	}
	return strconv.FormatInt(n, 10)
}

// Text writes a projection as a file has it.
func (p Projection) Text() string {
	if p.Kind == "include" {
		return "[" + strings.Join(p.Include, ", ") + "]"
	}
	return p.Kind
}

func daysText(days *int) string {
	switch {
	case days == nil:
		return ""
	case *days == 0:
		return Off
	case *days == 1:
		return "1 day"
	}
	return strconv.Itoa(*days) + " days"
}
