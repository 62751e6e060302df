package engine

import (
	"sync"
	"sync/atomic"
)

// transactions is the state the engine keeps of transactions under way.
//
// While a transaction of writes is carried out its items are its own: another transaction that names one of them, of
// writes or of reads, is cancelled, and a single write to one is refused, at once and not after waiting (Developer Guide,
// "Transaction conflict handling in DynamoDB"). A transaction does wait for the single writes that began before it, which
// the service would sometimes cancel it for.
type transactions struct {
	busy   atomic.Int32 // how many there are, so that a write alone on the engine looks no further
	mu     sync.Mutex
	rows   map[string]struct{} // items of the transactions that are being carried out
	tokens map[string]struct{} // client tokens of those
	purged int64               // when old tokens were last removed, in seconds since 1970
}

// enter marks the items of a transaction as being in one. When another transaction has one of them the call is cancelled;
// likewise when its token is being used.
func (x *transactions) enter(token string, writes []*write, failures []error) (leave func(), err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, busy := x.tokens[token]; busy && token != "" {
		return nil, &apiError{Type: "TransactionInProgressException", Message: "The transaction with the given request token is already in progress."}
	}
	for i, w := range writes {
		if _, busy := x.rows[string(w.key.row)]; busy {
			failures[i] = errConflict
		}
	}
	if err := cancelled(failures); err != nil {
		return nil, err
	}
	if x.rows == nil {
		x.rows, x.tokens = map[string]struct{}{}, map[string]struct{}{}
	}
	for _, w := range writes {
		x.rows[string(w.key.row)] = struct{}{}
	}
	x.tokens[token] = struct{}{}
	x.busy.Add(1)
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		for _, w := range writes {
			delete(x.rows, string(w.key.row))
		}
		delete(x.tokens, token)
		x.busy.Add(-1)
	}, nil
}

// meet refuses those of some single writes whose items are in a transaction; the error is that of the first.
func (x *transactions) meet(ws []*write) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	var first error
	for _, w := range ws {
		if _, busy := x.rows[string(w.key.row)]; busy {
			w.err, first = errConflict, errConflict
		}
	}
	return first
}

// read cancels a transaction of reads that names an item of a transaction of writes.
func (x *transactions) read(reads []transactRead) error {
	if x.busy.Load() == 0 {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	failures := make([]error, len(reads))
	for i, r := range reads {
		if _, busy := x.rows[string(r.key.row)]; busy {
			failures[i] = errConflict
		}
	}
	return cancelled(failures)
}
