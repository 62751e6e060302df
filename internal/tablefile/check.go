package tablefile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/nearest"
)

// check refuses what cannot be, before anything is asked of a service.
func (t *Table) check(n *node, types map[string]string) error {
	at := func(name string) *node {
		if v := n.get(name); v != nil {
			return v
		}
		return n
	}
	switch {
	case t.Name == "":
		return n.fail("the name of the table is missing", "")
	case t.Billing == OnDemand && t.Capacity != nil:
		return at("capacity").fail("a table that is on demand has no provisioned capacity", "write billing: provisioned, or leave capacity out")
	case t.Billing == OnDemand && t.Scaling.On():
		return at("auto-scaling").fail("a table that is on demand has no auto scaling", "write billing: provisioned, or leave auto-scaling out")
	case t.Billing == Provisioned && t.Max != nil && *t.Max != (Units{Unlimited, Unlimited}):
		return at("on-demand-max").fail("a provisioned table has no on-demand maximum", "write billing: on-demand, or leave it out")
	}
	if t.Billing == "" && t.Capacity != nil {
		t.Billing = Provisioned
	}
	seen := map[string]bool{}
	indexes := func(list []Index, v *node, local bool) error {
		for i, x := range list {
			place := v
			if v != nil && i < len(v.items) {
				place = v.items[i]
			}
			if seen[x.Name] {
				return place.fail(fmt.Sprintf("the index %q is there twice", x.Name), "")
			}
			seen[x.Name] = true
			if local {
				if err := t.localKeys(place, &list[i]); err != nil {
					return err
				}
			}
			if t.Billing == OnDemand && (x.Capacity != nil || x.Scaling.On()) {
				return place.fail(fmt.Sprintf("the index %q has provisioned capacity, and the table is on demand", x.Name), "leave its capacity and auto-scaling out")
			}
		}
		return nil
	}
	if err := indexes(t.Indexes, at("indexes"), false); err != nil {
		return err
	}
	if err := indexes(t.Local, at("local-indexes"), true); err != nil {
		return err
	}
	for i, v := range t.Vectors {
		for j := range v.Partition {
			t.Vectors[i].Partition[j].Type = types[v.Partition[j].Name]
		}
		for j := range v.Filters {
			t.Vectors[i].Filters[j].Type = types[v.Filters[j].Name]
		}
	}
	return nil
}

// localKeys lets a local index name its sort key alone: the partition key is the table's.
func (t *Table) localKeys(n *node, x *Index) error {
	hash := t.Keys
	if len(hash) > 0 {
		hash = hash[:1]
	}
	if len(x.Keys) == 1 && len(hash) == 1 && x.Keys[0].Name != hash[0].Name {
		x.Keys[0].Sort = true
		x.Keys = append(slices.Clone(hash), x.Keys...)
	}
	if len(x.Keys) != 2 || len(hash) == 1 && x.Keys[0].Name != hash[0].Name {
		return n.fail(fmt.Sprintf("the local index %q needs the table's partition key and a sort key of its own", x.Name), "write keys: total:N; the partition key is the table's")
	}
	return nil
}

// meant is the word that was perhaps meant, whether its parts were joined by - or by another sign.
func meant(word string, words []string) string {
	return nearest.Name(strings.NewReplacer("_", "-", " ", "-").Replace(word), words)
}
