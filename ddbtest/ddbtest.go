package ddbtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/ddb-cli/ddb/internal/direct"
	"github.com/ddb-cli/ddb/internal/engine"
)

// DB is a DynamoDB in memory. It is an http.Handler of the wire protocol, and gives SDK clients that call it in process.
// Its methods may be called by any number of goroutines.
type DB struct {
	engine *engine.Engine
	region string
	closed atomic.Bool
}

// New starts a DynamoDB that lasts as long as the test and gives a client to it. What keeps it from starting, an option
// that makes no sense or a table of Table that is refused, ends the test.
func New(t testing.TB, options ...Option) *dynamodb.Client {
	t.Helper()
	return Start(t, options...).Client()
}

// Start is New for tests that need more than one client: the DB ends with the test.
func Start(t testing.TB, options ...Option) *DB {
	t.Helper()
	db, err := Open(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Open starts a DynamoDB that its caller closes, for what is no test: TestMain, an example, a program for demonstrations.
// Errors name the option that makes no sense or the table that is refused.
func Open(options ...Option) (*DB, error) {
	s := settings{Options: engine.Options{Region: defaultRegion}}
	for i, set := range options {
		if set == nil {
			return nil, fmt.Errorf("ddbtest: option %d is nil", i+1)
		}
		set(&s)
	}
	if s.err != nil {
		return nil, fmt.Errorf("ddbtest: %w", s.err)
	}
	c := &clock{now: s.Clock}
	if c.now == nil {
		c.now = time.Now
	}
	if len(s.tables) > 0 && s.Lifecycle == "realistic" {
		c.back.Store(true)
		s.Clock = c.time
	}
	e, err := engine.Open(s.Options)
	if err != nil {
		return nil, fmt.Errorf("ddbtest: %w", err)
	}
	db := &DB{engine: e, region: s.Region}
	if err := db.seed(&s, c); err != nil {
		return nil, errors.Join(fmt.Errorf("ddbtest: %w", err), e.Close())
	}
	return db, nil
}

// Handler starts a DynamoDB and gives it as an http.Handler, for any HTTP server:
//
//	server := httptest.NewServer(ddbtest.Handler())
//
// It lasts as long as the program; what should end earlier comes from Start or Open, whose DB is a handler too. Handler panics
// where Open would give an error.
func Handler(options ...Option) http.Handler {
	db, err := Open(options...)
	if err != nil {
		panic(err)
	}
	return db
}

// ServeHTTP answers a request of the DynamoDB or DynamoDB Streams wire protocol, signed or not: the credentials are not
// checked, the region they are signed for is where tables are looked for.
func (db *DB) ServeHTTP(w http.ResponseWriter, r *http.Request) { db.engine.Handler().ServeHTTP(w, r) }

// Client gives a client that calls the DB in process. The functions change its options as those of dynamodb.New do;
// Region, for one, shows the tables of another region.
func (db *DB) Client(change ...func(*dynamodb.Options)) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: db.region, BaseEndpoint: aws.String(endpoint), Credentials: credentials, HTTPClient: db.http(),
	}, change...)
}

// Streams gives a client of DynamoDB Streams that calls the DB in process.
func (db *DB) Streams(change ...func(*dynamodbstreams.Options)) *dynamodbstreams.Client {
	return dynamodbstreams.New(dynamodbstreams.Options{
		Region: db.region, BaseEndpoint: aws.String(endpoint), Credentials: credentials, HTTPClient: db.http(),
	}, change...)
}

// Config gives what the SDK's NewFromConfig functions take, for a program that makes its clients itself. Its clients call the
// DB in process.
func (db *DB) Config() aws.Config {
	return aws.Config{Region: db.region, BaseEndpoint: aws.String(endpoint), Credentials: credentials, HTTPClient: db.http()}
}

// Tend does at once what DynamoDB does in its own time: items whose time to live is over by the clock are deleted, and
// states that are due change. With Clock it makes a test of expiry independent of time.
func (db *DB) Tend(ctx context.Context) error { return db.engine.Tend(ctx) }

// Close ends the DB; calls after it are refused, those of its clients at once and without another try. Nothing is kept.
func (db *DB) Close() error {
	db.closed.Store(true)
	return db.engine.Close()
}

func (db *DB) http() *http.Client {
	return &http.Client{Transport: transport{db, direct.Transport(db)}}
}

// endpoint is a name nobody looks up: requests go to the handler.
const endpoint = "http://ddbtest"

const defaultRegion = "us-west-2"

// credentials are any: an account of this engine's own has no secrets.
var credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "ddbtest", SecretAccessKey: "ddbtest", Source: "ddbtest"}, nil
})
