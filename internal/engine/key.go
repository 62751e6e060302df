package engine

import (
	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Largest keys in bytes (Developer Guide, "Service quotas": partition key length, sort key length).
const (
	maxPartitionKey = 2048
	maxSortKey      = 1024
)

const msgKeySchema = "The provided key element does not match the schema"

// itemKey is the place of an item: its row in the store.
type itemKey struct {
	row []byte // whole row key
}

// attributes gives top-level attributes by name: an item or an image.
type attributes interface {
	attribute(name string) (attr.Value, bool)
}

// parsedItem is an attr.Item as attributes.
type parsedItem attr.Item

func (it parsedItem) attribute(name string) (attr.Value, bool) { return attr.Item(it).Get(name) }

// itemKeyOf finds the key in an item to be written. dst is memory to build it in.
func itemKeyOf(t *catalog.Table, it attributes, dst []byte) (itemKey, []byte, error) {
	var raw [2][]byte
	im, together := it.(*Image)
	if together = together && im != nil && !im.parsed && len(t.Key.Range) > 0; together {
		raw = im.raw(t.Key.Hash[0].Name, t.Key.Range[0].Name)
	}
	check := func(k catalog.KeyAttribute) (v attr.Value, err error) {
		var ok bool
		switch {
		case !together:
			v, ok = it.attribute(k.Name)
		case k.Name == t.Key.Hash[0].Name:
			v, ok = parsedRaw(raw[0])
		default:
			v, ok = parsedRaw(raw[1])
		}
		if !ok {
			return v, invalidParameter("Missing the key " + k.Name + " in the item")
		}
		if v.Kind != k.Type {
			return v, invalidParameter("Type mismatch for key " + k.Name + " expected: " + k.Type.String() + " actual: " + v.Kind.String())
		}
		return v, nil
	}
	return buildKey(t, check, dst)
}

// requestKeyOf reads the Key parameter of a request, which must hold the key and nothing else.
func requestKeyOf(t *catalog.Table, key attr.Item, dst []byte) (itemKey, []byte, error) {
	if len(key) != len(t.Key.Hash)+len(t.Key.Range) {
		return itemKey{}, dst, validation(msgKeySchema)
	}
	check := func(k catalog.KeyAttribute) (attr.Value, error) {
		v, ok := key.Get(k.Name)
		if !ok || v.Kind != k.Type {
			return v, validation(msgKeySchema)
		}
		return v, nil
	}
	return buildKey(t, check, dst)
}

// buildKey encodes the row key behind dst, one attribute after the other.
func buildKey(t *catalog.Table, value func(catalog.KeyAttribute) (attr.Value, error), dst []byte) (itemKey, []byte, error) {
	hash, err := value(t.Key.Hash[0])
	if err != nil {
		return itemKey{}, dst, err
	}
	if err := checkPartitionKey(t.Key.Hash[0].Name, hash); err != nil {
		return itemKey{}, dst, err
	}
	start := len(dst)
	dst = tableSpace(t).appendPartition(dst, hash)
	if len(t.Key.Range) > 0 {
		sort, err := value(t.Key.Range[0])
		if err != nil {
			return itemKey{}, dst, err
		}
		if err := checkSortKey(t.Key.Range[0].Name, sort); err != nil {
			return itemKey{}, dst, err
		}
		dst = attr.AppendKey(dst, sort)
	}
	return itemKey{row: dst[start:len(dst):len(dst)]}, dst, nil
}

// checkPartitionKey checks the value of a partition key, which is of the right type: not empty, and of at most maxPartitionKey bytes.
func checkPartitionKey(name string, v attr.Value) error {
	if v.Kind != attr.N && len(v.Str) > maxPartitionKey {
		return invalidParameter("Size of hashkey has exceeded the maximum size limit of2048 bytes")
	}
	return checkNotEmpty(name, v)
}

// checkSortKey checks the value of a sort key, which is of the right type: not empty, and of at most maxSortKey bytes.
func checkSortKey(name string, v attr.Value) error {
	if v.Kind != attr.N && len(v.Str) > maxSortKey {
		return invalidParameter("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
	}
	return checkNotEmpty(name, v)
}

func checkNotEmpty(name string, v attr.Value) error {
	if v.Kind == attr.N || v.Str != "" {
		return nil
	}
	kind := "string"
	if v.Kind == attr.B {
		kind = "binary"
	}
	return validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty " +
		kind + " value. Key: " + name)
}

// keyItem collects the key attributes of an item.
func keyItem(s catalog.Schema, it attributes) attr.Item {
	out := make(attr.Item, 0, len(s.Hash)+len(s.Range))
	for _, k := range s.Attributes() {
		if v, ok := it.attribute(k.Name); ok {
			out = append(out, attr.Attribute{Name: k.Name, Value: v})
		}
	}
	return out
}
