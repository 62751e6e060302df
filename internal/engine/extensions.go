package engine

import (
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// createExtensions keeps the settings of a new table that have operations of their own.
func createExtensions(c *call, t *catalog.Table, in *createTableInput) error {
	var err error
	if err := checkTags(in.Tags); err != nil {
		return err
	}
	if t.Tags, err = mergeTags(nil, in.Tags); err != nil {
		return err
	}
	if in.ResourcePolicy != nil {
		if err := checkPolicy(*in.ResourcePolicy, t.ARN()); err != nil {
			return err
		}
		document, err := canonicalPolicy(*in.ResourcePolicy)
		if err != nil {
			return err
		}
		t.Policy = &catalog.Policy{Document: document, Revision: nextRevision(c.now, nil)}
	}
	return nil
}

// describeExtensions adds what has operations of its own and shows in the description too.
func (e *Engine) describeExtensions(t *catalog.Table, d *tableDescription) error {
	if err := e.describeHistory(t, d); err != nil {
		return err
	}
	from, ok := restoredFrom(t)
	if !ok {
		return nil
	}
	var err error
	d.RestoreSummary, err = from.summary()
	return err
}
