package engine

import (
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// tableName reads a TableName, which may be an ARN of a table in this region.
func (c *call) tableName(given string) (string, error) {
	if !strings.HasPrefix(given, "arn:") {
		return given, nil
	}
	region, name, ok := splitTableARN(given)
	if !ok {
		return "", validation("Invalid TableArn: Invalid ResourceArn provided as input " + given)
	}
	if region != c.region {
		return "", &apiError{Type: "AccessDeniedException", Message: "Cross-region table access is not supported: " + given}
	}
	return name, nil
}

// splitTableARN reads arn:aws:dynamodb:region:account:table/name. Any partition and account are taken.
func splitTableARN(arn string) (region, name string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[2] != "dynamodb" || parts[3] == "" {
		return "", "", false
	}
	name, ok = strings.CutPrefix(parts[5], "table/")
	if !ok || len(name) < minTableName || len(name) > maxTableName || !validName(name) {
		return "", "", false
	}
	return parts[3], name, true
}

// table finds a table for a data operation: one that exists and is not being made or deleted.
func (c *call) table(given string) (*catalog.Table, error) {
	name, err := c.tableName(given)
	if err != nil {
		return nil, err
	}
	t := c.e.catalog.Table(c.ref(name))
	if t == nil || t.Status == catalog.Creating || t.Status == catalog.Deleting {
		return nil, errNoTable()
	}
	return t, nil
}

// anyTable finds a table in any state, for a table operation.
func (c *call) anyTable(given string) (*catalog.Table, error) {
	name, err := c.tableName(given)
	if err != nil {
		return nil, err
	}
	t := c.e.catalog.Table(c.ref(name))
	if t == nil {
		return nil, errTableNotFound(name)
	}
	return t, nil
}
