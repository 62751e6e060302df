package engine

import (
	"encoding/binary"
	"fmt"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// How far replicas are: for each pair of tables of a global table, the number up to which the changes of the one are in
// the other.

// replicaPair names the way from one table to another.
type replicaPair struct{ from, to storage.SpaceID }

func (p replicaPair) key() []byte {
	return storage.MetaKey(fmt.Sprintf("replica/%08x/%08x", uint32(p.from), uint32(p.to)))
}

// cursor is how far a pair is; zero when nothing was sent yet. The caller holds repl.round.
func (e *Engine) cursor(p replicaPair) (uint64, error) {
	if seq, ok := e.repl.sent[p]; ok {
		return seq, nil
	}
	v, ok, err := e.store.Get(p.key(), nil)
	if err != nil || !ok || len(v) != 8 {
		return 0, err
	}
	return binary.BigEndian.Uint64(v), nil
}

// keepCursor remembers how far a pair is, in the store too.
func (e *Engine) keepCursor(p replicaPair, seq uint64) error {
	b := e.store.NewBatch()
	defer b.Close()
	b.Set(p.key(), binary.BigEndian.AppendUint64(nil, seq))
	if err := b.Commit(); err != nil {
		return err
	}
	e.passCursor(p, seq)
	return nil
}

// passCursor remembers how far a pair is where there was nothing to send, which a later process finds out again.
func (e *Engine) passCursor(p replicaPair, seq uint64) {
	if e.repl.sent == nil {
		e.repl.sent = map[replicaPair]uint64{}
	}
	e.repl.sent[p] = seq
}

// dropCursors forgets the pairs of two tables that no longer send to each other.
func (e *Engine) dropCursors(a, b storage.SpaceID) error {
	e.repl.round.Lock()
	defer e.repl.round.Unlock()
	batch := e.store.NewBatch()
	defer batch.Close()
	for _, p := range []replicaPair{{a, b}, {b, a}} {
		batch.Delete(p.key())
		delete(e.repl.sent, p)
	}
	return batch.Commit()
}

// noteVersion keeps the number of the change that an item's state comes from, in the batch that makes the change, and
// lets the replicas be told.
func (e *Engine) noteVersion(b *storage.Batch, w *write, seq uint64) {
	b.Set(storage.VersionKey(w.table.ID, storage.RowRest(w.key.row)), binary.BigEndian.AppendUint64(nil, seq))
	e.wakeReplication()
}

// version is the number of the change an item's state comes from; zero when no older change can arrive any more.
func (e *Engine) version(table storage.SpaceID, rest []byte) (uint64, error) {
	v, ok, err := e.store.Get(storage.VersionKey(table, rest), nil)
	if err != nil || !ok || len(v) != 8 {
		return 0, err
	}
	return binary.BigEndian.Uint64(v), nil
}

// trimVersions removes the versions of a table that every change still to come is later than.
func (e *Engine) trimVersions(t *catalog.Table) error {
	e.repl.round.Lock()
	defer e.repl.round.Unlock()
	oldest := ^uint64(0)
	for _, ref := range t.Siblings() {
		if from := e.catalog.Table(ref); from != nil {
			seq, err := e.cursor(replicaPair{from.ID, t.ID})
			if err != nil {
				return err
			}
			oldest = min(oldest, seq)
		}
	}
	it, err := e.store.Iter(storage.VersionSpan(t.ID))
	if err != nil {
		return err
	}
	w := bulkWriter{s: e.store}
	defer w.close()
	for ok := it.First(); ok && err == nil; ok = it.Next() {
		var v []byte
		if v, err = it.Value(); err == nil && len(v) == 8 && binary.BigEndian.Uint64(v) <= oldest {
			w.batch().Delete(it.Key())
			err = w.flush()
		}
	}
	if cerr := it.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return w.finish()
}

// sentAll reports whether no replica needs a table's log any more.
func (e *Engine) sentAll(t *catalog.Table) bool {
	if !t.SendsChanges() {
		return true
	}
	e.repl.round.Lock()
	defer e.repl.round.Unlock()
	for _, ref := range t.Siblings() {
		if to := e.catalog.Table(ref); to != nil {
			seq, ok := e.repl.sent[replicaPair{t.ID, to.ID}]
			if !ok || seq < e.repl.until {
				return false
			}
		}
	}
	return true
}
