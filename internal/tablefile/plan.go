package tablefile

import (
	"fmt"
	"slices"
	"strings"
)

// A Plan is the steps that make a table what it should be, in their order. Notes say what will take its time or has a catch.
type Plan struct {
	Table string   `json:"table"`
	Steps []Step   `json:"steps"`
	Notes []string `json:"notes,omitempty"`
}

// Destroys tells whether any step loses something.
func (p *Plan) Destroys() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Destroys != "" })
}

// A Blocked error lists what no call can change.
type Blocked struct {
	Table   string
	Reasons []string
}

// Error lists the reasons.
func (b *Blocked) Error() string {
	return "the table " + b.Table + " cannot be changed to that: " + strings.Join(b.Reasons, "; ")
}

// MakePlan says how have becomes want; a nil have is a table that is not there. What want does not name stays as it is. The error is *Blocked.
func MakePlan(have, want *Table) (*Plan, error) {
	p := &planner{Plan: Plan{Table: want.Name, Steps: []Step{}}, want: want}
	if have == nil {
		return p.fresh()
	}
	p.have = have
	p.blocked()
	p.capacity()
	if len(p.reasons) > 0 {
		return nil, &Blocked{want.Name, p.reasons}
	}
	p.table()
	p.indexes()
	p.vectors()
	p.settings()
	p.replicas()
	return &p.Plan, nil
}

type planner struct {
	Plan
	have, want *Table
	made       bool // by the plan itself
	reasons    []string
}

func (p *planner) step(api, text string, a Action) {
	p.Steps = append(p.Steps, Step{API: api, Text: text, Action: a})
}

func (p *planner) destroy(api, text, what string, a Action) {
	p.Steps = append(p.Steps, Step{API: api, Text: text, Destroys: what, Action: a})
}

func (p *planner) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}

// fresh plans a table that is not there. CreateTable takes much of it; the rest follows as it does for a table that has none of it.
func (p *planner) fresh() (*Plan, error) {
	w := p.want
	if len(w.Keys) == 0 {
		return nil, &Blocked{w.Name, []string{"it is not there, and keys is missing to make it"}}
	}
	parts := []string{"create the table " + w.Name + ": " + KeysText(w.Keys)}
	for _, x := range slices.Concat(w.Indexes, w.Local) {
		parts = append(parts, "index "+x.Name+": "+KeysText(x.Keys))
	}
	p.made = true
	p.step("CreateTable", strings.Join(parts, "; "), &Create{w})
	days := 0
	p.have = &Table{TTL: Off, PITR: &days, Insights: Off, Tags: w.Tags, Policy: w.Policy, Kinesis: []Kinesis{}, Replicas: []Replica{}, Indexes: slices.Clone(w.Indexes), Scaling: notScaled()}
	for i := range p.have.Indexes {
		p.have.Indexes[i].Insights, p.have.Indexes[i].Scaling = Off, notScaled()
	}
	p.settings()
	p.replicas()
	return &p.Plan, nil
}

// blocked finds what is fixed when a table is made.
func (p *planner) blocked() {
	if len(p.want.Keys) > 0 && KeysText(p.want.Keys) != KeysText(p.have.Keys) {
		p.reasons = append(p.reasons, fmt.Sprintf("its keys are %s, and stay so (wanted: %s)", KeysText(p.have.Keys), KeysText(p.want.Keys)))
	}
	if p.want.Local != nil && p.have.Local != nil {
		d := &differ{}
		d.indexes("", p.have.Local, p.want.Local)
		for _, x := range d.list {
			p.reasons = append(p.reasons, "the local index "+x.Setting+" can only be made with the table, and not be changed")
		}
	}
}

// capacity plans billing, provisioned capacity, maximums and warm throughput. Switching to provisioned wants the capacity of each index in the same call.
func (p *planner) capacity() {
	have, want := p.have, p.want
	u := &Update{}
	var said []string
	if want.Billing != "" && want.Billing != have.Billing {
		u.Billing = want.Billing
		said = append(said, "billing: "+have.Billing+" → "+want.Billing)
	}
	if units := want.Capacity; units != nil {
		units = moved(have.Capacity, units, have.Scaling, want.Scaling)
		if have.Capacity == nil || *units != *have.Capacity {
			u.Capacity = units
			said = append(said, "capacity: "+units.Text())
		}
	}
	if u.Billing == Provisioned && u.Capacity == nil {
		p.reasons = append(p.reasons, "a provisioned table needs capacity")
	}
	for _, old := range have.Indexes {
		// Indexes that will be deleted are there yet: a switch to provisioned wants their capacity too.
		x, stays := find(want.Indexes, old.Name)
		units := x.Capacity
		switch {
		case units == nil && u.Billing == Provisioned:
			units = want.Capacity
		case u.Billing != Provisioned && (!stays || indexText(old) != indexText(x)):
			continue
		}
		if units != nil {
			units = moved(old.Capacity, units, old.Scaling, x.Scaling)
		}
		if units != nil && (old.Capacity == nil || *old.Capacity != *units) {
			u.Indexes = append(u.Indexes, Index{Name: old.Name, Capacity: units})
			said = append(said, "capacity of index "+old.Name+": "+units.Text())
		}
	}
	if u.Billing != "" {
		p.note("the service lets billing be changed a few times in 24 hours only")
	}
	if len(said) > 0 {
		p.step("UpdateTable", strings.Join(said, ", "), u)
	}
	p.limits("on-demand-max", func(x *Index) **Units { return &x.Max }, have.Max, want.Max, func(u *Update) **Units { return &u.Max },
		func(have, want *Units) bool {
			return *want != Units{Unlimited, Unlimited} && have == nil || have != nil && *have != *want
		})
	p.limits("warm", func(x *Index) **Units { return &x.Warm }, have.Warm, want.Warm, func(u *Update) **Units { return &u.Warm },
		func(have, want *Units) bool { return have == nil || have.Read < want.Read || have.Write < want.Write })
}

// limits plans a setting that a table and its indexes each have.
func (p *planner) limits(name string, of func(*Index) **Units, have, want *Units, into func(*Update) **Units, differs func(have, want *Units) bool) {
	u := &Update{}
	var said []string
	if want != nil && differs(have, want) {
		*into(u) = want
		said = append(said, name+": "+want.Text())
	}
	for _, x := range p.want.Indexes {
		old, ok := find(p.have.Indexes, x.Name)
		if units := *of(&x); ok && units != nil && differs(*of(&old), units) {
			change := Index{Name: x.Name}
			*of(&change) = units
			u.Indexes = append(u.Indexes, change)
			said = append(said, name+" of index "+x.Name+": "+units.Text())
		}
	}
	if len(said) > 0 {
		p.step("UpdateTable", strings.Join(said, ", "), u)
	}
}

// changed tells whether want names a setting, and other than it is.
func changed(have, want string) bool { return want != "" && want != have }

// table plans what each has an UpdateTable of its own.
func (p *planner) table() {
	have, want := p.have, p.want
	if changed(have.Class, want.Class) {
		p.step("UpdateTable", "class: "+have.Class+" → "+want.Class, &Update{Class: want.Class})
		p.note("the service lets the class of a table be changed twice in 30 days")
	}
	if changed(have.Protection, want.Protection) {
		p.step("UpdateTable", "deletion-protection: "+want.Protection, &Update{Protection: want.Protection})
	}
	if changed(have.Encryption, want.Encryption) && p.replicaKeys() == nil {
		p.step("UpdateTable", "encryption: "+want.Encryption, &Update{Encryption: want.Encryption})
	}
	p.stream()
}

// stream plans the stream: another view is another stream, so the old one ends first.
func (p *planner) stream() {
	have, want := p.have.Stream, p.want.Stream
	if !changed(have, want) {
		return
	}
	if have != "" && have != Off {
		p.destroy("UpdateTable", "end the stream ("+have+")", "readers of the stream get no more changes, and have 24 hours for those there are", &Update{Stream: Off})
	}
	if want != Off {
		p.step("UpdateTable", "stream: "+want, &Update{Stream: want})
	}
}

// indexes plans global indexes: deletions, then creations, one in each call. One that is to be otherwise is deleted and made again.
func (p *planner) indexes() {
	if p.want.Indexes == nil {
		return
	}
	for _, old := range p.have.Indexes {
		x, stays := find(p.want.Indexes, old.Name)
		switch {
		case !stays:
			p.destroy("UpdateTable", "delete the index "+old.Name+" ("+indexText(old)+")", "the index "+old.Name, &Update{DeleteIndex: old.Name})
		case indexText(x) != indexText(old):
			p.destroy("UpdateTable", "delete the index "+old.Name+" ("+indexText(old)+"), to make it anew", "the index "+old.Name+" until it is built again", &Update{DeleteIndex: old.Name})
		}
	}
	for _, x := range p.want.Indexes {
		if old, there := find(p.have.Indexes, x.Name); there && indexText(old) == indexText(x) {
			continue
		}
		made := x
		if p.billing() == Provisioned && made.Capacity == nil {
			made.Capacity = p.want.Capacity
			if made.Capacity == nil {
				made.Capacity = p.have.Capacity
			}
		}
		p.step("UpdateTable", "create the index "+x.Name+" ("+indexText(x)+")", &Update{CreateIndex: &made, Attributes: p.definitions(x.Keys)})
	}
}

func (p *planner) billing() string {
	if p.want.Billing != "" {
		return p.want.Billing
	}
	return p.have.Billing
}

// definitions are those of the keys of something new. The service wants those of the table's key too.
func (p *planner) definitions(keys []Key) []Key {
	t := &Table{Keys: slices.Concat(p.have.Keys, keys)}
	return t.Attributes()
}

func (p *planner) vectors() {
	if p.want.Vectors == nil {
		return
	}
	text := func(list []Vector, name string) string {
		for _, v := range list {
			if v.Name == name {
				return vectorText(v)
			}
		}
		return ""
	}
	for _, old := range p.have.Vectors {
		if text(p.want.Vectors, old.Name) != vectorText(old) {
			p.destroy("UpdateTable", "delete the vector index "+old.Name, "the vector index "+old.Name, &Update{DeleteVector: old.Name})
		}
	}
	for _, v := range p.want.Vectors {
		if text(p.have.Vectors, v.Name) != vectorText(v) {
			p.step("UpdateTable", "create the vector index "+v.Name+" ("+vectorText(v)+")", &Update{CreateVector: &v, Attributes: p.definitions(slices.Concat(v.Partition, v.Filters))})
		}
	}
}
