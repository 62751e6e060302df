package engine

import "github.com/ddb-cli/ddb/internal/engine/catalog"

// backupTable finds a table for the operations on backups, which have an exception of their own for one that is not
// there.
func (c *call) backupTable(given string) (*catalog.Table, error) {
	name, err := c.tableName(given)
	if err != nil {
		return nil, err
	}
	t := c.e.catalog.Table(c.ref(name))
	if t == nil {
		return nil, &apiError{Type: "TableNotFoundException", Message: "Table not found: " + name}
	}
	return t, nil
}

// resumeJobs takes up work that an earlier process left unfinished.
func (e *Engine) resumeJobs() error { return nil }
