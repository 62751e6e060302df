package ddbtest

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// Option changes how a DB starts.
type Option func(*settings)

type settings struct {
	engine.Options
	tables []seed
	err    error // of the first option that makes no sense
}

// Region sets the region of the clients; us-west-2 without it.
func Region(name string) Option { return func(s *settings) { s.Region = name } }

// Clock sets the time of creation dates, stream records, expiry and recovery points; the system's without it. Background
// work still has its turns by the system's clock: call DB.Tend to have it done now.
func Clock(now func() time.Time) Option { return func(s *settings) { s.Clock = now } }

// Accounts names AWS accounts whose ARNs stand for what this DB has, such as those a program under test is configured with; "*" is any. Without it they are
// denied, as on the service, and only those of 000000000000, which the DB's own ARNs have, are taken.
func Accounts(ids ...string) Option { return func(s *settings) { s.Options.Accounts = ids } }

// TTLSweep sets how often expired items are deleted; every 2 seconds without it.
func TTLSweep(every time.Duration) Option { return func(s *settings) { s.TTLSweep = every } }

// RealisticLifecycle lets tables and indexes pass through CREATING, UPDATING and DELETING for some seconds, as the service
// does, instead of at once.
func RealisticLifecycle() Option { return func(s *settings) { s.Lifecycle = "realistic" } }

// S3Root names a directory that stands for S3, each folder in it a bucket: exports are written there and imports read.
func S3Root(dir string) Option { return func(s *settings) { s.S3Root = dir } }

// Logger receives what the engine has to say; nothing without it.
func Logger(l *slog.Logger) Option { return func(s *settings) { s.Logger = l } }

// Table makes a table and puts items into it before the DB is handed out. Throughput may be left out: the table is then
// on demand. No fault meets its making, and with RealisticLifecycle it is a minute old and ACTIVE.
func Table(table *dynamodb.CreateTableInput, items ...map[string]types.AttributeValue) Option {
	return func(s *settings) {
		if table == nil && s.err == nil {
			s.err = errors.New("table: it is nil")
		}
		s.tables = append(s.tables, seed{table, items})
	}
}

// Faults makes calls fail on purpose. The text is that of a file for `ddb local start --fault`:
//
//	{"faults": [
//		{"operation": "PutItem", "call": 3, "exception": "ThrottlingException"},
//		{"operation": "GetItem", "count": -1, "delay": "250ms"},
//		{"operation": "UpdateItem", "cut": "after"}
//	]}
//
// The members of a fault: operation (all without it), call (the first call it meets, from 1), count (how many; −1 all),
// exception with message and status, delay, and cut, which drops the connection before the call is carried out, amid its
// answer, or after it.
func Faults(text string) Option {
	return func(s *settings) {
		f, err := engine.ParseFaults([]byte(text))
		if err != nil && s.err == nil {
			s.err = fmt.Errorf("faults: %w", err)
		}
		s.Options.Faults = f
	}
}
