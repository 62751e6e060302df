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
	parts := strings.SplitN(given, ":", 6)
	region, name, ok := splitTableARN(given)
	const detected = "1 validation error detected: "
	switch {
	case len(parts) == 6 && parts[1] != catalog.Partition(c.region):
		return "", validation(detected + "Invalid AWS partition in '" + given + "'")
	case len(parts) == 6 && parts[2] == "dynamodb" && parts[3] != c.region:
		return "", validation(detected + "Invalid AWS region in '" + given + "'")
	case len(parts) == 6 && strings.Contains(parts[5], "/") && !strings.HasPrefix(parts[5], "table/"):
		return "", validation(detected + "Invalid resource type in '" + given + "'")
	case !ok || region != c.region:
		return "", validation(detected + arnForm)
	case c.foreign(parts[4]):
		return "", c.errForeign(given)
	}
	return name, nil
}

// arnForm is what is said of an ARN that names no table. Its first words and those on the Region, the partition and the resource are measured
// (DDB-TABLE-011 and 442), its whole is DynamoDB Local's.
const arnForm = "Valid ARN format is 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/resourceName', " +
	"where Resource name must have length less than or equal to 255, Resource name must have length greater than or equal to 3, " +
	"Resource name must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"

// checkPlainName is how the operations on global tables of 2017 and restores look at a name: its length in words of its own, its characters as a constraint
// (DDB-TABLE-100 and 457).
func checkPlainName(member, name string) error {
	switch {
	case len(name) < minTableName || len(name) > maxTableName:
		return validation("TableName must be at least 3 characters long and at most 255 characters long")
	case !validName(name):
		return validation("1 validation error detected: Value '" + name + "' at '" + member + "' failed to satisfy constraint: " +
			"Member must satisfy regular expression pattern: " + tableNamePattern)
	}
	return nil
}

// splitTableARN reads arn:aws:dynamodb:region:account:table/name, of any partition and account.
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
