// Package engine is an embedded Amazon DynamoDB: Open it, send its Handler the requests any SDK makes, Close it.
//
// A request passes the frame (handler.go: target, body, decoding and checking by struct tags), then one function per API
// action (one file each), which reads and writes through a few primitives: mutate for every write, so that conditions,
// indexes, statistics and change records cannot disagree, and the readers in read.go. Items are kept in wire form and
// parsed only where an expression needs them.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/room"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// Options say where the engine keeps data and how it behaves. The zero value is an engine in memory.
type Options struct {
	Dir           string           // directory of the store; empty: memory
	Region        string           // of requests that name none; default us-west-2
	Clock         func() time.Time // default time.Now
	Sync          bool             // survive power loss, not only the end of the process
	Lifecycle     string           // "instant" (default) or "realistic": tables and indexes take their time to change
	TTLSweep      time.Duration    // how often expired items are deleted; default 2 s
	S3Root        string           // directory that stands for S3 in exports and imports
	Grace         time.Duration    // how long Close lets restores, exports and imports go on; default 1 minute
	Namespace     string           // "key" separates tables by access key; default by region only
	Accounts      []string         // whose ARNs name what this engine has, beside its own account's; "*" is any
	Logger        *slog.Logger     // default: discard
	Throttle      bool             // hold requests to the throughput of tables, indexes and partition keys
	Faults        *Faults          // failures on purpose, for tests of programs
	SnapshotBytes int64            // what snapshots of deleted tables hold together; default 1 GiB, in memory 64 MiB
	Storage       storage.Options  // FS for tests, and hooks; the rest of it is set from the fields above
}

// The delays of Lifecycle "realistic", in the range the service takes for small tables.
const (
	realisticTableDelay = 3 * time.Second
	realisticIndexDelay = 5 * time.Second
)

// Engine is an open engine. Its methods may be called by any number of goroutines.
type Engine struct {
	opts    Options
	store   *storage.Store
	catalog *catalog.Catalog
	latches latches

	transactions transactions
	throttle     *throttle // nil unless Options.Throttle
	largeItems   *room.Room
	turns        turns
	insights     insightCounts
	collections  collections

	tend tending
	jobs jobs
	repl replication

	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	tasks  sync.WaitGroup // background work

	mu      sync.Mutex // settling of due states
	closing atomic.Bool
	active  sync.WaitGroup // calls under way
	gate    sync.RWMutex   // Close against the beginning of calls; held for an instant only
}

// Open opens or creates the store and starts the engine.
//
// Errors: storage.ErrLocked when another process has the store, storage.ErrDamaged, a store of a newer version, or what
// the file system says.
func Open(o Options) (*Engine, error) {
	if o.Region == "" {
		o.Region = "us-west-2"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.TTLSweep <= 0 {
		o.TTLSweep = 2 * time.Second
	}
	if o.Grace <= 0 {
		o.Grace = time.Minute
	}
	if o.SnapshotBytes <= 0 {
		o.SnapshotBytes = maxSnapshotBytes
		if o.Dir == "" {
			o.SnapshotBytes = maxSnapshotBytesInMemory
		}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	switch o.Lifecycle {
	case "":
		o.Lifecycle = "instant"
	case "instant", "realistic":
	default:
		return nil, fmt.Errorf("lifecycle %q: expected instant or realistic", o.Lifecycle)
	}
	if o.Namespace != "" && o.Namespace != "key" {
		return nil, fmt.Errorf("namespace %q: expected key or nothing", o.Namespace)
	}
	so := o.Storage
	so.Dir, so.Sync, so.Logger = o.Dir, o.Sync, o.Logger
	store, err := storage.Open(so)
	if err != nil {
		return nil, err
	}
	e := &Engine{opts: o, store: store, largeItems: room.Of(largeItems), turns: newTurns()}
	if o.Throttle {
		e.throttle = newThrottle()
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	e.jobs.ctx, e.jobs.cancel = context.WithCancel(context.Background())
	if e.catalog, err = catalog.Open(store); err != nil {
		e.cancel()
		_ = store.Close()
		return nil, err
	}
	if err := e.start(); err != nil {
		_ = e.Close()
		return nil, err
	}
	return e, nil
}

// start takes up what an earlier process left unfinished and starts the background work.
func (e *Engine) start() error {
	if err := e.resumeChanges(); err != nil {
		return err
	}
	e.watchInsights()
	e.resumeIndexes()
	e.resumeFiling()
	e.sweepAtOpen()
	e.startTending()
	if err := e.resumeReplicas(); err != nil {
		return err
	}
	return e.resumeJobs()
}

// Close refuses new calls, waits for those under way and for background work, and closes the store. Work that takes
// longer than Options.Grace is cut short and begins again at the next Open. It may be called more than once.
func (e *Engine) Close() error {
	e.gate.Lock()
	closed := e.closing.Swap(true)
	e.gate.Unlock()
	if closed {
		return nil
	}
	e.cancel()
	e.active.Wait()
	e.jobs.finish(e.opts.Grace)
	e.tasks.Wait()
	return e.store.Close()
}

// enter counts a call in; false after Close.
func (e *Engine) enter() bool {
	e.gate.RLock()
	defer e.gate.RUnlock()
	if e.closing.Load() {
		return false
	}
	e.active.Add(1)
	return true
}

// Handler answers requests of the DynamoDB wire protocol, signed or not.
func (e *Engine) Handler() http.Handler { return http.HandlerFunc(e.serve) }

// background runs work that ends before Close returns.
func (e *Engine) background(work func()) {
	e.tasks.Go(work)
}
