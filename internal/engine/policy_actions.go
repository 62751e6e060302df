package engine

import (
	"slices"
	"strconv"
	"strings"
)

// policyTableActions are the actions that a table's policy can name: those of operations on the table and its items, PartiQL by its own four, what the
// replication of tables between accounts and the integrations with Redshift and Glue ask for (developer guide, "API operations supported by
// resource-based policies" and the pages of these). RestoreTableFromBackup, ExecuteStatement, BatchExecuteStatement and the actions of streams were
// seen refused in deployments of 2024 to 2026; the rest of what is not here acts on no table.
var policyTableActions = strings.Fields(`
	BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem GetItem PutItem Query Scan SearchVectors TransactGetItems TransactWriteItems UpdateItem
	PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate
	DeleteTable DescribeTable UpdateTable DescribeTimeToLive UpdateTimeToLive
	DescribeTableReplicaAutoScaling UpdateTableReplicaAutoScaling
	ListTagsOfResource TagResource UntagResource DeleteResourcePolicy GetResourcePolicy PutResourcePolicy
	CreateBackup DescribeContinuousBackups RestoreTableToPointInTime UpdateContinuousBackups
	DescribeContributorInsights UpdateContributorInsights
	DescribeExport ExportTableToPointInTime CancelBulkOperation DescribeBulkOperation StartBulkPutItems
	DescribeKinesisStreamingDestination DisableKinesisStreamingDestination EnableKinesisStreamingDestination UpdateKinesisStreamingDestination
	AssociateTableReplica CreateTableReplica DeleteTableReplica ReadDataForReplication ReplicateSettings WriteDataForReplication`)

// policyStreamActions are the actions that a stream's policy can name (the same page).
var policyStreamActions = []string{"DescribeStream", "GetRecords", "GetShardIterator", "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"}

// policyServices are the services that a statement can be about, without the end of their names, which is the partition's (developer guide, zero-ETL
// integrations and global tables of several accounts). Others were seen refused (aws/aws-cdk, issue 37273).
var policyServices = []string{"redshift", "glue", "replication.dynamodb"}

// checkActions refuses actions that a policy of the table or stream cannot name.
func (s *policyStatement) checkActions(arn string) error {
	allowed := policyTableActions
	if strings.Contains(arn, "/stream/") {
		allowed = policyStreamActions
	}
	var bad []string
	for _, a := range slices.Concat(s.Action, s.NotAction) {
		service, name, _ := strings.Cut(a, ":")
		known := a == "*" || strings.EqualFold(service, "dynamodb") && (strings.ContainsAny(name, "*?") ||
			slices.ContainsFunc(allowed, func(one string) bool { return strings.EqualFold(one, name) }))
		if !known {
			bad = append(bad, strconv.Quote(a))
		}
	}
	if bad != nil {
		return errPolicy("The following action names are invalid: " + strings.Join(bad, ", "))
	}
	return nil
}

// checkServices refuses services that a statement cannot be about.
func (s *policyStatement) checkServices() error {
	for _, name := range slices.Concat(s.Principal.kinds["Service"], s.NotPrincipal.kinds["Service"]) {
		short := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(name), ".cn"), ".amazonaws.com")
		if !slices.Contains(policyServices, short) {
			return errPolicy("Policy contains invalid service principal")
		}
	}
	return nil
}
