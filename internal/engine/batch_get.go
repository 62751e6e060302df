package engine

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// Limits of a batch (API reference, BatchGetItem and BatchWriteItem). Of 100 items of 300 KB, 52 are read "so as not to exceed the 16 MB limit", so a read's
// megabytes are decimal. "More than 1 MB per partition" is what ends a page; a partition is here the items of one partition key.
const (
	maxBatchKeys   = 100
	maxBatchWrites = 25
	maxBatchBytes  = 16 << 20
	maxBatchRead   = 16e6
)

const msgDuplicateKeys = "Provided list of item keys contains duplicates"

type batchGetInput struct {
	newerProgram
	RequestItems           map[string]keysAndAttributes `wire:"RequestItems,min=1,max=100,key.max=255,key.min=3,key.pattern=[a-zA-Z0-9_.-]+"`
	ReturnConsumedCapacity string                       `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
}

type keysAndAttributes struct {
	Keys                     []attr.Item       `wire:"Keys,required,min=1"`
	AttributesToGet          []string          `wire:"AttributesToGet,min=1"`
	ConsistentRead           bool              `wire:"ConsistentRead"`
	ProjectionExpression     *string           `wire:"ProjectionExpression"`
	ExpressionAttributeNames map[string]string `wire:"ExpressionAttributeNames"`
}

// tableReads is what a batch asks of one table, and the answer to it.
type tableReads struct {
	name       string // as the request gives it
	in         keysAndAttributes
	table      *catalog.Table
	projection *expression.Projection
	rows       []itemKey

	items     []byte // separated by commas
	unread    []attr.Item
	read      bool  // anything was read
	throttled error // why some keys were not
	consumed  *consumedCapacity
}

type batchGetOutput struct {
	tables []*tableReads
}

func batchGetItem(c *call, in *batchGetInput) (*batchGetOutput, error) {
	tables, err := c.planBatchGet(in)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, r := range tables {
		if err := c.readBatch(r, &size, in.ReturnConsumedCapacity); err != nil {
			return nil, err
		}
	}
	if err := allThrottled(tables); err != nil {
		return nil, err
	}
	return &batchGetOutput{tables}, nil
}

// allThrottled is why nothing at all was read, nil when anything was (API reference, BatchGetItem: a request of which no
// item can be processed is refused).
func allThrottled(tables []*tableReads) (err error) {
	for _, r := range tables {
		if r.read {
			return nil
		}
		if r.throttled != nil {
			err = r.throttled
		}
	}
	return err
}

// planBatchGet checks the whole request before anything is read: its size, expressions, then tables and keys.
func (c *call) planBatchGet(in *batchGetInput) ([]*tableReads, error) {
	total := 0
	if len(in.RequestItems) == 0 {
		return nil, errNoRequests("BatchGetItem")
	}
	for name, r := range in.RequestItems {
		if len(r.Keys) == 0 { // the table itself is null, or has a name that is reported first
			return nil, validation(envelope + "Value null at 'requestItems." + name + ".member.keys' failed to satisfy constraint: Member must not be null")
		}
		if len(r.Keys) > maxBatchKeys { // spelled and without the keys as the service does (ExtendDB/extenddb 16)
			return nil, validation(envelope + "Value at 'RequestItems." + name + ".member.Keys' failed to satisfy constraint: " +
				"Member must have length less than or equal to " + strconv.Itoa(maxBatchKeys))
		}
		total += len(r.Keys)
	}
	if total > maxBatchKeys {
		return nil, validation("Too many items requested for the BatchGetItem call")
	}
	if err := in.exclusive(); err != nil {
		return nil, err
	}
	tables := make([]*tableReads, 0, len(in.RequestItems))
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		r := &tableReads{name: name, in: in.RequestItems[name]}
		var err error
		if r.projection, err = planProjection(r.in.AttributesToGet, r.in.ProjectionExpression, r.in.ExpressionAttributeNames); err != nil {
			return nil, err
		}
		if repeatedKeys(r.in.Keys) {
			return nil, validation(msgDuplicateKeys)
		}
		tables = append(tables, r)
	}
	seen := make(map[string]bool, total)
	for _, r := range tables {
		var err error
		if r.table, err = c.table(r.name); err != nil {
			return nil, err
		}
		if err := checkScalars(r.table, r.projection); err != nil {
			return nil, err
		}
		for _, k := range r.in.Keys {
			var key itemKey
			if key, c.scratch, err = requestKeyOf(r.table, k, c.scratch); err != nil {
				return nil, err
			}
			if seen[string(key.row)] {
				return nil, validation(msgDuplicateKeys)
			}
			seen[string(key.row)] = true
			r.rows = append(r.rows, key)
		}
	}
	return tables, nil
}

// requestJSON is what a batch asks for as the newer of the service's programs repeats it: JSON in the order of names (twelve Regions in October 2026: source
// of nubo-db/dynoxide 3.2).
func requestJSON(items map[string]keysAndAttributes) []byte {
	sorted := func(it attr.Item) attr.Item {
		return slices.SortedFunc(slices.Values(it), func(a, b attr.Attribute) int { return strings.Compare(a.Name, b.Name) })
	}
	dst := []byte{'{'}
	for _, table := range slices.Sorted(maps.Keys(items)) {
		in := items[table]
		if dst = append(appendQuotedMember(dst, table), '{'); in.AttributesToGet != nil {
			dst = appendTexts(appendMember(dst, "AttributesToGet"), in.AttributesToGet)
		}
		if in.ConsistentRead {
			dst = append(appendMember(dst, "ConsistentRead"), "true"...)
		}
		if in.ExpressionAttributeNames != nil {
			dst = appendNames(appendMember(dst, "ExpressionAttributeNames"), in.ExpressionAttributeNames)
		}
		dst = append(appendMember(dst, "Keys"), '[')
		for i, k := range in.Keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = attr.AppendItem(dst, sorted(k))
		}
		if dst = append(dst, ']'); in.ProjectionExpression != nil {
			dst = jsonscan.AppendQuoted(appendMember(dst, "ProjectionExpression"), *in.ProjectionExpression)
		}
		dst = append(dst, '}')
	}
	return append(dst, '}')
}

// errNoRequests refuses a batch of nothing, which the service words differently from other missing members (ExtendDB/extenddb 14).
func errNoRequests(operation string) error {
	return validation("The requestItems parameter is required for " + operation)
}

// repeatedKeys finds a key that is there twice before the table is looked at, as the service does (ExtendDB/extenddb 192).
func repeatedKeys(keys []attr.Item) bool {
	seen := make(map[string]struct{}, len(keys))
	var (
		sorted attr.Item
		wire   []byte
	)
	for _, k := range keys {
		sorted = append(sorted[:0], k...)
		slices.SortFunc(sorted, func(a, b attr.Attribute) int { return strings.Compare(a.Name, b.Name) })
		wire = attr.AppendItem(wire[:0], sorted)
		seen[string(wire)] = struct{}{}
	}
	return len(seen) < len(keys)
}

// exclusive refuses AttributesToGet beside a ProjectionExpression, also where they are asked of two tables.
func (in *batchGetInput) exclusive() error {
	legacy, expressions := false, false
	for _, r := range in.RequestItems {
		legacy = legacy || r.AttributesToGet != nil
		expressions = expressions || r.ProjectionExpression != nil
	}
	return exclusive([]param{{"AttributesToGet", legacy}}, []param{{"ProjectionExpression", expressions}})
}

// readBatch reads the items of one table until the answer, all tables together, has reached its limit; the keys that are
// left go back unprocessed. Each item is rounded up to read units by itself (Developer Guide, "BatchGetItem").
func (c *call) readBatch(r *tableReads, size *int, wanted string) error {
	from, done, err := c.e.store.Find(len(r.rows), func(i int) []byte { return r.rows[i].row })
	if err != nil {
		return err
	}
	taken, err := c.readRows(r, from, size)
	if err := errors.Join(err, done()); err != nil {
		return err
	}
	r.consumed = taken.report(wanted, r.name)
	return nil
}

func (c *call) readRows(r *tableReads, from storage.Getter, size *int) (taken cost, err error) {
	sizes, total := make([]int, len(r.rows)), 0
	for i, key := range r.rows {
		if total >= pageBytes && r.partitionBytes(sizes[:i], i) >= pageBytes {
			r.unread = append(r.unread, r.in.Keys[i])
			continue
		}
		mark := len(c.scratch)
		im, err := c.e.loadFrom(from, c, key)
		if err != nil {
			return taken, err
		}
		if im != nil && *size+im.Size > maxBatchRead {
			r.unread = append(r.unread, r.in.Keys[i:]...)
			break
		}
		units := readUnits(billed(r.table, im), r.in.ConsistentRead)
		if err := c.chargeRead(r.table, key.row, units); err != nil {
			r.unread, r.throttled = append(r.unread, r.in.Keys[i]), err
			c.scratch = c.scratch[:mark]
			continue
		}
		r.read = true
		taken.table += units
		if im != nil {
			sizes[i] = im.Size
			total += im.Size
			*size += im.Size
			wire, err := projected(r.projection, im.Wire)
			if err != nil {
				return taken, err
			}
			if len(r.items) > 0 {
				r.items = append(r.items, ',')
			}
			r.items = append(r.items, wire...)
		}
		c.scratch = c.scratch[:mark] // copied, so the next item may have the memory
	}
	return taken, nil
}

// partitionBytes is how much was read, of the items before number i, that has the partition key of number i.
func (r *tableReads) partitionBytes(sizes []int, i int) (sum int) {
	name := r.table.Key.Hash[0].Name
	own, _ := r.in.Keys[i].Get(name)
	for j, n := range sizes {
		if v, _ := r.in.Keys[j].Get(name); n > 0 && attr.Compare(v, own) == 0 {
			sum += n
		}
	}
	return sum
}

func (o *batchGetOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"Responses":{`...)
	for _, r := range o.tables {
		dst = append(appendQuotedMember(dst, r.name), '[')
		dst = append(append(dst, r.items...), ']')
	}
	dst = append(dst, `},"UnprocessedKeys":{`...)
	for _, r := range o.tables {
		if len(r.unread) > 0 {
			dst = r.appendUnread(appendQuotedMember(dst, r.name))
		}
	}
	dst = append(dst, '}')
	consumed := make([]*consumedCapacity, len(o.tables))
	for i, r := range o.tables {
		consumed[i] = r.consumed
	}
	return append(appendConsumedList(dst, consumed), '}')
}

// appendUnread appends what is left of the request for a table, ready to be sent again.
func (r *tableReads) appendUnread(dst []byte) []byte {
	in := r.in
	in.Keys = r.unread
	dst = append(dst, `{"Keys":[`...)
	for i, k := range in.Keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = attr.AppendItem(dst, k)
	}
	dst = append(dst, `],"ConsistentRead":`...)
	dst = strconv.AppendBool(dst, in.ConsistentRead)
	if in.AttributesToGet != nil {
		dst = appendTexts(append(dst, `,"AttributesToGet":`...), in.AttributesToGet)
	}
	if in.ProjectionExpression != nil {
		dst = jsonscan.AppendQuoted(append(dst, `,"ProjectionExpression":`...), *in.ProjectionExpression)
	}
	if in.ExpressionAttributeNames != nil {
		dst = appendNames(append(dst, `,"ExpressionAttributeNames":`...), in.ExpressionAttributeNames)
	}
	return append(dst, '}')
}

// appendTexts appends a list of texts.
func appendTexts(dst []byte, texts []string) []byte {
	dst = append(dst, '[')
	for i, s := range texts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = jsonscan.AppendQuoted(dst, s)
	}
	return append(dst, ']')
}

// appendNames appends a map of names.
func appendNames(dst []byte, names map[string]string) []byte {
	dst = append(dst, '{')
	for _, k := range slices.Sorted(maps.Keys(names)) {
		dst = jsonscan.AppendQuoted(appendQuotedMember(dst, k), names[k])
	}
	return append(dst, '}')
}

// appendQuotedMember is appendMember for a name that comes from a request.
func appendQuotedMember(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(jsonscan.AppendQuoted(dst, name), ':')
}

// appendConsumedList appends the ConsumedCapacity member of an operation on several tables.
func appendConsumedList(dst []byte, list []*consumedCapacity) []byte {
	first := true
	for _, consumed := range list {
		if consumed == nil {
			continue
		}
		if first {
			dst = append(appendMember(dst, "ConsumedCapacity"), '[')
		} else {
			dst = append(dst, ',')
		}
		first = false
		dst = encode(dst, shapeConsumed(), consumed)
	}
	if !first {
		dst = append(dst, ']')
	}
	return dst
}
