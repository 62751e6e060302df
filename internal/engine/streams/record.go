// Package streams knows the history of a table: what a change record holds, how
// it is kept in the change log, and how readers (streams, recovery to a point in
// time, exports) walk it. One log serves them all; a write adds its record to
// the log in the same batch as the item, so history and table never disagree.
package streams

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// recordVersion is the first byte of an encoded record.
const recordVersion = 1

// flagService marks a deletion by the service itself (time to live).
const flagService = 1 << 0

// flagReplicated marks a change that was made in another Region first.
const flagReplicated = 1 << 1

// A Record is one change of one item, with both images. The slices of a decoded
// record point into the value it was decoded from.
type Record struct {
	Seq     uint64 // place in the log; not part of the encoded value but of its key
	Time    time.Time
	Service bool   // made by time to live, not by a caller
	Copied  bool   // made in another Region first and copied from there
	Key     []byte // encoded key of the item: what storage.RowKeyParts gives
	Old     []byte // item before the change, as its row was stored; nil when there was none
	New     []byte // item after it, likewise; nil when it was deleted
}

// AppendRecord appends the encoded form of r, without Seq.
func AppendRecord(dst []byte, r Record) []byte {
	var flags byte
	if r.Service {
		flags |= flagService
	}
	if r.Copied {
		flags |= flagReplicated
	}
	dst = append(dst, recordVersion, flags)
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.Time.UnixNano()))
	dst = appendBytes(dst, r.Key)
	dst = appendBytes(dst, r.Old)
	return appendBytes(dst, r.New)
}

// DecodeRecord reads what AppendRecord wrote; seq comes from the record's key
// (storage.ChangeSeq). The error wraps storage.ErrDamaged.
func DecodeRecord(seq uint64, b []byte) (Record, error) {
	if len(b) < 10 || b[0] != recordVersion {
		return Record{}, errRecord(seq)
	}
	r := Record{
		Seq:     seq,
		Service: b[1]&flagService != 0,
		Copied:  b[1]&flagReplicated != 0,
		Time:    time.Unix(0, int64(binary.BigEndian.Uint64(b[2:]))).UTC(),
	}
	b = b[10:]
	for _, field := range []*[]byte{&r.Key, &r.Old, &r.New} {
		n, used := binary.Uvarint(b)
		if used <= 0 || n > uint64(len(b)-used) {
			return Record{}, errRecord(seq)
		}
		if n > 0 {
			*field = b[used : used+int(n)]
		}
		b = b[used+int(n):]
	}
	if len(b) != 0 || r.Key == nil {
		return Record{}, errRecord(seq)
	}
	return r, nil
}

func errRecord(seq uint64) error {
	return fmt.Errorf("%w: the change record with number %d cannot be read", storage.ErrDamaged, seq)
}

// Clone is a copy with memory of its own, in one piece.
func (r Record) Clone() Record {
	own := make([]byte, 0, len(r.Key)+len(r.Old)+len(r.New))
	for _, field := range []*[]byte{&r.Key, &r.Old, &r.New} {
		if *field != nil {
			start := len(own)
			own = append(own, *field...)
			*field = own[start:len(own):len(own)]
		}
	}
	return r
}

func appendBytes(dst, b []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(b)))
	return append(dst, b...)
}
