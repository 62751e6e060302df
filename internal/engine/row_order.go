package engine

import (
	"crypto/md5" //nolint:gosec // the service's hash of keys; it protects nothing
	"encoding/binary"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// The service keeps partitions in the order of the MD5 of a word and the bytes of the partition key (mhart/dynalite, held against the service; keys of
// several attributes came later, and theirs are taken together). Scans read in this order, and their segments are parts of it.

// hashWord stands before the bytes of every key that is hashed.
const hashWord = "Outliers"

// keyHash is where a key stands among others: the first 64 bits of its hash.
func keyHash(values ...attr.Value) uint64 {
	var small [256]byte
	text := append(small[:0], hashWord...)
	for _, v := range values {
		text = attr.AppendHashed(text, v)
	}
	sum := md5.Sum(text) //nolint:gosec // as above
	return binary.BigEndian.Uint64(sum[:])
}

// rowSpace is where the rows of a table or index are, and in which order.
type rowSpace struct {
	id    storage.SpaceID
	order catalog.RowOrder
}

func tableSpace(t *catalog.Table) rowSpace { return rowSpace{t.ID, t.Order} }

func indexSpace(x *catalog.Index) rowSpace { return rowSpace{x.ID, x.Order} }

// appendPartition appends the prefix of a partition's rows.
func (s rowSpace) appendPartition(dst []byte, hash ...attr.Value) []byte {
	var small [256]byte
	pk := small[:0]
	for _, v := range hash {
		pk = attr.AppendKey(pk, v)
	}
	return storage.AppendPartition(dst, s.id, partitionHash(s.order, pk, hash), pk)
}

// partitionHash is where a partition stands in its space. pk is its key as rows hold it.
func partitionHash(order catalog.RowOrder, pk []byte, hash []attr.Value) uint64 {
	if order == catalog.OwnOrder {
		return storage.Hash(pk)
	}
	return keyHash(hash...)
}

// reordered gives what storage.RowRest gives of a table's row as another table has it that keeps the same rows in another order.
func reordered(rest []byte, from, to catalog.RowOrder) []byte {
	if from == to {
		return rest
	}
	_, parts, _ := storage.SplitRest(rest)
	v, tail, err := attr.DecodeKey(parts)
	if err != nil {
		return rest // no row's; there is no key to look for
	}
	hash := partitionHash(to, parts[:len(parts)-len(tail)], []attr.Value{v})
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, len(rest)), hash), parts...)
}
