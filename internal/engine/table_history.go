package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Under a realistic life cycle some settings can be changed so many times in so long, and none of it shows in a description (docs/api-quirks:
// DDB-TABLE-003, 081 and 283). The history is of one table: another of the same name begins anew.
const (
	protectionInterval = 15 * time.Second
	classChanges       = 2
	classWindow        = 30 * 24 * time.Hour
	sseChanges         = 4
	sseWindow          = 24 * time.Hour
	sseInterval        = 6 * time.Hour
	sseDelay           = realisticIndexDelay // how long a change of encryption is UPDATING; the service takes 22 s
)

// historySetting names the setting in the catalogue.
const historySetting = "history"

// changeHistory is when a table's settings were changed, kept under a realistic life cycle alone.
type changeHistory struct {
	Doing      doing       `json:",omitzero"`
	Protection time.Time   `json:",omitzero"`
	Warm       time.Time   `json:",omitzero"`
	Class      []time.Time `json:",omitempty"`
	SSE        []time.Time `json:",omitempty"`

	Warming map[string]warmed `json:",omitempty"` // by the name of an index; "" is the table
}

// warmed is warm throughput that was raised: the units of before are shown until the new ones are there (DDB-TABLE-155).
type warmed struct {
	At  time.Time
	Was catalog.Units
}

// noteWarm notes warm throughput that an update has raised.
func (c *call) noteWarm(t, before *catalog.Table, in *updateTableInput) error {
	if !c.e.realistic() {
		return nil
	}
	h, err := historyOf(t)
	if err != nil {
		return err
	}
	note := func(name string, old, raised *catalog.Units, p catalog.Throughput) {
		was := describeWarm(old, before.OnDemand, p, catalog.Active)
		if raised == nil || was.ReadUnitsPerSecond >= raised.Read && was.WriteUnitsPerSecond >= raised.Write {
			return
		}
		if h.Warming == nil {
			h.Warming = map[string]warmed{}
		}
		h.Warming[name] = warmed{c.now.UTC(), catalog.Units{Read: was.ReadUnitsPerSecond, Write: was.WriteUnitsPerSecond}}
	}
	if in.WarmThroughput.given() {
		note("", before.Warm, t.Warm, before.Provisioned)
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Update == nil || !u.Update.WarmThroughput.given() {
			continue
		}
		if x, y := before.Index(u.Update.IndexName), t.Index(u.Update.IndexName); x != nil && y != nil {
			note(x.Name, x.Warm, y.Warm, x.Provisioned)
		}
	}
	return t.SetSetting(historySetting, h)
}

func historyOf(t *catalog.Table) (changeHistory, error) {
	var h changeHistory
	_, err := t.Setting(historySetting, &h)
	return h, err
}

func (c *call) changingSSE(h changeHistory) bool {
	return c.e.realistic() && len(h.SSE) > 0 && c.now.Before(h.SSE[len(h.SSE)-1].Add(sseDelay))
}

// noteChange notes a change that is about to be made, or refuses it as one too many. before is the table as it was.
func (c *call) noteChange(t *catalog.Table, before *catalog.Table, in *updateTableInput) error {
	if !c.e.realistic() {
		return nil
	}
	h, err := historyOf(t)
	if err != nil {
		return err
	}
	now, a := c.now.UTC(), in.asks()
	h.Doing = doing{}
	switch {
	case a.protection && t.DeletionProtection != before.DeletionProtection:
		if again := h.Protection.Add(protectionInterval); now.Before(again) {
			return &apiError{Type: "ThrottlingException", Message: fmt.Sprintf("Deletion protection setting for table %s modified within the previous %d milliseconds. Please try again after %s",
				t.Name, protectionInterval.Milliseconds(), again.Format(stamp))}
		}
		h.Protection = now
	case a.class:
		h.Doing = doing{"class", t.Class}
		if err := h.countClass(now, t.Class != before.Class); err != nil {
			return err
		}
	case a.sse:
		if c.changingSSE(h) {
			return errInUse(stillInUse + "Server-Side Encryption is still being updated")
		}
		if err := h.countSSE(now); err != nil {
			return err
		}
	case a.warm:
		h.Warm = now
	case a.billing && t.OnDemand != before.OnDemand:
		h.Doing.What = "billing"
	case a.iops:
		h.Doing.What = "iops"
	case a.stream:
		h.Doing = doing{"stream", "DISABLE"}
		if t.Stream.Enabled {
			h.Doing.Detail = "ENABLE"
		}
	}
	return t.SetSetting(historySetting, h)
}

func (h *changeHistory) countClass(now time.Time, changes bool) error {
	h.Class = slices.DeleteFunc(h.Class, func(at time.Time) bool { return now.Sub(at) > classWindow })
	if len(h.Class) >= classChanges {
		return &apiError{Type: "LimitExceededException", Message: fmt.Sprintf("Subscriber limit exceeded: Updates to TableClass are limited to %d times in %d day(s).",
			classChanges, int(classWindow.Hours()/24))}
	}
	if changes {
		h.Class = append(h.Class, now)
	}
	return nil
}

func (h *changeHistory) countSSE(now time.Time) error {
	h.SSE = slices.DeleteFunc(h.SSE, func(at time.Time) bool { return now.Sub(at) > sseWindow })
	if n := len(h.SSE); n >= sseChanges {
		if next := h.SSE[n-1].Add(sseInterval); now.Before(next) {
			return &apiError{Type: "LimitExceededException", Message: fmt.Sprintf("Subscriber limit exceeded: Encryption mode changes are limited in the 24h window ending at %s. "+
				"After the first %d change, each subsequent change in the same window can be performed at most once every %d seconds. Number of updates today: %d. "+
				"Last change at %s. Next changes can be made at %s.",
				h.SSE[0].Add(sseWindow).Format(stamp), sseChanges, int(sseInterval.Seconds()), n, h.SSE[n-1].Format(stamp), next.Format(stamp))}
		}
	}
	h.SSE = append(h.SSE, now)
	return nil
}
