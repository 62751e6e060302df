package engine_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// fakeClock is a clock that tests turn by hand.
type fakeClock struct{ now atomic.Int64 }

func newClock(at time.Time) *fakeClock {
	c := &fakeClock{}
	c.now.Store(at.UnixNano())
	return c
}

func (c *fakeClock) Now() time.Time          { return time.Unix(0, c.now.Load()).UTC() }
func (c *fakeClock) advance(d time.Duration) { c.now.Add(int64(d)) }

func text(s string) types.AttributeValue  { return &types.AttributeValueMemberS{Value: s} }
func number(n int64) types.AttributeValue { return &types.AttributeValueMemberN{Value: fmt.Sprint(n)} }

func arnOf(name string) *string {
	return aws.String("arn:aws:dynamodb:eu-west-1:000000000000:table/" + name)
}

func keyOf(pk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": text(pk)}
}

func put(t *testing.T, c *dynamodb.Client, table string, item map[string]types.AttributeValue) {
	t.Helper()
	if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, c *dynamodb.Client, table, pk string) map[string]types.AttributeValue {
	t.Helper()
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: keyOf(pk)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

// eventually waits for something that another goroutine brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 10 s", what)
		}
	}
}

func TestResourcePolicy(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Music")
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"dynamodb:GetItem","Resource":"*"}]}`
	other := strings.Replace(policy, "GetItem", "Query", 1)
	put := func(doc string, expected *string) (string, error) {
		out, err := c.PutResourcePolicy(t.Context(), &dynamodb.PutResourcePolicyInput{ResourceArn: arnOf("Music"), Policy: &doc, ExpectedRevisionId: expected})
		if err != nil {
			return "", err
		}
		return *out.RevisionId, nil
	}
	none := "Resource-based policy not found for the provided ResourceArn: " + *arnOf("Music")
	_, err := c.GetResourcePolicy(t.Context(), &dynamodb.GetResourcePolicyInput{ResourceArn: arnOf("Music")})
	wantError(t, err, "PolicyNotFoundException", none)
	if _, err := c.DeleteResourcePolicy(t.Context(), &dynamodb.DeleteResourcePolicyInput{ResourceArn: arnOf("Music")}); err != nil {
		t.Errorf("deleting no policy: %v", err)
	}
	first, err := put(policy, aws.String("NO_POLICY"))
	if err != nil {
		t.Fatal(err)
	}
	const refused = "Resource-based policy not found for the provided ResourceArn: Requested "
	_, err = put(other, aws.String("NO_POLICY"))
	wantError(t, err, "PolicyNotFoundException", refused+"policy update expecting none to be present for table Music, but a policy exists with revision id "+first+".")
	if same, err := put(" "+policy+" ", nil); err != nil || same != first {
		t.Errorf("the same document got revision %s, %v; want %s", same, err, first)
	}
	second, err := put(other, &first)
	if err != nil || second == first {
		t.Errorf("a new document got revision %s, %v", second, err)
	}
	got, err := c.GetResourcePolicy(t.Context(), &dynamodb.GetResourcePolicyInput{ResourceArn: arnOf("Music")})
	if err != nil || *got.Policy != other || *got.RevisionId != second {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = c.DeleteResourcePolicy(t.Context(), &dynamodb.DeleteResourcePolicyInput{ResourceArn: arnOf("Music"), ExpectedRevisionId: &first})
	wantError(t, err, "PolicyNotFoundException", refused+"update for policy with revision id "+first+", but the policy associated to target table Music has revision id "+second+".")
	for name, doc := range map[string]string{
		"not JSON": "{", "no statement": `{"Version":"2012-10-17"}`, "too large": policy + strings.Repeat(" ", 20*1024),
	} {
		if _, err := put(doc, nil); err == nil {
			t.Errorf("a policy that is %s was taken", name)
		}
	}
}

func TestLimitsAndEndpointsOfTheAccount(t *testing.T) {
	e, c := open(t, engine.Options{})
	limits, err := c.DescribeLimits(t.Context(), &dynamodb.DescribeLimitsInput{})
	if err != nil || *limits.AccountMaxReadCapacityUnits != 80000 || *limits.TableMaxWriteCapacityUnits != 40000 {
		t.Errorf("limits %+v, %v", limits, err)
	}
	endpoints, err := c.DescribeEndpoints(t.Context(), &dynamodb.DescribeEndpointsInput{})
	if err != nil || len(endpoints.Endpoints) != 1 || *endpoints.Endpoints[0].Address != "dynamodb.eu-west-1.amazonaws.com" {
		t.Errorf("endpoints %+v, %v", endpoints, err)
	}
	for action, want := range map[string]string{
		"GetCallerIdentity": "<Account>000000000000</Account>",
		"AssumeRole":        "<Code>InvalidAction</Code>",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("Action="+action+"&Version=2011-06-15"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
		w := httptest.NewRecorder()
		e.Handler().ServeHTTP(w, r)
		body, err := io.ReadAll(w.Result().Body)
		if err != nil || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s, %v", action, body, err)
		}
	}
}

func TestContinuousBackupsSetting(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Clock: clock.Now})
	simpleTable(t, c, "Music")
	describe := func() *types.ContinuousBackupsDescription {
		t.Helper()
		out, err := c.DescribeContinuousBackups(t.Context(), &dynamodb.DescribeContinuousBackupsInput{TableName: aws.String("Music")})
		if err != nil {
			t.Fatal(err)
		}
		return out.ContinuousBackupsDescription
	}
	if d := describe(); d.ContinuousBackupsStatus != "ENABLED" || d.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus != "DISABLED" {
		t.Errorf("a new table: %+v", d)
	}
	update := func(on bool, days *int32) error {
		_, err := c.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
			TableName:                        aws.String("Music"),
			PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: &on, RecoveryPeriodInDays: days},
		})
		return err
	}
	since := clock.Now()
	if err := update(true, nil); err != nil {
		t.Fatal(err)
	}
	clock.advance(3 * 24 * time.Hour)
	p := describe().PointInTimeRecoveryDescription
	if *p.RecoveryPeriodInDays != 35 || !p.EarliestRestorableDateTime.Equal(since) || !p.LatestRestorableDateTime.Equal(clock.Now()) {
		t.Errorf("after three days: %+v", p)
	}
	if err := update(true, aws.Int32(2)); err != nil {
		t.Fatal(err)
	}
	p = describe().PointInTimeRecoveryDescription
	if *p.RecoveryPeriodInDays != 2 || !p.EarliestRestorableDateTime.Equal(clock.Now().Add(-48*time.Hour)) {
		t.Errorf("with a period of two days: %+v", p)
	}
	wantError(t, update(true, aws.Int32(36)), "ValidationException",
		"1 validation error detected: Value '36' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value less than or equal to 35")
	if err := update(false, nil); err != nil {
		t.Fatal(err)
	}
	if p := describe().PointInTimeRecoveryDescription; p.PointInTimeRecoveryStatus != "DISABLED" || p.EarliestRestorableDateTime != nil {
		t.Errorf("turned off: %+v", p)
	}
	_, err := c.DescribeContinuousBackups(t.Context(), &dynamodb.DescribeContinuousBackupsInput{TableName: aws.String("Missing")})
	wantError(t, err, "TableNotFoundException", "Table not found: Missing")
}
