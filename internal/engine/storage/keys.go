package storage

import "encoding/binary"

// Key spaces, by their first byte. Rows of tables and rows of indexes share one: each has a space id of its own, never
// used again after the table or index is gone.
const (
	metaSpace   = 'm' // catalogue and other documents: 'm' name
	rowSpace    = 'r' // rows: 'r' space id, hash of the partition key, partition key, sort key[, base table key]
	countSpace  = 's' // statistics: 's' space id
	changeSpace = 'c' // change log: 'c' space id, sequence number
	backupSpace = 'b' // data of backups: 'b' backup id, rest as its writer likes
	trimSpace   = 't' // how far a change log has been trimmed: 't' space id
)

// spaceLen is the length of a prefix that names one space: a byte and a 32-bit id.
const spaceLen = 5

// SpaceID names a table, an index or a backup in keys.
type SpaceID uint32

func appendSpace(dst []byte, kind byte, id SpaceID) []byte {
	return binary.BigEndian.AppendUint32(append(dst, kind), uint32(id))
}

// MetaKey is the key of a document that belongs to no table.
func MetaKey(name string) []byte { return append([]byte{metaSpace}, name...) }

// CountKey is the key of a space's statistics, which Batch.Count adds to and Counts reads.
func CountKey(id SpaceID) []byte { return appendSpace(nil, countSpace, id) }

// ChangeKey is the key of a change record: table and sequence number.
func ChangeKey(id SpaceID, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(appendSpace(make([]byte, 0, spaceLen+8), changeSpace, id), seq)
}

// ChangeSeq reads the sequence number back out of a key made by ChangeKey.
func ChangeSeq(key []byte) uint64 {
	if len(key) < spaceLen+8 {
		return 0
	}
	return binary.BigEndian.Uint64(key[spaceLen:])
}

// TrimKey is where the number of the oldest record is kept that a trimmed change log can still have.
func TrimKey(id SpaceID) []byte { return appendSpace(nil, trimSpace, id) }

// Span is a range of keys: Start is in it, End is not.
type Span struct{ Start, End []byte }

// RowSpan is all rows of a table, or all entries of an index.
func RowSpan(id SpaceID) Span { return spaceSpan(rowSpace, id) }

// ChangeSpan is the whole change log of a table, by number.
func ChangeSpan(id SpaceID) Span { return spaceSpan(changeSpace, id) }

// BackupSpan is all entries of a backup.
func BackupSpan(id SpaceID) Span { return spaceSpan(backupSpace, id) }

// MetaSpan is all documents whose name begins with prefix.
func MetaSpan(prefix string) Span {
	start := MetaKey(prefix)
	return Span{start, PrefixEnd(start)}
}

func spaceSpan(kind byte, id SpaceID) Span {
	start := appendSpace(nil, kind, id)
	return Span{start, PrefixEnd(start)}
}

// HashSpan is the part of a space whose partition hashes lie in [from, to]. Segments of a parallel scan are such parts.
func HashSpan(id SpaceID, from, to uint64) Span {
	start := binary.BigEndian.AppendUint64(appendSpace(nil, rowSpace, id), from)
	end := binary.BigEndian.AppendUint64(appendSpace(nil, rowSpace, id), to)
	return Span{start, PrefixEnd(end)}
}

// AppendPartition appends the prefix of all rows of one partition: space, hash, partition key. hash is where the partition stands among the
// others; pk is its key in order-preserving form (attr.AppendKey), several attributes one after the other.
func AppendPartition(dst []byte, id SpaceID, hash uint64, pk []byte) []byte {
	dst = appendSpace(dst, rowSpace, id)
	dst = binary.BigEndian.AppendUint64(dst, hash)
	return append(dst, pk...)
}

// RowHash reads the partition hash out of a row key; 0 when the key is none.
func RowHash(key []byte) uint64 {
	if len(key) < spaceLen+8 {
		return 0
	}
	return binary.BigEndian.Uint64(key[spaceLen:])
}

// RowKeyParts returns what follows the hash in a row key: partition key, sort key and the rest, encoded.
func RowKeyParts(key []byte) []byte {
	if len(key) < spaceLen+8 {
		return nil
	}
	return key[spaceLen+8:]
}

// PrefixEnd is the first key after all keys that begin with prefix; nil when there is none.
func PrefixEnd(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] != 0xff {
			end[i]++
			return end[:i+1]
		}
	}
	return nil
}

// Hash spreads keys evenly over 64 bits, quickly: FNV-1a with a final mix, because FNV alone leaves the high bits of short keys
// alike. Tables of stores of format 1 keep their partitions in its order.
func Hash(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
