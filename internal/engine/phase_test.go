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
		{"UpdateTimeToLive", ttlOff, `{"TimeToLiveSpecification"`},
		{"DeleteTable", table, `{"TableDescription"`},
		{"DeleteTable", table, inUse + "Table is being deleted: TTT"},
		{"CreateTable", create, "ResourceInUseException: Table already exists: TTT"},
		{"DescribeTimeToLive", table, ttlState + "DELETING state"},
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
	want := "ValidationException: Invalid Request: User is not allowed to delete the system backup with arn " + id + ". It will automatically expire on 2026-12-06T12:31:0"
	if got := said(t, e, "DeleteBackup", `{"BackupArn": "`+id+`"}`); !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s…", got, want)
	}
}
