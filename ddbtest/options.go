package ddbtest

import (
	"fmt"
	"log/slog"
	"os"
	"regexp"
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

// refuse keeps what is wrong with an option, unless one before it was wrong.
func (s *settings) refuse(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
	}
}

// A Region's name goes into ARNs and, in a program under test, into the names of hosts; a number ends that of each there is.
var regionName = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9]+$`)

var accountID = regexp.MustCompile(`^([0-9]{12}|\*)$`)

// Region sets the region of the clients; us-west-2 without it. What has not the form of a Region's name makes no sense.
func Region(name string) Option {
	return func(s *settings) {
		if !regionName.MatchString(name) {
			s.refuse("region %q: that is no name of an AWS Region, as eu-central-1 is", name)
		}
		s.Region = name
	}
}

// Clock sets the time of creation dates, stream records, expiry and recovery points; the system's without it. Background
// work still has its turns by the system's clock: call DB.Tend to have it done now.
func Clock(now func() time.Time) Option { return func(s *settings) { s.Clock = now } }

// Accounts names AWS accounts whose ARNs stand for what this DB has, such as those a program under test is configured with; "*" is any. Without it they are
// denied, as on the service, and only those of 000000000000, which the DB's own ARNs have, are taken.
func Accounts(ids ...string) Option {
	return func(s *settings) {
		for _, id := range ids {
			if !accountID.MatchString(id) {
				s.refuse("account %q: an account is 12 digits, as in an ARN; * is any", id)
			}
		}
		s.Options.Accounts = ids
	}
}

// TTLSweep sets how often expired items are deleted; every 2 seconds without it. To have none deleted by the clock, give
// it a long time and call DB.Tend; none or less than none makes no sense.
func TTLSweep(every time.Duration) Option {
	return func(s *settings) {
		if every <= 0 {
			s.refuse("time between sweeps %v: it has to be more than none; with a long one and DB.Tend, items expire when the test says so", every)
		}
		s.TTLSweep = every
	}
}

// RealisticLifecycle lets tables and indexes pass through CREATING, UPDATING and DELETING for some seconds, as the service
// does, instead of at once.
func RealisticLifecycle() Option { return func(s *settings) { s.Lifecycle = "realistic" } }

// S3Root names a directory that stands for S3, each folder in it a bucket: exports are written there, which makes it if it
// is not there, and imports read.
func S3Root(dir string) Option {
	return func(s *settings) {
		switch info, err := os.Stat(dir); {
		case dir == "":
			s.refuse("S3 root: no directory is named; t.TempDir() is one")
		case err == nil && !info.IsDir():
			s.refuse("S3 root %s: that is a file, and no directory", dir)
		}
		s.S3Root = dir
	}
}

// Logger receives what the engine has to say; nothing without it.
func Logger(l *slog.Logger) Option { return func(s *settings) { s.Logger = l } }

// Table makes a table and puts items into it before the DB is handed out. Throughput may be left out: the table is then
// on demand. No fault meets its making, and with RealisticLifecycle it is a minute old and ACTIVE.
func Table(table *dynamodb.CreateTableInput, items ...map[string]types.AttributeValue) Option {
	return func(s *settings) {
		if table == nil {
			s.refuse("table: it is nil")
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
		if err != nil {
			s.refuse("faults: %w", err)
		}
		s.Options.Faults = f
	}
}
