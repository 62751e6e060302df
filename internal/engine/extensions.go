package engine

import (
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// createExtensions keeps the settings of a new table that have operations of their own.
func createExtensions(c *call, t *catalog.Table, in *createTableInput) error {
	seen := map[string]bool{}
	for _, g := range in.Tags {
		if seen[g.Key] {
			return invalidParameter("Duplicate tag keys are not allowed: " + g.Key)
		}
		seen[g.Key] = true
	}
	var err error
	if t.Tags, err = mergeTags(nil, in.Tags); err != nil {
		return err
	}
	if in.ResourcePolicy != nil {
		if err := checkPolicy(*in.ResourcePolicy, t.ARN(), true); err != nil {
			return err
		}
		t.Policy = &catalog.Policy{Document: *in.ResourcePolicy, Revision: nextRevision(c.now, nil)}
	}
	return nil
}

// describeExtensions adds what has operations of its own and shows in the description too.
func (e *Engine) describeExtensions(t *catalog.Table, d *tableDescription) error {
	var from restored
	ok, err := t.Setting(restoreSetting, &from)
	if err == nil && ok {
		d.RestoreSummary, err = from.summary()
	}
	return err
}
