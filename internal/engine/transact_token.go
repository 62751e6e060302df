package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// transactTokenLife is how long a client token makes a transaction idempotent (API reference, TransactWriteItems: 10 minutes).
const transactTokenLife = 10 * time.Minute

// tokenDoc is where tokens are kept: with the writes they stand for, in the same batch, so that a client who repeats a
// call after a crash is answered rightly.
const tokenDoc = "transaction-token/"

// tokenKey names a token within its operation, region and namespace; empty for none. ExecuteTransaction has tokens of its
// own: the same text may be used in both operations.
func (c *call) tokenKey(token string) string {
	if token == "" {
		return ""
	}
	parts := []string{c.namespace, c.region, token}
	if c.action != "TransactWriteItems" {
		parts = append(parts, c.action)
	}
	return tokenDoc + strings.Join(parts, "\x00")
}

// recall reports whether the transaction of this token has been carried out, and the size of each of its items then (nil
// when that was not kept). A token of another request is refused.
func (c *call) recall(token string, digest []byte) (done bool, sizes []int, err error) {
	if token == "" {
		return false, nil, nil
	}
	v, ok, err := c.e.store.Get(storage.MetaKey(c.tokenKey(token)), nil)
	if err != nil || !ok || len(v) < 8 || expired(v, c.now) {
		return false, nil, err
	}
	kept, ok := bytes.CutPrefix(v[8:], digest)
	if !ok {
		return false, nil, &apiError{
			Type:    "IdempotentParameterMismatchException",
			Message: "Specified idempotent token was used with different request parameters within the idempotency window",
		}
	}
	for len(kept) > 0 {
		n, k := binary.Uvarint(kept)
		if k <= 0 {
			return true, nil, nil
		}
		sizes, kept = append(sizes, int(n)), kept[k:]
	}
	return true, sizes, nil
}

// expired reports whether a kept token is older than transactTokenLife. Its first eight bytes are the time of the call.
func expired(v []byte, now time.Time) bool {
	at := time.Unix(0, int64(binary.BigEndian.Uint64(v)))
	return now.Sub(at) >= transactTokenLife
}

// remember puts a token into the batch of its transaction, with the sizes a repetition is charged for, and now and then
// takes out those that have expired.
func (c *call) remember(token string, digest []byte, writes []*write) func(*storage.Batch) error {
	if token == "" {
		return nil
	}
	return func(b *storage.Batch) error {
		v := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(digest)), uint64(c.now.UnixNano()))
		v = append(v, digest...)
		for _, w := range writes {
			v = binary.AppendUvarint(v, uint64(max(billed(w.table, w.old), billed(w.table, w.new))))
		}
		b.Set(storage.MetaKey(c.tokenKey(token)), v)
		return c.purgeTokens(b)
	}
}

func (c *call) purgeTokens(b *storage.Batch) error {
	x := &c.e.transactions
	x.mu.Lock()
	due := c.now.Unix()-x.purged >= int64(transactTokenLife/time.Second)/2
	if due {
		x.purged = c.now.Unix()
	}
	x.mu.Unlock()
	if !due {
		return nil
	}
	it, err := c.e.store.Iter(storage.MetaSpan(tokenDoc))
	if err != nil {
		return err
	}
	for ok := it.First(); ok && err == nil; ok = it.Next() {
		var v []byte
		if v, err = it.Value(); err == nil && len(v) >= 8 && expired(v, c.now) {
			b.Delete(bytes.Clone(it.Key()))
		}
	}
	if cerr := it.Close(); err == nil {
		err = cerr
	}
	return err
}

// digest stands for the parameters of a request that its token is bound to. Clients write the members of maps in any
// order, so they are put in one.
func (in *transactWriteInput) digest() []byte {
	pooled := buffers.Get().(*[]byte)
	defer putBuffer(pooled)
	b := (*pooled)[:0]
	for _, it := range in.TransactItems {
		switch {
		case it.ConditionCheck != nil:
			x := it.ConditionCheck
			b = x.canonical(appendText(appendCanonicalItem(append(b, 'c'), x.Key), x.ConditionExpression))
		case it.Put != nil:
			x := it.Put
			item, _ := x.Item.Item() // it was read once already
			b = x.canonical(appendText(appendCanonicalItem(append(b, 'p'), item), x.ConditionExpression))
		case it.Delete != nil:
			x := it.Delete
			b = x.canonical(appendText(appendCanonicalItem(append(b, 'd'), x.Key), x.ConditionExpression))
		case it.Update != nil:
			x := it.Update
			b = appendText(appendCanonicalItem(append(b, 'u'), x.Key), x.UpdateExpression)
			b = x.canonical(appendText(b, x.ConditionExpression))
		}
	}
	*pooled = b
	sum := sha256.Sum256(b)
	return sum[:]
}

func (in *transactCondition) canonical(b []byte) []byte {
	b = appendText(b, &in.TableName)
	b = appendText(b, &in.ReturnValuesOnConditionCheckFailure)
	for _, k := range slices.Sorted(maps.Keys(in.ExpressionAttributeNames)) {
		v := in.ExpressionAttributeNames[k]
		b = appendText(appendText(b, &k), &v)
	}
	return appendCanonicalItem(b, in.ExpressionAttributeValues)
}

// appendText appends a text that may be absent, so that no two lists of texts look alike.
func appendText(b []byte, s *string) []byte {
	if s == nil {
		return append(b, 0)
	}
	b = binary.AppendUvarint(b, uint64(len(*s))+1)
	return append(b, *s...)
}

// appendCanonicalItem appends an item with its attributes in the order of their names, at every depth.
func appendCanonicalItem(b []byte, it attr.Item) []byte {
	var few [32]int
	b = binary.AppendUvarint(b, uint64(len(it)))
	for _, i := range ordered(few[:0], len(it), func(i, j int) int { return strings.Compare(it[i].Name, it[j].Name) }) {
		b = appendCanonicalValue(appendText(b, &it[i].Name), &it[i].Value)
	}
	return b
}

// ordered is the numbers below n in an order, in dst: what is numbered is shared, and stays as it is.
func ordered(dst []int, n int, compare func(i, j int) int) []int {
	for i := range n {
		dst = append(dst, i)
	}
	slices.SortFunc(dst, compare)
	return dst
}

func appendCanonicalValue(b []byte, v *attr.Value) []byte {
	b = append(b, byte(v.Kind))
	switch v.Kind {
	case attr.M:
		return appendCanonicalItem(b, v.Map)
	case attr.L:
		b = binary.AppendUvarint(b, uint64(len(v.List)))
		for i := range v.List {
			b = appendCanonicalValue(b, &v.List[i])
		}
		return b
	case attr.SS, attr.NS, attr.BS:
		var few [32]int
		b = binary.AppendUvarint(b, uint64(len(v.List)))
		for _, i := range ordered(few[:0], len(v.List), func(i, j int) int { return strings.Compare(v.List[i].Str, v.List[j].Str) }) {
			b = appendText(b, &v.List[i].Str)
		}
		return b
	case attr.BOOL:
		if v.Bool {
			return append(b, 1)
		}
		return append(b, 0)
	}
	return appendText(b, &v.Str)
}
