package dynamo

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"github.com/ddb-cli/ddb/internal/direct"
	"github.com/ddb-cli/ddb/internal/op"
)

// defaultRegion is used where neither the caller, the environment nor the profile names one.
const defaultRegion = "us-west-2"

// Config says which service to speak to. Its zero value is whatever the AWS SDK's chain finds.
type Config struct {
	// Profile, Region and Endpoint override the chain; "" leaves it to the chain.
	Profile, Region, Endpoint string
	// Local, when set, answers all calls in process: the embedded engine. The chain is then never touched.
	Local http.Handler
	// Snapshots is how many snapshots of deleted tables the embedded engine keeps; 0 for none.
	Snapshots int
	// UserAgent is "name/version", added to the SDK's own.
	UserAgent string
	// MCP marks the calls of the MCP server in the user agent.
	MCP bool
	// MaxAttempts limits tries of a call, 0 for the SDK's choice, 1 for no retries.
	MaxAttempts int
	// MFA asks for a one-time code where a profile's role wants one; nil makes such a profile an error.
	MFA func() (string, error)
	// Trace, when set, sees each HTTP request before it is sent and its answer; for --debug.
	Trace func(*http.Request, *http.Response, time.Duration, error)
}

// Factory makes and keeps clients. It is safe for use by many goroutines.
type Factory struct {
	cfg Config

	mu    sync.Mutex
	known map[key]*op.Clients
	// renewers holds the credentials that were read from the files in their present state.
	renewers map[filesState]*renewer
}

// key tells configurations apart. Profile and endpoint are the factory's, so they need no place in it.
type key struct {
	region string
	files  filesState
}

// New makes a factory. Files, environment and credentials are read when the first clients are asked for, and again when the files change.
func New(_ context.Context, cfg Config) *Factory {
	return &Factory{cfg: cfg, known: map[key]*op.Clients{}}
}

// Clients gives the clients for a region, "" for the default. It has the signature of op.Env.Clients.
func (f *Factory) Clients(ctx context.Context, region string) (*op.Clients, error) {
	k := key{region: region}
	if f.cfg.Local == nil {
		k.files = stateOfFiles()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, ok := f.known[k]; ok {
		return c, nil
	}
	c, err := f.build(ctx, k)
	if err != nil {
		return nil, err
	}
	for old := range f.known {
		if old.files != k.files {
			delete(f.known, old) // the files will not go back to that state
		}
	}
	f.known[k] = c
	return c, nil
}

func (f *Factory) build(ctx context.Context, k key) (*op.Clients, error) {
	if f.cfg.Local != nil {
		return f.local(k.region), nil
	}
	return f.remote(ctx, k.region, k.files)
}

// localEndpoint is a name for what is reached without a network.
const localEndpoint = "http://ddb.local"

// local are clients on the embedded engine.
func (f *Factory) local(region string) *op.Clients {
	for _, r := range []string{f.cfg.Region, defaultRegion} {
		if region == "" {
			region = r
		}
	}
	engine := localClient{direct.Transport(f.cfg.Local), scope(region), strconv.Itoa(f.cfg.Snapshots)}
	cfg := aws.Config{
		Region:      region,
		Credentials: aws.AnonymousCredentials{},
		HTTPClient:  f.traced(engine),
		RetryMode:   aws.RetryModeStandard,
	}
	f.common(&cfg)
	c := clientsOf(cfg, localEndpoint)
	if f.cfg.Trace == nil { // whoever looks at requests is shown whole ones
		c.DynamoDB = shorten(c.DynamoDB, engine)
	}
	c.Profile, c.Embedded, c.Snapshots = f.cfg.Profile, true, f.cfg.Snapshots
	return c
}

// localClient sends requests without a signature, but with the credential scope that names the region.
type localClient struct {
	transport http.RoundTripper
	scope     string
	snapshots string // of deleted tables, as the header has it
}

func scope(region string) string {
	return "AWS4-HMAC-SHA256 Credential=local/20260101/" + region + "/dynamodb/aws4_request, SignedHeaders=host, Signature=local"
}

// snapshotsHeader asks the engine to keep what DeleteTable deletes, and what is about to be emptied (engine.SnapshotsHeader).
const (
	snapshotsHeader = "X-Ddb-Snapshots"
	deleteTarget    = "DynamoDB_20120810.DeleteTable"
	backupTarget    = "DynamoDB_20120810.CreateBackup"
)

// Do calls the engine, unless it has answered this attempt already.
func (c localClient) Do(r *http.Request) (*http.Response, error) {
	if first, ok := earlier(r.Context()); ok {
		return first.answer, first.err
	}
	r.Header.Set("Authorization", c.scope)
	if target := r.Header["X-Amz-Target"]; len(target) == 1 && (target[0] == deleteTarget || target[0] == backupTarget) {
		r.Header.Set(snapshotsHeader, c.snapshots)
	}
	return c.transport.RoundTrip(r)
}

// common is what the embedded engine's clients and the service's have in common.
func (f *Factory) common(cfg *aws.Config) {
	if f.cfg.MaxAttempts > 0 {
		cfg.RetryMaxAttempts = f.cfg.MaxAttempts
	}
	cfg.APIOptions = append(cfg.APIOptions, f.userAgent()...)
	cfg.Logger = logging.Nop{} // its warnings repeat what the error says, on a stream that is not ours
}

func (f *Factory) traced(c aws.HTTPClient) aws.HTTPClient {
	if f.cfg.Trace == nil {
		return c
	}
	return tracer{c, f.cfg.Trace}
}

type tracer struct {
	client aws.HTTPClient
	see    func(*http.Request, *http.Response, time.Duration, error)
}

// Do sends a request and shows it with its answer, or its error, and the time it took.
func (t tracer) Do(r *http.Request) (*http.Response, error) {
	start := time.Now()
	resp, err := t.client.Do(r)
	t.see(r, resp, time.Since(start), err)
	return resp, err
}

// clientsOf makes clients at an endpoint, "" for the one the SDK finds. The endpoint is set on each client, because
// NewFromConfig puts AWS_ENDPOINT_URL_DYNAMODB above the configuration's BaseEndpoint, and what was named on the command
// comes first.
func clientsOf(cfg aws.Config, endpoint string) *op.Clients {
	pin := func(base **string) {
		if endpoint != "" {
			*base = &endpoint
		}
	}
	return &op.Clients{
		DynamoDB: dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) { pin(&o.BaseEndpoint) }),
		Streams:  dynamodbstreams.NewFromConfig(cfg, func(o *dynamodbstreams.Options) { pin(&o.BaseEndpoint) }),
		STS:      sts.NewFromConfig(cfg, func(o *sts.Options) { pin(&o.BaseEndpoint) }),
		Metrics: metrics{sync.OnceValue(func() *cloudwatch.Client {
			return cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) { pin(&o.BaseEndpoint) })
		})},
		Region: cfg.Region,
	}
}

func cutProduct(agent string) (name, version string) {
	name, version, _ = strings.Cut(agent, "/")
	return name, version
}
