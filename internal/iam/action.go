package iam

// kind is a sort of resource that an action is checked against.
type kind int

const (
	everything kind = iota // "*": the action is checked against no resource
	table
	index
	stream
	backup
	export
	imported
	bulk
	globalTable
	bucket
	object
	kinesisStream
	insightRule
	scalableTarget
	importLogs
)

// action is what is known of an IAM action.
type action struct {
	on []kind
	// reads says that it changes nothing, where an operation that may change something declares it.
	reads bool
	// service, when set, is the service on whose behalf alone the action is needed (iam:AWSServiceName).
	service string
}

func on(kinds ...kind) action { return action{on: kinds} }

// actions are all that operations declare.
var actions = map[string]action{
	"dynamodb:BatchGetItem":                        on(table),
	"dynamodb:BatchWriteItem":                      on(table),
	"dynamodb:CancelBulkOperation":                 on(bulk),
	"dynamodb:ConditionCheckItem":                  {on: []kind{table}, reads: true},
	"dynamodb:CreateBackup":                        on(table),
	"dynamodb:CreateGlobalTable":                   on(globalTable, table),
	"dynamodb:CreateTable":                         on(table),
	"dynamodb:DeleteBackup":                        on(backup),
	"dynamodb:DeleteItem":                          on(table),
	"dynamodb:DeleteResourcePolicy":                on(table, stream),
	"dynamodb:DeleteTable":                         on(table),
	"dynamodb:DescribeBackup":                      on(backup),
	"dynamodb:DescribeBulkOperation":               on(bulk),
	"dynamodb:DescribeContinuousBackups":           on(table),
	"dynamodb:DescribeContributorInsights":         on(table, index),
	"dynamodb:DescribeEndpoints":                   on(everything),
	"dynamodb:DescribeExport":                      on(export),
	"dynamodb:DescribeGlobalTable":                 on(globalTable),
	"dynamodb:DescribeGlobalTableSettings":         on(globalTable),
	"dynamodb:DescribeImport":                      on(imported),
	"dynamodb:DescribeKinesisStreamingDestination": on(table),
	"dynamodb:DescribeLimits":                      on(everything),
	"dynamodb:DescribeStream":                      on(stream),
	"dynamodb:DescribeTable":                       on(table),
	"dynamodb:DescribeTableReplicaAutoScaling":     on(table),
	"dynamodb:DescribeTimeToLive":                  on(table),
	"dynamodb:DisableKinesisStreamingDestination":  on(table),
	"dynamodb:EnableKinesisStreamingDestination":   on(table),
	"dynamodb:ExportTableToPointInTime":            on(table),
	"dynamodb:GetItem":                             on(table),
	"dynamodb:GetRecords":                          on(stream),
	"dynamodb:GetResourcePolicy":                   on(table, stream),
	"dynamodb:GetShardIterator":                    on(stream),
	"dynamodb:ImportTable":                         on(table),
	"dynamodb:ListBackups":                         on(everything),
	"dynamodb:ListBulkOperations":                  on(everything),
	"dynamodb:ListContributorInsights":             on(everything),
	"dynamodb:ListExports":                         on(everything),
	"dynamodb:ListGlobalTables":                    on(everything),
	"dynamodb:ListImports":                         on(everything),
	"dynamodb:ListStreams":                         on(everything),
	"dynamodb:ListTables":                          on(everything),
	"dynamodb:ListTagsOfResource":                  on(table),
	"dynamodb:PartiQLDelete":                       on(table),
	"dynamodb:PartiQLInsert":                       on(table),
	"dynamodb:PartiQLSelect":                       {on: []kind{table, index}, reads: true},
	"dynamodb:PartiQLUpdate":                       on(table),
	"dynamodb:PutItem":                             on(table),
	"dynamodb:PutResourcePolicy":                   on(table, stream),
	"dynamodb:Query":                               on(table, index),
	"dynamodb:RestoreTableFromBackup":              on(backup, table),
	"dynamodb:RestoreTableToPointInTime":           on(table),
	"dynamodb:Scan":                                on(table, index),
	"dynamodb:SearchVectors":                       on(table, index),
	"dynamodb:StartBulkPutItems":                   on(table),
	"dynamodb:TagResource":                         on(table),
	"dynamodb:UntagResource":                       on(table),
	"dynamodb:UpdateContinuousBackups":             on(table),
	"dynamodb:UpdateContributorInsights":           on(table, index),
	"dynamodb:UpdateGlobalTable":                   on(globalTable, table),
	"dynamodb:UpdateGlobalTableSettings":           on(globalTable, table),
	"dynamodb:UpdateItem":                          on(table),
	"dynamodb:UpdateKinesisStreamingDestination":   on(table),
	"dynamodb:UpdateTable":                         on(table),
	"dynamodb:UpdateTableReplicaAutoScaling":       on(table),
	"dynamodb:UpdateTimeToLive":                    on(table),

	"application-autoscaling:DeleteScalingPolicy":      on(scalableTarget),
	"application-autoscaling:DeregisterScalableTarget": on(scalableTarget),
	"application-autoscaling:DescribeScalableTargets":  on(everything),
	"application-autoscaling:DescribeScalingPolicies":  on(everything),
	"application-autoscaling:PutScalingPolicy":         on(scalableTarget),
	"application-autoscaling:RegisterScalableTarget":   on(scalableTarget),
	"cloudwatch:DeleteInsightRules":                    on(insightRule),
	"cloudwatch:DescribeInsightRules":                  on(everything),
	"cloudwatch:GetInsightRuleReport":                  on(insightRule),
	"cloudwatch:PutInsightRule":                        on(insightRule),
	"iam:CreateServiceLinkedRole":                      {on: []kind{everything}, service: "kinesisreplication.dynamodb.amazonaws.com"},
	"kinesis:DescribeStream":                           on(kinesisStream),
	"kinesis:PutRecords":                               on(kinesisStream),
	"logs:CreateLogGroup":                              on(importLogs),
	"logs:CreateLogStream":                             on(importLogs),
	"logs:DescribeLogGroups":                           on(everything),
	"logs:DescribeLogStreams":                          on(importLogs),
	"logs:PutLogEvents":                                on(importLogs),
	"logs:PutRetentionPolicy":                          on(importLogs),
	"s3:AbortMultipartUpload":                          on(object),
	"s3:GetObject":                                     on(object),
	"s3:ListBucket":                                    on(bucket),
	"s3:PutObject":                                     on(object),
}

// needless are actions that everybody may do, whatever a policy says.
var needless = map[string]string{
	"sts:GetCallerIdentity": "no permission is needed (STS API reference, GetCallerIdentity)",
}
