package catalog

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Extensions are a table's settings beyond its definition: what has API operations of its own. All of it is kept and
// swapped with the table.
type Extensions struct {
	Tags   []Tag   `json:",omitempty"`
	TTL    TTL     `json:",omitzero"`
	Policy *Policy `json:",omitempty"`
	// PastStreams are the streams before the latest one.
	PastStreams []Stream `json:",omitempty"`
	// Logged says that each write leaves a change record with its images, because a reader (stream, point-in-time
	// recovery, export, replica) needs the history.
	Logged bool `json:",omitempty"`
	// Replication is set while the table is one of a global table.
	Replication *Replication `json:",omitempty"`
	// More holds settings by the name of what they belong to, in the form their owner wrote them.
	More map[string]json.RawMessage `json:",omitempty"`
}

// TTL is the time-to-live setting.
type TTL struct {
	Enabled   bool
	Attribute string
	Changed   time.Time `json:",omitzero"`
	Filing    bool      `json:",omitempty"` // the items that were there before are not all filed by their time yet
}

// Policy is a resource policy as given, with its revision.
type Policy struct {
	Document, Revision string
	// Before is what readers are told of until the change is through: kept where changes take their time, and empty where there was none.
	Before *Policy `json:",omitempty"`
}

func (e Extensions) clone() Extensions {
	e.Tags = slices.Clone(e.Tags)
	e.PastStreams = slices.Clone(e.PastStreams)
	e.More = maps.Clone(e.More)
	return e
}

// Setting reads what SetSetting stored under name into v; false when there is nothing.
func (e *Extensions) Setting(name string, v any) (bool, error) {
	raw, ok := e.More[name]
	if !ok {
		return false, nil
	}
	return true, json.Unmarshal(raw, v)
}

// SetSetting keeps v under name; a nil v removes it. Only on a Clone.
func (e *Extensions) SetSetting(name string, v any) error {
	if v == nil {
		delete(e.More, name)
		return nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if e.More == nil {
		e.More = map[string]json.RawMessage{}
	}
	e.More[name] = raw
	return nil
}
