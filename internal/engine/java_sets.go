package engine

import (
	"bytes"
	"errors"
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Sets of strings and binary values come sorted from every operation, and sets of numbers from those on single items, BatchGetItem and Query. From Scan,
// transactions, PartiQL and stream records the numbers come as a hash set of Java's BigDecimal has them into which they were put one by one, sorted. Captured
// in ten Regions in October 2026 (source of nubo-db/dynoxide 3.2); three of them gave Scan, and two transactions, sorted too.

// javaSets makes an action give number sets in Java's order, in its answer and in the items that a refusal shows.
func javaSets(act action) action {
	return func(c *call, body, out []byte) ([]byte, error) {
		start := len(out)
		answer, err := act(c, body, out)
		if err != nil {
			return nil, javaSetsOf(err)
		}
		orderNumberSets(answer[start:])
		return answer, nil
	}
}

func javaSetsOf(err error) error {
	api, ok := errors.AsType[*apiError](err)
	if !ok || api.Item == nil && api.Reasons == nil {
		return err
	}
	ordered := *api
	ordered.Item, ordered.Reasons = bytes.Clone(api.Item), slices.Clone(api.Reasons)
	orderNumberSets(ordered.Item)
	for i := range ordered.Reasons {
		r := &ordered.Reasons[i]
		r.Item = bytes.Clone(r.Item)
		orderNumberSets(r.Item)
	}
	return &ordered
}

// orderNumberSets puts the members of all number sets in canonical wire form into Java's order, in place. Only a set looks like one: in text the quotes
// are escaped, and the value of an attribute named NS begins with a brace.
func orderNumberSets(wire []byte) {
	const head = `"NS":`
	for {
		i := bytes.IndexByte(wire, '[') // rarer than any other byte of the head
		if i < 0 {
			return
		}
		found := bytes.HasSuffix(wire[:i], []byte(head))
		if wire = wire[i+1:]; !found {
			continue
		}
		end := bytes.IndexByte(wire, ']')
		if end < 0 {
			return
		}
		orderNumbers(wire[:end])
		wire = wire[end:]
	}
}

// orderNumbers puts the sorted members of one set, quoted and between commas, into Java's order.
func orderNumbers(list []byte) {
	n := 1 + bytes.Count(list, []byte{','})
	if n == 1 {
		return
	}
	type member struct {
		hash, bucket int
		text         []byte
	}
	members := make([]member, 0, n)
	for text := range bytes.SplitSeq(bytes.Clone(list), []byte{','}) {
		x, err := attr.ParseNumber(string(bytes.Trim(text, `"`)))
		if err != nil {
			return // not in canonical form
		}
		members = append(members, member{hash: javaSpread(javaDecimalHash(x)), text: text})
	}
	buckets := javaSetBuckets(n, func(i int) int { return members[i].hash })
	for i := range members {
		members[i].bucket = members[i].hash & (buckets - 1)
	}
	slices.SortStableFunc(members, func(a, b member) int { return a.bucket - b.bucket })
	list = list[:0]
	for i, m := range members {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, m.text...)
	}
}

// javaSetBuckets is how many buckets a hash set has after n entries: it doubles when it is full to three quarters, and while it is small also when one bucket
// gets its ninth entry. Nine in one bucket of a large set would become a tree, whose order is not followed.
func javaSetBuckets(n int, hash func(int) int) int {
	const small, longest = 64, 9
	buckets := defaultTable
	for i := range n {
		if buckets < small {
			length := 0
			for k := range i + 1 {
				if hash(k)&(buckets-1) == hash(i)&(buckets-1) {
					length++
				}
			}
			if length >= longest {
				buckets *= 2
			}
		}
		if i+1 > buckets*3/4 {
			buckets *= 2
		}
	}
	return buckets
}

// javaDecimalHash is the hash of Java's BigDecimal of a number without trailing zeros: of its integer, as a long where it fits and by words of 32 bits
// where not, and its scale.
func javaDecimalHash(x attr.Number) uint32 {
	negative, hi, lo, scale := x.Unscaled()
	h := uint32(0)
	for _, word := range []uint64{hi >> 32, hi & 0xffff_ffff, lo >> 32, lo & 0xffff_ffff} {
		h = 31*h + uint32(word)
	}
	if negative {
		h = -h
	}
	return 31*h + uint32(int32(scale))
}
