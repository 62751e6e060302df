package tablefile

import (
	"fmt"
	"strings"
)

const keysForm = "write pk:S, or pk:S, sk:N (S text, N number, B binary); parts of one key are joined by +"

// keys reads a key: the short form, or a list of {name, type, sort} for names that do not fit it. types holds the types met before.
func (n *node) keys(types map[string]string) ([]Key, error) {
	if n.kind == list {
		return readList(n, func(x *node) (Key, error) { return x.longKey(types) })
	}
	text, err := n.word()
	if err != nil {
		return nil, n.fail("expected a key, found "+n.kindText(), keysForm)
	}
	roles := strings.Split(text, ",")
	if len(roles) > 2 {
		return nil, n.fail(fmt.Sprintf("%q has more than a partition key and a sort key", text), keysForm)
	}
	var keys []Key
	for i, role := range roles {
		for part := range strings.SplitSeq(role, "+") {
			name, kind, _ := strings.Cut(strings.TrimSpace(part), ":")
			k, err := n.typed(Key{Name: name, Type: strings.ToUpper(strings.TrimSpace(kind)), Sort: i == 1}, types)
			if err != nil {
				return nil, err
			}
			keys = append(keys, k)
		}
	}
	return keys, nil
}

func (n *node) longKey(types map[string]string) (Key, error) {
	var k Key
	err := n.members([]string{"name", "type", "sort"}, func(name string, v *node) (err error) {
		switch name {
		case "name":
			k.Name, err = v.word()
		case "type":
			k.Type, err = v.oneOf("S", "N", "B")
		case "sort":
			var word string
			word, err = v.oneOf(On, Off)
			k.Sort = word == On
		}
		return err
	})
	if err != nil {
		return k, err
	}
	return n.typed(k, types)
}

// typed checks a part of a key, and takes its type from where it was given before.
func (n *node) typed(k Key, types map[string]string) (Key, error) {
	switch {
	case k.Name == "":
		return k, n.fail("lacks the name of an attribute", keysForm)
	case k.Type != "" && k.Type != "S" && k.Type != "N" && k.Type != "B":
		return k, n.fail(fmt.Sprintf("%q is no type for a key", k.Type), keysForm)
	case k.Type == "":
		k.Type = types[k.Name]
	}
	if k.Type == "" {
		return k, n.fail(fmt.Sprintf("the type of the attribute %q is missing", k.Name), "write "+k.Name+":S for text, "+k.Name+":N for a number or "+k.Name+":B for binary")
	}
	if before := types[k.Name]; before != "" && before != k.Type {
		return k, n.fail(fmt.Sprintf("the attribute %q is given the types %s and %s", k.Name, before, k.Type), "an attribute has one type in all keys")
	}
	types[k.Name] = k.Type
	return k, nil
}

// The members of an index: a local one shares the capacity of its table.
var (
	localMembers  = []string{"name", "keys", "projection"}
	globalMembers = []string{"name", "keys", "projection", "capacity", "auto-scaling", "on-demand-max", "warm", "insights"}
)

func (n *node) index(types map[string]string, known []string) (Index, error) {
	x := Index{Projection: Projection{Kind: "all"}}
	err := n.members(known, func(name string, v *node) (err error) {
		switch name {
		case "name":
			x.Name, err = v.word()
		case "keys":
			x.Keys, err = v.keys(types)
		case "projection":
			x.Projection, err = v.projection()
		case "capacity":
			x.Capacity, err = v.units()
		case "auto-scaling":
			x.Scaling, err = v.scaling()
		case "on-demand-max":
			x.Max, err = v.maximum()
		case "warm":
			x.Warm, err = v.units()
		case "insights":
			x.Insights, err = v.oneOf("all", "throttled", Off)
		}
		return err
	})
	switch {
	case err != nil:
	case x.Name == "":
		err = n.fail("name is missing", "an index has a name and keys")
	case len(x.Keys) == 0:
		err = n.fail("keys is missing", keysForm)
	}
	return x, err
}

// projection reads all, keys, or a list of attributes.
func (n *node) projection() (Projection, error) {
	if n.kind == list {
		names, err := readList(n, (*node).word)
		if err == nil && len(names) == 0 {
			return Projection{Kind: "keys"}, nil
		}
		return Projection{Kind: "include", Include: names}, err
	}
	kind, err := n.oneOf("all", "keys")
	return Projection{Kind: kind}, err
}

func (n *node) vector(types map[string]string) (Vector, error) {
	x := Vector{Projection: Projection{Kind: "all"}}
	err := n.members([]string{"name", "attribute", "dimensions", "distance", "projection", "partition", "filters"}, func(name string, v *node) (err error) {
		switch name {
		case "name":
			x.Name, err = v.word()
		case "attribute":
			x.Attribute, err = v.word()
		case "dimensions":
			x.Dimensions, err = v.integer(1)
		case "distance":
			x.Distance, err = v.oneOf("cosine", "dot-product", "euclidean")
		case "projection":
			x.Projection, err = v.projection()
		case "partition":
			x.Partition, err = v.searchKeys(types)
		case "filters":
			x.Filters, err = v.searchKeys(types)
		}
		return err
	})
	if err == nil && (x.Name == "" || x.Attribute == "" || x.Dimensions == 0 || x.Distance == "") {
		err = n.fail("name, attribute, dimensions or distance is missing", "a vector index needs them all")
	}
	return x, err
}

// searchKeys are attributes of a search schema: a list, or one. Their types may be left out.
func (n *node) searchKeys(types map[string]string) ([]Key, error) {
	items := []*node{n}
	if n.kind == list {
		items = n.items
	}
	var keys []Key
	for _, item := range items {
		text, err := item.word()
		if err != nil {
			return nil, err
		}
		name, kind, typed := strings.Cut(text, ":")
		k := Key{Name: name, Type: types[name]}
		if typed {
			if k, err = item.typed(Key{Name: name, Type: strings.ToUpper(kind)}, types); err != nil {
				return nil, err
			}
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func (n *node) kinesis() (Kinesis, error) {
	var k Kinesis
	if n.kind == scalar {
		var err error
		k.Stream, err = n.word()
		return k, err
	}
	err := n.members([]string{"stream", "precision"}, func(name string, v *node) (err error) {
		if name == "stream" {
			k.Stream, err = v.word()
		} else {
			k.Precision, err = v.oneOf("millisecond", "microsecond")
		}
		return err
	})
	if err == nil && k.Stream == "" {
		err = n.fail("stream is missing: the ARN of a stream of Kinesis", "")
	}
	return k, err
}

func (n *node) replica() (Replica, error) {
	var r Replica
	if n.kind == scalar {
		var err error
		r.Region, err = n.word()
		return r, err
	}
	err := n.members([]string{"region", "class", "encryption", "read"}, func(name string, v *node) (err error) {
		switch name {
		case "region":
			r.Region, err = v.word()
		case "class":
			r.Class, err = v.oneOf("standard", "infrequent-access")
		case "encryption":
			r.Key, err = v.word()
		case "read":
			r.Read, err = v.integer(1)
		}
		return err
	})
	if err == nil && r.Region == "" {
		err = n.fail("region is missing", "write it as: eu-west-1")
	}
	return r, err
}
