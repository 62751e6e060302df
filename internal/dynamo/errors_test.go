package dynamo

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/op"
)

// failing is a factory on a service that gives one answer to everything but ListTables.
func failing(t *testing.T, status int, body string, tables ...string) *Factory {
	t.Helper()
	return New(t.Context(), Config{MaxAttempts: 1, Local: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "REQUEST1")
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".ListTables") {
			answerWith(w, http.StatusOK, `{"TableNames":["`+strings.Join(tables, `","`)+`"]}`)
			return
		}
		answerWith(w, status, body)
	})})
}

func put(t *testing.T, f *Factory) error {
	t.Helper()
	c, err := f.Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.DynamoDB.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{
		Put: &types.Put{TableName: aws.String("Orders"), Item: map[string]types.AttributeValue{}},
	}}})
	return err
}

func TestServiceErrors(t *testing.T) {
	const ns = "com.amazonaws.dynamodb.v20120810#"
	tests := []struct {
		name, body string
		status     int
		want       op.Error
		hint       string
	}{
		{
			name: "a failed condition returns the item", status: 400,
			body: `{"__type":"` + ns + `ConditionalCheckFailedException","message":"The conditional request failed","Item":{"pk":{"S":"a"}}}`,
			want: op.Error{
				Code: "ConditionalCheckFailedException", Message: "The conditional request failed",
				Item: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "a"}},
			},
			hint: "nothing was written",
		},
		{
			name: "throttling can be tried again", status: 400,
			body: `{"__type":"` + ns + `ProvisionedThroughputExceededException","message":"slow"}`,
			want: op.Error{Code: "ProvisionedThroughputExceededException", Message: "slow", Retryable: true},
			hint: "slow down",
		},
		{
			name: "a fault of the service can be tried again", status: 500,
			body: `{"__type":"` + ns + `InternalServerError","message":"oh"}`,
			want: op.Error{Code: "InternalServerError", Message: "oh", Retryable: true},
		},
		{
			name: "a cancelled transaction by a condition", status: 400,
			body: `{"__type":"` + ns + `TransactionCanceledException","message":"cancelled","CancellationReasons":[` +
				`{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"The conditional request failed","Item":{"n":{"N":"1"}}}]}`,
			want: op.Error{Code: "TransactionCanceledException", Message: "cancelled", Reasons: []op.Reason{
				{Code: "None"},
				{
					Code: "ConditionalCheckFailed", Message: "The conditional request failed",
					Item: map[string]types.AttributeValue{"n": &types.AttributeValueMemberN{Value: "1"}},
				},
			}},
		},
		{
			name: "a cancelled transaction by a conflict can be tried again", status: 400,
			body: `{"__type":"` + ns + `TransactionCanceledException","message":"cancelled","CancellationReasons":[{"Code":"TransactionConflict"}]}`,
			want: op.Error{Code: "TransactionCanceledException", Message: "cancelled", Retryable: true, Reasons: []op.Reason{{Code: "TransactionConflict"}}},
		},
		{
			name: "an exception nobody knows", status: 400,
			body: `{"__type":"` + ns + `BrandNewException","message":"new"}`,
			want: op.Error{Code: "BrandNewException", Message: "new"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := AsError(put(t, failing(t, tt.status, tt.body)))
			if !strings.Contains(got.Hint, tt.hint) {
				t.Errorf("hint %q, want one with %q", got.Hint, tt.hint)
			}
			if got.RequestID != "REQUEST1" || got.Status != tt.status {
				t.Errorf("request id %q, status %d", got.RequestID, got.Status)
			}
			got.Cause, got.Hint, got.RequestID, got.Status = nil, "", "", 0
			if diff := cmp.Diff(tt.want, *got, cmp.AllowUnexported(), valueComparer); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// valueComparer compares attribute values of the SDK, which have unexported members.
var valueComparer = cmp.Comparer(func(a, b types.AttributeValue) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) })

func TestMissingTable(t *testing.T) {
	const body = `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"}`
	tests := []struct {
		name, table string
		tables      []string
		allowed     func(string) bool
		brief, hint string
	}{
		{"a name that is near", "Ordes", []string{"Customers", "Orders"}, nil, `table "Ordes" not found in us-west-2 (local)`, `did you mean "Orders"?`},
		{"letters swapped", "Oredrs", []string{"Orders"}, nil, `table "Oredrs" not found in us-west-2 (local)`, `did you mean "Orders"?`},
		{"nothing near", "Invoices", []string{"Orders"}, nil, `table "Invoices" not found in us-west-2 (local)`, "list_tables"},
		{"the table is there", "Orders", []string{"Orders"}, nil, "", ""},
		{"names outside the allow-list are not told", "Ordes", []string{"Orders"}, func(string) bool { return false }, `table "Ordes" not found in us-west-2 (local)`, "list_tables"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := failing(t, 400, body, tt.tables...)
			e := f.Explain(t.Context(), op.Failure{Err: put(t, f), Tables: []string{tt.table}, Allowed: tt.allowed})
			if e.Code != "ResourceNotFoundException" || e.Message != "Requested resource not found" {
				t.Errorf("error %#v", e)
			}
			if e.Brief != tt.brief || !strings.Contains(e.Hint, tt.hint) || tt.hint == "" && e.Hint != "" {
				t.Errorf("brief %q, hint %q", e.Brief, e.Hint)
			}
		})
	}
}

func TestFailuresOnThisSide(t *testing.T) {
	isolate(t)
	call := func(ctx context.Context, endpoint string) *op.Error {
		c, err := New(ctx, Config{Endpoint: endpoint, MaxAttempts: 1}).Clients(ctx, "")
		if err != nil {
			return AsError(err)
		}
		_, err = c.DynamoDB.ListTables(ctx, &dynamodb.ListTablesInput{})
		return AsError(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancelLate := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancelLate()
	tests := []struct {
		name     string
		ctx      context.Context
		endpoint string
		code     string
		hint     string
	}{
		{"nothing listens", t.Context(), "http://127.0.0.1:1", op.CodeUnreachable, "ddb local start"},
		{"an unknown host", t.Context(), "http://ddb.invalid", op.CodeUnreachable, "region"},
		{"no URL", t.Context(), "localhost:8000", op.CodeConfig, "http://localhost:8000"},
		{"another protocol", t.Context(), "ftp://localhost", op.CodeConfig, "http://localhost:8000"},
		{"cancelled", cancelled, "http://127.0.0.1:1", op.CodeCanceled, ""},
		{"out of time", late, "http://127.0.0.1:1", op.CodeTimeout, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := call(tt.ctx, tt.endpoint)
			if e == nil || e.Code != tt.code || !strings.Contains(e.Hint, tt.hint) {
				t.Errorf("error %#v, want %s with a hint of %q", e, tt.code, tt.hint)
			}
			if strings.Contains(e.Message, "operation error") {
				t.Errorf("message %q repeats the SDK's chain", e.Message)
			}
		})
	}
}

func TestWhatIsNoDynamoDB(t *testing.T) {
	f := failing(t, 502, "<html>bad gateway</html>")
	e := AsError(put(t, f))
	if e.Status != 502 || !strings.Contains(e.Message, "status 502 cannot be read") || !strings.Contains(e.Hint, "endpoint") {
		t.Errorf("error %#v", e)
	}
}

func TestMissingParameterIsAValidationException(t *testing.T) {
	c, err := failing(t, 200, "{}").Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.DynamoDB.GetItem(t.Context(), &dynamodb.GetItemInput{})
	if e := AsError(err); e.Code != "ValidationException" || !strings.Contains(e.Message, "TableName") || strings.Contains(e.Message, "\n") {
		t.Errorf("error %#v", e)
	}
}

func TestNoRegion(t *testing.T) {
	isolate(t)
	e := AsError(second(tables(t, New(t.Context(), Config{Region: "eu west"}))))
	if e == nil || e.Code != op.CodeConfig || !strings.Contains(e.Message, "eu west") || !strings.Contains(e.Hint, "eu-west-1") {
		t.Errorf("error %#v", e)
	}
}

// What the SDK's chain says of profiles that cannot serve, with what to do about it.
func TestProfilesThatGiveNoCredentials(t *testing.T) {
	dir := withFile(t)
	config := `[profile sso]
sso_session = s
sso_account_id = 123456789012
sso_role_name = r
[sso-session s]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
[profile role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/me
[profile base]
aws_access_key_id = a
aws_secret_access_key = b
[profile process]
credential_process = /bin/false
[profile dangling]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = nobody
`
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", dir)
	for _, tt := range []struct{ profile, code, hint string }{
		{"sso", op.CodeExpiredCredentials, "aws sso login"},
		{"role", op.CodeNoCredentials, "session credentials"},
		{"process", op.CodeNoCredentials, "AWS_PROFILE"},
		{"dangling", op.CodeConfig, "list-profiles"},
	} {
		e := AsError(second(tables(t, New(t.Context(), Config{Profile: tt.profile}))))
		if e == nil || e.Code != tt.code || !strings.Contains(e.Hint, tt.hint) || strings.Contains(e.Message, "get identity") {
			t.Errorf("%s: %#v", tt.profile, e)
		}
	}
}
