package enginetest

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

// Target is an endpoint under test and the SDK clients that speak to it. Every scenario file gets a Target of its own.
type Target struct {
	DynamoDB *dynamodb.Client
	Streams  *dynamodbstreams.Client
	endpoint string
	http     *http.Client
	region   string
	creds    aws.CredentialsProvider
}

// Open makes a fresh Target for one scenario file and releases it when the test ends.
type Open func(t *testing.T) *Target

// NewTarget returns the Target at endpoint, reached through transport (nil: the default). Retries are off: a scenario tests one
// answer at a time. Without credentials in creds, made-up ones are used, which every emulator accepts.
func NewTarget(endpoint, region string, transport http.RoundTripper, creds aws.CredentialsProvider) *Target {
	if creds == nil {
		creds = credentials.NewStaticCredentialsProvider("AKIDSCENARIO", "secret", "")
	}
	hc := &http.Client{Transport: transport}
	return &Target{
		DynamoDB: dynamodb.New(dynamodb.Options{
			Region: region, BaseEndpoint: aws.String(endpoint), Credentials: creds, HTTPClient: hc, RetryMaxAttempts: 1,
		}),
		Streams: dynamodbstreams.New(dynamodbstreams.Options{
			Region: region, BaseEndpoint: aws.String(endpoint), Credentials: creds, HTTPClient: hc, RetryMaxAttempts: 1,
		}),
		endpoint: endpoint, http: hc, region: region, creds: creds,
	}
}
