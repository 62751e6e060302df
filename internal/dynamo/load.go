package dynamo

import (
	"context"
	"net"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/logging"

	"github.com/ddb-cli/ddb/internal/op"
)

const (
	// dialTimeout bounds the wait for a connection: an endpoint that drops packets is reported in seconds, not after
	// the SDK's half minute for each try.
	dialTimeout = 8 * time.Second
	// readTimeout bounds the wait for any byte of an answer, the SDK's own default for its services.
	readTimeout = 60 * time.Second
	// emulatorAttempts bounds the tries of a call to this machine: what does not listen there will not begin to.
	emulatorAttempts = 3
)

// remote are clients on what the SDK's chain finds. Its regions share their credentials, so that a one-time code is asked for once and a role assumed once.
func (f *Factory) remote(ctx context.Context, region string, files filesState) (*op.Clients, error) {
	if region == "" {
		region = f.cfg.Region
	}
	if err := checkEndpoint(f.cfg.Endpoint); err != nil {
		return nil, err
	}
	cfg, err := f.load(ctx, region)
	if err != nil {
		return nil, err
	}
	renew := f.renewers[files]
	if renew == nil {
		renew = f.renewer(cfg, region)
		f.renewers = map[filesState]*renewer{files: renew}
	}
	if cfg.Credentials != nil {
		cfg.Credentials = renew
	}
	cfg.HTTPClient = f.traced(detached{patient(cfg.HTTPClient)})
	f.common(&cfg)
	cfg.APIOptions = append(cfg.APIOptions, renew.middleware)
	c := f.clientsAt(cfg)
	c.Profile = f.profile()
	return c, nil
}

// renewer gives the credentials of a configuration, and loads it again when the service refuses them.
func (f *Factory) renewer(cfg aws.Config, region string) *renewer {
	return newRenewer(cfg.Credentials, func(ctx context.Context) (aws.CredentialsProvider, error) {
		fresh, err := f.load(ctx, region)
		if err != nil {
			return nil, err
		}
		return fresh.Credentials, nil
	})
}

// clientsAt are clients at the endpoint that was named, or else the one the SDK finds in the environment or the profile.
// What listens on this machine is no AWS: it takes any credentials, is asked itself who is calling, and where nothing
// listens, nothing will before long.
func (f *Factory) clientsAt(cfg aws.Config) *op.Clients {
	c := clientsOf(cfg, "")
	endpoint := f.cfg.Endpoint
	if found, ok := c.DynamoDB.(*dynamodb.Client); ok && endpoint == "" {
		endpoint = aws.ToString(found.Options().BaseEndpoint)
	}
	here := loopback(endpoint)
	if f.cfg.Endpoint != "" || here {
		if here {
			cfg.Credentials = optional{cfg.Credentials}
			if cfg.RetryMaxAttempts == 0 {
				cfg.RetryMaxAttempts = emulatorAttempts
			}
		}
		pinned := clientsOf(cfg, endpoint)
		c.DynamoDB, c.Streams = pinned.DynamoDB, pinned.Streams
		if here { // what AWS has counted is of other tables
			c.STS, c.Metrics = pinned.STS, pinned.Metrics
		}
	}
	c.Endpoint = endpoint
	return c
}

// patient is the SDK's client with our bounds on waiting.
func patient(client aws.HTTPClient) aws.HTTPClient {
	if client == nil {
		client = awshttp.NewBuildableClient()
	}
	if buildable, ok := client.(*awshttp.BuildableClient); ok {
		return buildable.WithReadTimeout(readTimeout).WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout })
	}
	return client
}

// load runs the SDK's chain: environment, shared files, SSO, roles, process, web identity, containers and instances.
func (f *Factory) load(ctx context.Context, region string) (aws.Config, error) {
	ensureRoots()
	opts := []func(*awsconfig.LoadOptions) error{
		awsconfig.WithLogger(logging.Nop{}), // what it says comes back in the error
		awsconfig.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) { o.TokenProvider = f.cfg.MFA }),
	}
	if region != "" {
		opts = append(opts, awsconfig.WithRegion(region))
	}
	if f.cfg.Profile != "" {
		opts = append(opts, awsconfig.WithSharedConfigProfile(f.cfg.Profile))
	}
	if loopback(f.cfg.Endpoint) {
		opts = append(opts, awsconfig.WithEC2IMDSClientEnableState(imds.ClientDisabled)) // it would be asked for seconds
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx, opts...)
	if err != nil {
		return aws.Config{}, &configError{err}
	}
	if cfg.Region == "" {
		cfg.Region = defaultRegion
	}
	if cfg.RetryMode == "" {
		cfg.RetryMode = aws.RetryModeAdaptive // slows down when throttled, across the calls of a process
	}
	return cfg, nil
}

// configError is a configuration that could not be loaded, as opposed to a call that failed.
type configError struct{ err error }

func (e *configError) Error() string { return e.err.Error() }
func (e *configError) Unwrap() error { return e.err }

// profile is the profile in force, "" where none was named.
func (f *Factory) profile() string {
	if f.cfg.Profile != "" {
		return f.cfg.Profile
	}
	env, err := awsconfig.NewEnvConfig()
	if err != nil {
		return ""
	}
	return env.SharedConfigProfile
}

// optional are credentials for an emulator on this machine: where the chain has none, made-up ones do, since whatever
// answers there is no AWS.
type optional struct{ chain aws.CredentialsProvider }

// Retrieve gives the chain's credentials, or made-up ones where the chain has none. Another failure of the chain stays an error.
func (o optional) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if o.chain == nil {
		return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", Source: "ddb"}, nil
	}
	c, err := o.chain.Retrieve(ctx)
	if err != nil && ctx.Err() == nil && AsError(err).Code == op.CodeNoCredentials {
		return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", Source: "ddb"}, nil
	}
	return c, err
}

// checkEndpoint refuses what is no URL before the SDK tries it over and over.
func checkEndpoint(endpoint string) error {
	if endpoint == "" {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &op.Error{
			Code: op.CodeConfig, Message: "the endpoint " + quoted(endpoint) + " is no URL",
			Hint: "write it like http://localhost:8000 or https://vpce-1.dynamodb.eu-west-1.vpce.amazonaws.com",
		}
	}
	return nil
}

func loopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
