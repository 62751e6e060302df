package tablefile

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Difference is one setting that two tables have differently; "" is a part that is not there.
type Difference struct {
	Setting string `json:"setting"`
	A       string `json:"a"`
	B       string `json:"b"`
}

// Diff lists how b differs from a. What either says nothing of is no difference, and neither is the name. Warm throughput is a floor that grows by
// itself: a table that has more of it than asked for does not differ.
func Diff(a, b *Table) []Difference {
	d := &differ{}
	d.words("keys", KeysText(a.Keys), KeysText(b.Keys))
	d.words("billing", a.Billing, b.Billing)
	d.capacity("capacity", a.Capacity, b.Capacity, a.Scaling, b.Scaling)
	d.scaling("auto-scaling", a.Scaling, b.Scaling)
	d.maximum("on-demand-max", a.Max, b.Max)
	d.warm("warm", a.Warm, b.Warm)
	d.indexes("index ", a.Indexes, b.Indexes)
	d.indexes("local-index ", a.Local, b.Local)
	d.vectors(a.Vectors, b.Vectors)
	d.words("ttl", a.TTL, b.TTL)
	d.words("pitr", daysText(a.PITR), daysText(b.PITR))
	d.words("stream", a.Stream, b.Stream)
	if a.Tags != nil && b.Tags != nil {
		names := slices.Sorted(maps.Keys(a.Tags))
		for _, n := range slices.Sorted(maps.Keys(b.Tags)) {
			if _, there := a.Tags[n]; !there {
				names = append(names, n)
			}
		}
		for _, n := range names {
			va, ina := a.Tags[n]
			vb, inb := b.Tags[n]
			if va != vb || ina != inb {
				d.list = append(d.list, Difference{"tag " + n, shown(va, ina), shown(vb, inb)})
			}
		}
	}
	if !samePolicy(a.Policy, b.Policy) {
		d.words("policy", a.Policy, b.Policy)
	}
	d.words("class", a.Class, b.Class)
	d.words("deletion-protection", a.Protection, b.Protection)
	d.words("encryption", a.Encryption, b.Encryption)
	d.words("insights", a.Insights, b.Insights)
	each(d, "kinesis ", a.Kinesis, b.Kinesis, func(k Kinesis) string { return k.Stream }, kinesisText)
	each(d, "replica ", a.Replicas, b.Replicas, func(r Replica) string { return r.Region }, replicaText)
	return d.list
}

// shown tells a tag without a value from one that is not there.
func shown(value string, there bool) string {
	if there && value == "" {
		return `""`
	}
	return value
}

type differ struct{ list []Difference }

func (d *differ) add(setting, a, b string) {
	if a != b {
		d.list = append(d.list, Difference{setting, a, b})
	}
}

// words compares what both name.
func (d *differ) words(setting, a, b string) {
	if a != "" && b != "" {
		d.add(setting, a, b)
	}
}

func (d *differ) units(setting string, a, b *Units) {
	if a != nil && b != nil {
		d.add(setting, a.Text(), b.Text())
	}
}

// maximum is units where nothing said on one side, by a table that is on demand, would be no maximum; that is not known here, so it is passed over.
func (d *differ) maximum(setting string, a, b *Units) { d.units(setting, a, b) }

// warm is a floor: what b has above it is no difference.
func (d *differ) warm(setting string, a, b *Units) {
	if a != nil && b != nil && (b.Read < a.Read || b.Write < a.Write) {
		d.add(setting, a.Text(), b.Text())
	}
}

func (d *differ) indexes(kind string, a, b []Index) {
	if a == nil || b == nil {
		return
	}
	each(d, kind, a, b, func(x Index) string { return x.Name }, indexText)
	for _, x := range a {
		y, ok := find(b, x.Name)
		if !ok || indexText(x) != indexText(y) {
			continue
		}
		d.capacity(kind+x.Name+" capacity", x.Capacity, y.Capacity, x.Scaling, y.Scaling)
		d.scaling(kind+x.Name+" auto-scaling", x.Scaling, y.Scaling)
		d.maximum(kind+x.Name+" on-demand-max", x.Max, y.Max)
		d.warm(kind+x.Name+" warm", x.Warm, y.Warm)
		d.words(kind+x.Name+" insights", x.Insights, y.Insights)
	}
}

func find(list []Index, name string) (Index, bool) {
	for _, x := range list {
		if x.Name == name {
			return x, true
		}
	}
	return Index{}, false
}

// indexText is what of an index cannot be changed.
func indexText(x Index) string {
	p := x.Projection
	p.Include = slices.Sorted(slices.Values(p.Include))
	return KeysText(x.Keys) + "; " + p.Text()
}

func (d *differ) vectors(a, b []Vector) {
	each(d, "vector-index ", a, b, func(v Vector) string { return v.Name }, vectorText)
}

func vectorText(v Vector) string {
	text := v.Attribute + ", " + strconv.FormatInt(v.Dimensions, 10) + " dimensions, " + v.Distance + "; " + v.Projection.Text()
	names := func(keys []Key) string {
		var all []string
		for _, k := range keys {
			all = append(all, k.Name)
		}
		return strings.Join(all, ", ")
	}
	if len(v.Partition) > 0 {
		text += "; partition " + names(v.Partition)
	}
	if len(v.Filters) > 0 {
		text += "; filters " + names(v.Filters)
	}
	return text
}

func kinesisText(k Kinesis) string {
	if k.Precision == "" {
		return "millisecond"
	}
	return k.Precision
}

func replicaText(r Replica) string {
	parts := []string{"class " + r.Class, "key " + r.Key, "read " + strconv.FormatInt(r.Read, 10)}
	var said []string
	for _, p := range parts {
		if !strings.HasSuffix(p, " ") && p != "read 0" {
			said = append(said, p)
		}
	}
	if len(said) == 0 {
		return "there"
	}
	return strings.Join(said, ", ")
}

// each compares lists by the names of what is in them; nil on either side is nothing said.
func each[T any](d *differ, kind string, a, b []T, name, text func(T) string) {
	if a == nil || b == nil {
		return
	}
	other := map[string]T{}
	for _, y := range b {
		other[name(y)] = y
	}
	seen := map[string]bool{}
	for _, x := range a {
		seen[name(x)] = true
		if y, ok := other[name(x)]; ok {
			d.add(kind+name(x), text(x), text(y))
		} else {
			d.add(kind+name(x), text(x), "")
		}
	}
	for _, y := range b {
		if !seen[name(y)] {
			d.add(kind+name(y), "", text(y))
		}
	}
}
