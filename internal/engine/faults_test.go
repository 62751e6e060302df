package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/engine"
)

// faulty opens an engine with faults, served over HTTP, since a cut connection needs one.
func faulty(t *testing.T, faults string, attempts int) *dynamodb.Client {
	t.Helper()
	f, err := engine.ParseFaults([]byte(`{"faults":[` + faults + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	e, c := open(t, engine.Options{Faults: f})
	simpleTable(t, c, "Things")
	server := httptest.NewServer(e.Handler())
	t.Cleanup(server.Close)
	return dynamodb.New(dynamodb.Options{
		Region: "eu-west-1", BaseEndpoint: &server.URL,
		Retryer:     retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = attempts, time.Millisecond }),
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	})
}

func addOne(ctx context.Context, c *dynamodb.Client) error {
	_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String("Things"), Key: item{"pk": str("a")}, UpdateExpression: aws.String("ADD n :one"), ExpressionAttributeValues: item{":one": num("1")},
	})
	return err
}

func TestFaultsAnswerWithExceptions(t *testing.T) {
	c := faulty(t, `{"operation": "UpdateItem", "call": 2, "exception": "ExpiredTokenException"},
		{"operation": "UpdateItem", "call": 3, "count": 2, "exception": "ThrottlingException", "message": "slow down"},
		{"operation": "UpdateItem", "call": 5, "exception": "InternalServerError"}`, 1)
	for call, want := range []struct{ code, message string }{
		{},
		{"ExpiredTokenException", "The security token included in the request is expired"},
		{"ThrottlingException", "slow down"},
		{"ThrottlingException", "slow down"},
		{"InternalServerError", "Internal server error"},
		{},
	} {
		err := addOne(t.Context(), c)
		if want.code == "" {
			if err != nil {
				t.Errorf("call %d: %v", call+1, err)
			}
			continue
		}
		wantError(t, err, want.code, want.message)
	}
	if n := countOf(t, c, "a"); n != "2" {
		t.Errorf("n is %s after two calls without a fault", n)
	}
}

// TestFaultsAreRetried lets the SDK do what it does about throttling.
func TestFaultsAreRetried(t *testing.T) {
	c := faulty(t, `{"operation": "UpdateItem", "count": 2, "exception": "ProvisionedThroughputExceededException"}`, 3)
	if err := addOne(t.Context(), c); err != nil {
		t.Errorf("the SDK gave up: %v", err)
	}
}

func TestFaultsCutAndDelay(t *testing.T) {
	c := faulty(t, `{"operation": "UpdateItem", "call": 1, "cut": "before"}, {"operation": "UpdateItem", "call": 2, "cut": "after"},
		{"operation": "UpdateItem", "call": 3, "cut": "amid"}, {"operation": "UpdateItem", "call": 4, "count": -1, "delay": "1h"}`, 1)
	for _, how := range []string{"before", "after", "amid"} {
		err := addOne(t.Context(), c)
		if err == nil || !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !strings.Contains(err.Error(), "EOF") {
			t.Errorf("cut %s the call: %v", how, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := addOne(ctx, c); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a delayed call: %v", err)
	}
	if n := countOf(t, c, "a"); n != "2" {
		t.Errorf("n is %s: of the calls cut off, two had been carried out", n)
	}
}

func TestFaultFilesAreChecked(t *testing.T) {
	for faults, want := range map[string]string{
		`{"operation": "PutItme", "exception": "X"}`:                   `fault 1: operation "PutItme"`,
		`{"operation": "PutItem"}`:                                     "expected an exception, a delay or a cut",
		`{"cut": "soon"}`:                                              "before, amid or after",
		`{"delay": "soon"}`:                                            "such as 250ms",
		`{"exception": "X", "status": 200}`:                            "400 to 599",
		`{"exception": "X", "cal": 1}`:                                 `unknown field "cal"`,
		`{"exception": "X"}, {"exception": "Y", "cut": "after"}`:       "fault 2",
		fmt.Sprintf(`{"exception": "X", "status": %d}`, http.StatusOK): "400 to 599",
	} {
		_, err := engine.ParseFaults([]byte(`{"faults":[` + faults + `]}`))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to say %s", faults, err, want)
		}
	}
	for _, file := range []string{`[{"exception": "X"}]`, `{"exception": "X"}`, ` {"faults": [{"exception": "X"}]} `} {
		if _, err := engine.ParseFaults([]byte(file)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for file, want := range map[string]string{
		`x`:                           "invalid character 'x'",
		``:                            "it is empty",
		`7`:                           "of the kind number",
		`{"faults": {}}`:              `"faults" is of the kind object`,
		`[{"call": "1"}]`:             `"call" is of the kind string`,
		`{"faults": []} {"faults":[]`: "something follows it",
	} {
		if _, err := engine.ParseFaults([]byte(file)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v, want it to say %s", file, err, want)
		}
	}
	if _, err := engine.LoadFaults("nowhere.json"); err == nil || !strings.Contains(err.Error(), "nowhere.json") {
		t.Errorf("a file that is not there: %v", err)
	}
}
