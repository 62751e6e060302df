package engine_test

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/internal/engine"
)

// said is what the engine answers to a request as it stands: exception and message, or the body.
func said(t *testing.T, e *engine.Engine, operation, body string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set(engine.RegionHeader, "us-west-2")
	w := httptest.NewRecorder()
	e.Handler().ServeHTTP(w, r)
	got, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := string(got)
	if w.Code == 200 {
		return answer
	}
	_, name, _ := strings.Cut(answer, "#")
	name, rest, _ := strings.Cut(name, `"`)
	_, message, _ := strings.Cut(rest, `essage":"`)
	return name + ": " + strings.TrimSuffix(message, `"}`)
}

// steps are requests and how their answers begin; a step without an operation lets time pass.
type steps []struct{ operation, body, want string }

func (s steps) run(t *testing.T, e *engine.Engine, clock *fakeClock) {
	t.Helper()
	for _, step := range s {
		if step.operation == "" {
			d, err := time.ParseDuration(step.body)
			if err != nil {
				t.Fatal(err)
			}
			clock.advance(d)
			continue
		}
		if got := said(t, e, step.operation, step.body); !strings.HasPrefix(got, step.want) || step.want == "" {
			t.Errorf("%s %s\n got  %s\n want %s", step.operation, step.body, got, step.want)
		}
	}
}

const (
	table   = `{"TableName": "TTT"}`
	arn     = "arn:aws:dynamodb:us-west-2:000000000000:table/TTT"
	create  = `{"TableName": "TTT", "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}`
	ttlOn   = `{"TableName": "TTT", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "x"}}`
	ttlOff  = `{"TableName": "TTT", "TimeToLiveSpecification": {"Enabled": false, "AttributeName": "x"}}`
	pitrOn  = `{"TableName": "TTT", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}}`
	backUpT = `{"TableName": "TTT", "BackupName": "one"}`
	watch   = `{"TableName": "TTT", "ContributorInsightsAction": "ENABLE"}`
	tagIt   = `{"ResourceArn": "` + arn + `", "Tags": [{"Key": "a", "Value": "1"}]}`
	tagIt2  = `{"ResourceArn": "` + arn + `", "Tags": [{"Key": "a", "Value": "2"}]}`
	tagsOf  = `{"ResourceArn": "` + arn + `"}`
)

// TestWhatATableBesideItselfIsTold asks for what has operations of its own while a table comes and goes.
func TestWhatATableBesideItselfIsTold(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, _ := open(t, engine.Options{Lifecycle: "realistic", Clock: clock.Now, TTLSweep: time.Hour})
	const (
		noTable  = "ResourceNotFoundException: Requested resource not found: Table: TTT not found"
		noTags   = "ResourceNotFoundException: Requested resource not found: ResourceArn: " + arn + " not found"
		noBackup = "TableNotFoundException: Table not found: TTT"
		enabling = "ContinuousBackupsUnavailableException: Backups are being enabled for the table: TTT. Please retry later"
		inUse    = "ResourceInUseException: Attempt to change a resource which is still in use: "
		insights = "ValidationException: Table or Index is not in a valid state to update Key Access Insights: TableStatus must be ACTIVE to enable ContributorInsights."
		ttlState = "ValidationException: Cannot describe time to live while table is in "
		stream   = `{"TableName": "TTT", "StreamArn": "arn:aws:kinesis:us-west-2:000000000000:stream/changes"}`
		finer    = `{"TableName": "TTT", "StreamArn": "arn:aws:kinesis:us-west-2:000000000000:stream/changes", "UpdateKinesisStreamingConfiguration": {"ApproximateCreationDateTimePrecision": "MICROSECOND"}}`
	)
	steps{
		{"CreateTable", create, `{"TableDescription"`},
		{"DescribeTable", table, `{"Table"`},
		{"CreateTable", create, inUse + "Table is being created: TTT"},
		{"UpdateTimeToLive", ttlOn, noTable},
		{"DescribeTimeToLive", table, ttlState + "CREATING state: Current table state is CREATING"},
		{"UpdateContinuousBackups", pitrOn, noBackup},
		{"DescribeContinuousBackups", table, noBackup},
		{"CreateBackup", backUpT, noBackup},
		{"UpdateContributorInsights", watch, noTable},
		{"DescribeContributorInsights", table, noTable},
		{"ListContributorInsights", table, noTable},
		{"TagResource", tagIt, noTags},
		{"ListTagsOfResource", tagsOf, noTags},
		{"GetResourcePolicy", tagsOf, noTable},
		{"DescribeKinesisStreamingDestination", table, noTable},
		{"", "2s", ""},
		{"UpdateTimeToLive", ttlOn, inUse + "Table TTT is being created"},
		{"DescribeTimeToLive", table, ttlState + "CREATING state"},
		{"UpdateContinuousBackups", pitrOn, enabling},
		{"DescribeContinuousBackups", table, `{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"DISABLED"`},
		{"CreateBackup", backUpT, enabling},
		{"UpdateContributorInsights", watch, insights},
		{"DescribeContributorInsights", table, `{"TableName":"TTT","ContributorInsightsStatus":"DISABLED"}`},
		{"TagResource", tagIt, inUse + "Table is being created: TTT"},
		{"ListTagsOfResource", tagsOf, `{"Tags":[]}`},
		{"", "1500ms", ""},
		{"DescribeTable", table, `{"Table"`},
		{"CreateTable", create, "ResourceInUseException: Table already exists: TTT"},
		{"CreateBackup", backUpT, enabling},
		{"DescribeTimeToLive", table, `{"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}}`},
		{"UpdateTimeToLive", ttlOn, `{"TimeToLiveSpecification"`},
		{"UpdateTimeToLive", ttlOn, "ValidationException: TimeToLive is already enabled"},
		{"UpdateTimeToLive", ttlOff, "ValidationException: Time to live has been modified multiple times within a fixed interval"},
		{"TagResource", tagIt, `{}`},
		{"TagResource", tagIt, `{}`},
		{"TagResource", tagIt2, "LimitExceededException: Subscriber limit exceeded: Table tags are being updated: TTT"},
		{"DeleteTable", table, inUse + "Table tags are being updated: TTT"},
		{"", "2s", ""},
		{"TagResource", tagIt2, `{}`},
		{"CreateBackup", backUpT, `{"BackupDetails"`},
		{"UpdateContinuousBackups", pitrOn, `{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED"`},
		{"", "31m", ""},
		{"EnableKinesisStreamingDestination", stream, `{"TableName":"TTT"`},
		{"", "4s", ""},
		{"UpdateTimeToLive", ttlOff, `{"TimeToLiveSpecification"`},
		{"DeleteTable", table, `{"TableDescription"`},
		{"DeleteTable", table, inUse + "Table is being deleted: TTT"},
		{"CreateTable", create, "ResourceInUseException: Table already exists: TTT"},
		{"DescribeTimeToLive", table, ttlState + "DELETING state"},
		{"UpdateKinesisStreamingDestination", finer, inUse + "Table is being deleted: TTT"},
		{"DisableKinesisStreamingDestination", stream, inUse + "Table is being deleted: TTT"},
		{"EnableKinesisStreamingDestination", stream, inUse + "Table is being deleted: TTT"},
		{"DescribeKinesisStreamingDestination", table, `{"TableName":"TTT","KinesisDataStreamDestinations":[{"StreamArn"`},
		{"CreateBackup", backUpT, `{"BackupDetails"`},
		{"DescribeContinuousBackups", table, `{`},
		{"TagResource", tagIt2, `{}`},
		{"TagResource", tagIt, inUse + "Table is being deleted: TTT"},
		{"", "1500ms", ""},
		{"CreateBackup", backUpT, noBackup},
		{"DescribeContinuousBackups", table, noBackup},
		{"ListTagsOfResource", tagsOf, noTags},
		{"UpdateContributorInsights", watch, insights},
		{"DescribeContributorInsights", table, `{"TableName":"TTT"`},
		{"", "2s", ""},
		{"DescribeTimeToLive", table, noTable},
		{"ListContributorInsights", table, noTable},
	}.run(t, e, clock)
	list := said(t, e, "ListBackups", `{"BackupType": "SYSTEM"}`)
	_, id, _ := strings.Cut(list, `"BackupArn":"`)
	id, _, _ = strings.Cut(id, `"`)
	want := "ValidationException: Invalid Request: User is not allowed to delete the system backup with arn " + id + ". It will automatically expire on 2026-12-06T12:31:1"
	if got := said(t, e, "DeleteBackup", `{"BackupArn": "`+id+`"}`); !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s…", got, want)
	}
}

// TestWhatAChangingTableRefuses asks for one change after the other while a table is UPDATING, and for changes that come too soon.
func TestWhatAChangingTableRefuses(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, _ := open(t, engine.Options{Lifecycle: "realistic", Clock: clock.Now, TTLSweep: time.Hour})
	ask := func(members string) string { return `{"TableName": "TTT", ` + members + `}` }
	const (
		inUse     = "ResourceInUseException: Attempt to change a resource which is still in use: "
		units     = `"ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}`
		stream    = `"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}`
		provided  = `"BillingMode": "PROVISIONED", ` + units
		protected = `"DeletionProtectionEnabled": true`
		open      = `"DeletionProtectionEnabled": false`
		rare      = `"TableClass": "STANDARD_INFREQUENT_ACCESS"`
		standard  = `"TableClass": "STANDARD"`
		encrypted = `"SSESpecification": {"Enabled": true}`
		index     = `"AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "byX", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}}]`
		noIndex   = `"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "byX"}}]`
		updating  = `{"TableDescription":{"AttributeDefinitions":[{"AttributeType":"S","AttributeName":"pk"}],"TableName":"TTT","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"TableStatus":"UPDATING"`
		active    = `{"TableDescription":{"AttributeDefinitions":[{"AttributeType":"S","AttributeName":"pk"}],"TableName":"TTT","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"TableStatus":"ACTIVE"`
	)
	steps{
		{"CreateTable", create, `{"TableDescription"`},
		{"UpdateTable", ask(protected), inUse + "Table is being created: TTT"},
		{"", "1m", ""},
		{"UpdateTable", ask(provided), updating},
		{"UpdateTable", ask(units), inUse + "Table IOPS are currently being updated. Table: TTT"},
		{"UpdateTable", ask(stream), inUse + "Can't enable or disable stream while table IOPS are being updated. Table: TTT"},
		{"UpdateTable", ask(`"OnDemandThroughput": {"MaxReadRequestUnits": 5}`), inUse + "OnDemandThroughput cannot be updated while BillingMode update is in progress"},
		{"DeleteTable", table, inUse + "Table: TTT is in the process of being updated."},
		{"UpdateTimeToLive", ttlOn, `{"TimeToLiveSpecification"`},
		{"CreateBackup", backUpT, `{"BackupDetails"`},
		{"UpdateTable", ask(protected), updating},
		{"UpdateTable", ask(protected), updating},
		{"UpdateTable", ask(open), "ThrottlingException: Deletion protection setting for table TTT modified within the previous 15000 milliseconds. Please try again after 2026-11-01T12:01:15.000Z"},
		{"", "1m", ""},
		{"UpdateTable", ask(open), active},
		{"UpdateTable", ask(stream), updating},
		{"UpdateTable", ask(rare), inUse + "Can't update table class when stream status is being updated. Table: TTT Stream: 2026-11-01T12:02:00.000 Operation: ENABLE"},
		{"DeleteTable", table, inUse + "Cannot delete table while stream is being enabled/disabled."},
		{"", "1m", ""},
		{"UpdateTable", ask(rare), updating},
		{"UpdateTable", ask(standard), inUse + "Can't update table class when a table class update is in progress. Table: TTT TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS"},
		{"", "1m", ""},
		{"UpdateTable", ask(standard), updating},
		{"", "1m", ""},
		{"UpdateTable", ask(rare), "LimitExceededException: Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s)."},
		{"UpdateTable", ask(encrypted), active},
		{"UpdateTable", ask(encrypted), inUse + "Server-Side Encryption is still being updated"},
		{"DeleteTable", table, inUse + "Table: TTT is in the process of being updated."},
		{"", "1m", ""},
		{"UpdateTable", ask(encrypted), active},
		{"", "1m", ""},
		{"UpdateTable", ask(encrypted), active},
		{"", "1m", ""},
		{"UpdateTable", ask(encrypted), active},
		{"", "1m", ""},
		{"UpdateTable", ask(encrypted), "LimitExceededException: Subscriber limit exceeded: Encryption mode changes are limited in the 24h window ending at 2026-11-02T12:05:00.000Z. " +
			"After the first 4 change, each subsequent change in the same window can be performed at most once every 21600 seconds. Number of updates today: 4. " +
			"Last change at 2026-11-01T12:08:00.000Z. Next changes can be made at 2026-11-01T18:08:00.000Z."},
		{"UpdateTable", ask(index), `{"TableDescription"`},
		{"UpdateTable", ask(`"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 3}`), inUse + "Can't change table IOPS when an index is being created. Table: TTT Indexes: [byX]"},
		{"UpdateTable", ask(noIndex), inUse + "Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is active. Table: TTT Index: byX"},
		{"UpdateContributorInsights", ask(`"IndexName": "byX", "ContributorInsightsAction": "ENABLE"`), "ResourceNotFoundException: Requested resource not found: Index: byX not found for table: TTT"},
		{"", "4s", ""},
		{"UpdateContributorInsights", ask(`"IndexName": "byX", "ContributorInsightsAction": "ENABLE"`), "ValidationException: Table or Index is not in a valid state to update Key Access Insights: IndexStatus must be ACTIVE to enable ContributorInsights."},
		{"DeleteTable", table, inUse + "Cannot delete table while indexes are being created, updated, or deleted."},
		{"UpdateTable", ask(`"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 3}`), `{"TableDescription"`},
		{"", "1m", ""},
		{"UpdateTable", ask(noIndex), `{"TableDescription"`},
		{"UpdateTable", ask(index), inUse + "Index is being deleted. Table: TTT Index: byX"},
		{"UpdateTable", ask(`"ProvisionedThroughput": {"ReadCapacityUnits": 6, "WriteCapacityUnits": 3}`), inUse + "Can't change table IOPS when an index is being deleted. Table: TTT Indexes: [byX]"},
		{"UpdateTable", ask(protected), `{"TableDescription"`},
	}.run(t, e, clock)
}

// TestWarmThroughputRises shows the units of before until those that were asked for are there, of a table and of an index.
func TestWarmThroughputRises(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	e, _ := open(t, engine.Options{Lifecycle: "realistic", Clock: clock.Now, TTLSweep: time.Hour})
	const index = `"GlobalSecondaryIndexes": [{"IndexName": "byPK", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}]}`
	said(t, e, "CreateTable", strings.TrimSuffix(create, "}")+", "+index)
	clock.advance(time.Minute)
	show := func(step, answer, of, ofIndex string) {
		t.Helper()
		for _, want := range []string{`"DeletionProtectionEnabled":false,"WarmThroughput":` + of, `/index/byPK","WarmThroughput":` + ofIndex} {
			if !strings.Contains(answer, want) {
				t.Errorf("%s: the answer lacks %s:\n%s", step, want, answer)
			}
		}
	}
	const (
		was      = `{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"}`
		rising   = `{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"UPDATING"}`
		table2   = `{"ReadUnitsPerSecond":13000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"}`
		index2   = `{"ReadUnitsPerSecond":12001,"WriteUnitsPerSecond":4001,"Status":"ACTIVE"}`
		both     = `{"TableName": "TTT", "WarmThroughput": {"ReadUnitsPerSecond": 13000}, ` + onIndex + `}`
		onlySame = `{"TableName": "TTT", ` + onIndex + `}`
	)
	show("before", said(t, e, "DescribeTable", table), was, was)
	show("the update", said(t, e, "UpdateTable", both), rising, rising)
	show("at once", said(t, e, "DescribeTable", table), rising, rising)
	clock.advance(time.Minute)
	show("later", said(t, e, "DescribeTable", table), table2, index2)
	said(t, e, "UpdateTable", onlySame)
	show("the same again", said(t, e, "DescribeTable", table), table2, index2)
}

const onIndex = `"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "byPK", "WarmThroughput": {"ReadUnitsPerSecond": 12001, "WriteUnitsPerSecond": 4001}}}]`
