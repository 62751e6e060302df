package dynamo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// hostOf tells where a call would go, without making it.
func hostOf(t *testing.T, region string) string {
	t.Helper()
	c, err := New(t.Context(), Config{Region: region}).Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	host, enough := "", errors.New("enough")
	look := middleware.FinalizeMiddlewareFunc("look", func(_ context.Context, in middleware.FinalizeInput, _ middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		if r, ok := in.Request.(*smithyhttp.Request); ok {
			host = r.URL.Host
		}
		return middleware.FinalizeOutput{}, middleware.Metadata{}, enough
	})
	_, err = c.DynamoDB.ListTables(t.Context(), &dynamodb.ListTablesInput{}, func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error { return s.Finalize.Add(look, middleware.After) })
	})
	if !errors.Is(err, enough) {
		t.Fatalf("%s: %v", region, err)
	}
	return host
}

// Partitions have hosts of their own, and FIPS and dual stack are asked for as the AWS tools do: by variables, or in the profile.
func TestHostsOfPartitionsAndVariants(t *testing.T) {
	dir := isolate(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "a")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
	t.Setenv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled")
	for region, want := range map[string]string{
		"eu-west-1": "dynamodb.eu-west-1.amazonaws.com", "cn-north-1": "dynamodb.cn-north-1.amazonaws.com.cn", "us-gov-west-1": "dynamodb.us-gov-west-1.amazonaws.com",
	} {
		if got := hostOf(t, region); got != want {
			t.Errorf("%s: %s, want %s", region, got, want)
		}
	}
	t.Run("by variables", func(t *testing.T) {
		t.Setenv("AWS_USE_FIPS_ENDPOINT", "true")
		if got := hostOf(t, "us-east-1"); got != "dynamodb-fips.us-east-1.amazonaws.com" {
			t.Errorf("FIPS: %s", got)
		}
		t.Setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
		if got := hostOf(t, "us-east-1"); got != "dynamodb-fips.us-east-1.api.aws" {
			t.Errorf("FIPS and dual stack: %s", got)
		}
	})
	t.Run("in the profile", func(t *testing.T) {
		file := filepath.Join(dir, "config")
		if err := os.WriteFile(file, []byte("[default]\nuse_dualstack_endpoint = true\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("AWS_CONFIG_FILE", file)
		if got := hostOf(t, "us-east-1"); got != "dynamodb.us-east-1.api.aws" {
			t.Errorf("dual stack: %s", got)
		}
	})
}
