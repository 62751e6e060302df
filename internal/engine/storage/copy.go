package storage

import "encoding/binary"

// expirySpace holds the order in which items of tables with time to live expire: 'x' space id, time, rest of the row key.
const expirySpace = 'x'

// RowRest is a row key without the space it lies in: hash, partition key, sort key. It names the row in a copy of its
// space.
func RowRest(key []byte) []byte {
	if len(key) < spaceLen {
		return nil
	}
	return key[spaceLen:]
}

// SplitRest takes apart what RowRest gives: the partition's hash and what follows it, which aliases rest. ok is false when it is none.
func SplitRest(rest []byte) (hash uint64, parts []byte, ok bool) {
	if len(rest) < 8 {
		return 0, nil, false
	}
	return binary.BigEndian.Uint64(rest), rest[8:], true
}

// RowKey appends the key of the row that rest names in a space.
func RowKey(dst []byte, id SpaceID, rest []byte) []byte {
	return append(appendSpace(dst, rowSpace, id), rest...)
}

// BackupRow appends the key of the row that rest names in a backup.
func BackupRow(dst []byte, id SpaceID, rest []byte) []byte {
	return append(appendSpace(dst, backupSpace, id), rest...)
}

// ExpirySpan is the order of expiry of a whole table.
func ExpirySpan(id SpaceID) Span { return spaceSpan(expirySpace, id) }

// ExpiryKey is the key of an item in its table's order of expiry. at is in seconds since 1970 and not negative; a nil
// rest gives the key before all items of that second.
func ExpiryKey(id SpaceID, at int64, rest []byte) []byte {
	key := appendSpace(make([]byte, 0, spaceLen+8+len(rest)), expirySpace, id)
	key = binary.BigEndian.AppendUint64(key, uint64(max(at, 0)))
	return append(key, rest...)
}

// SplitExpiryKey takes an ExpiryKey apart; rest aliases key.
func SplitExpiryKey(key []byte) (at int64, rest []byte) {
	if len(key) < spaceLen+8 {
		return 0, nil
	}
	return int64(binary.BigEndian.Uint64(key[spaceLen:])), key[spaceLen+8:]
}
