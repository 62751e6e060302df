package op

import (
	"path"
	"strings"
)

// TableName gives the table a name or an ARN speaks of. ARNs of tables and of what hangs on them (indexes, streams,
// backups, exports, imports) all carry the name after "table/" (Service Authorization Reference, DynamoDB resource types).
// A global table's ARN carries it after "global-table/".
func TableName(nameOrARN string) string {
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return nameOrARN
	}
	parts := strings.SplitN(nameOrARN, ":", 6)
	if len(parts) < 6 {
		return nameOrARN
	}
	kind, rest, ok := strings.Cut(parts[5], "/")
	if !ok || kind != "table" && kind != "global-table" {
		return nameOrARN
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// checkTables says which of the globs of an allow-list cannot be read.
func checkTables(globs []string) error {
	for _, glob := range globs {
		if _, err := path.Match(glob, ""); err != nil {
			return Invalid("the table pattern "+quote(glob)+" cannot be read", `write it as "dev-*", "team-?-orders" or "[ab]-*"`)
		}
	}
	return nil
}
