package engine

import (
	"strconv"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// controlActions are the operations on what surrounds tables: settings, backups, exports, imports, account.
var controlActions = union(tagActions, ttlActions, policyActions, accountActions, recoveryActions,
	backupActions, restoreActions, exportActions, importActions, bulkActions)

// arnParts is the ARN of a table or of something below it: arn:aws:dynamodb:region:account:table/Name/rest.
type arnParts struct {
	partition, region, account, table string
	rest                              string // "index/ByDate", "stream/2026-…", "backup/…"; empty for the table itself
}

// of reports whether an ARN is of a Region, and of the partition that Region is in.
func (p arnParts) of(region string) bool {
	return p.region == region && p.partition == catalog.Partition(region)
}

// parseARN takes apart an ARN, of any partition and account.
func parseARN(arn string) (arnParts, bool) {
	p := strings.SplitN(arn, ":", 6)
	if len(p) != 6 {
		return arnParts{}, false
	}
	resource, ok := strings.CutPrefix(p[5], "table/")
	if !ok {
		return arnParts{}, false
	}
	name, rest, _ := strings.Cut(resource, "/")
	region, table, ok := splitTableARN(strings.Join(p[:5], ":") + ":table/" + name)
	return arnParts{partition: p[1], region: region, account: p[4], table: table, rest: rest}, ok && p[0] == "arn"
}

// checkARN reads a ResourceArn, which is of a table or of a stream (DDB-TABLE-071, 136, DDB-BACKUP-013).
func checkARN(arn string) (arnParts, error) {
	if !strings.HasPrefix(arn, "arn:") {
		return arnParts{}, invalidParameter("ARNs must start with 'arn:': " + arn)
	}
	p, ok := parseARN(arn)
	kind, _, _ := strings.Cut(p.rest, "/")
	switch {
	case !ok || p.rest != "" && kind != "stream" && kind != "index":
		return p, invalidParameter("Provided Arn is not a DynamoDB resource arn: " + arn)
	case kind == "index":
		return p, invalidParameter("Invalid resource arn provided, only table or stream is accepted. Provided resource arn: " + arn)
	}
	return p, nil
}

// settled refuses a change of settings while a table is being made or deleted.
func settled(t *catalog.Table) error {
	switch t.Status {
	case catalog.Creating:
		return errInUse("Attempt to change a resource which is still in use: Table is being created: " + t.Name)
	case catalog.Deleting:
		return errInUse("Attempt to change a resource which is still in use: Table is being deleted: " + t.Name)
	}
	return nil
}

// newLongID makes the id of a backup, export or import as the service does: a time in milliseconds of 14 digits and 8
// hexadecimal digits of chance, so that ids sort by time.
func newLongID(now time.Time) string {
	ms := strconv.FormatInt(now.UnixMilli(), 10)
	return strings.Repeat("0", max(0, 14-len(ms))) + ms + "-" + newUUID()[:8]
}
