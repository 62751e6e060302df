package tablefile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Write writes a table as a table file. What Read makes of it is the same table; settings nobody said anything about are left out.
func Write(t *Table) []byte {
	w := &writer{}
	w.line("table: %s", plain(t.Name))
	w.keys("", "keys", t.Keys)
	w.word("billing", t.Billing)
	w.units("", "capacity", t.Capacity)
	w.scaling("", t.Scaling)
	w.units("", "on-demand-max", t.Max)
	w.units("", "warm", t.Warm)
	w.indexes("indexes", t.Indexes)
	w.indexes("local-indexes", t.Local)
	w.vectors(t.Vectors)
	w.word("ttl", t.TTL)
	w.word("pitr", daysText(t.PITR))
	w.word("stream", t.Stream)
	w.tags(t.Tags)
	w.policy(t.Policy)
	w.word("class", t.Class)
	w.word("deletion-protection", t.Protection)
	w.word("encryption", t.Encryption)
	w.word("insights", t.Insights)
	if begin("kinesis", t.Kinesis, w) {
		for _, k := range t.Kinesis {
			w.line("  - stream: %s", plain(k.Stream))
			if k.Precision != "" {
				w.line("    precision: %s", k.Precision)
			}
		}
	}
	if begin("replicas", t.Replicas, w) {
		for _, r := range t.Replicas {
			w.line("  - region: %s", plain(r.Region))
			if r.Class != "" {
				w.line("    class: %s", r.Class)
			}
			if r.Key != "" {
				w.line("    encryption: %s", plain(r.Key))
			}
			if r.Read > 0 {
				w.line("    read: %d", r.Read)
			}
		}
	}
	return w.out
}

type writer struct {
	out   []byte
	taken map[string]bool // names of resources that stand in out
}

// free is the name for a resource of a kind: the one that is wanted, or with a number behind it when another has it. Names of tables and indexes
// may differ only in what names of resources cannot hold.
func (w *writer) free(kind, name, between string) string {
	if w.taken == nil {
		w.taken = map[string]bool{}
	}
	free := name
	for n := int64(2); w.taken[kind+" "+free]; n++ {
		free = name + between + number(n)
	}
	w.taken[kind+" "+free] = true
	return free
}

func (w *writer) line(format string, args ...any) {
	w.out = append(fmt.Appendf(w.out, format, args...), '\n')
}

func (w *writer) word(name, value string) {
	if value != "" {
		w.line("%s: %s", name, plain(value))
	}
}

// begin begins a list; it tells whether there is anything to write below.
func begin[T any](name string, all []T, w *writer) bool {
	if all == nil {
		return false
	}
	if len(all) == 0 {
		w.line("%s: []", name)
		return false
	}
	w.line("%s:", name)
	return true
}

func (w *writer) keys(indent, name string, keys []Key) {
	if len(keys) == 0 {
		return
	}
	if !slices.ContainsFunc(keys, func(k Key) bool { return !plainName(k.Name) }) {
		w.line("%s%s: %s", indent, name, KeysText(keys))
		return
	}
	w.line("%s%s:", indent, name)
	for _, k := range keys {
		sort := ""
		if k.Sort {
			sort = ", sort: on"
		}
		w.line("%s  - {name: %s, type: %s%s}", indent, quote(k.Name), k.Type, sort)
	}
}

func (w *writer) units(indent, name string, u *Units) {
	switch {
	case u == nil:
	case u.Read == Unlimited && u.Write == Unlimited:
		w.line("%s%s: none", indent, name)
	default:
		w.line("%s%s: {read: %s, write: %s}", indent, name, number(u.Read), number(u.Write))
	}
}

func (w *writer) indexes(name string, all []Index) {
	if !begin(name, all, w) {
		return
	}
	for _, x := range all {
		w.line("  - name: %s", plain(x.Name))
		w.keys("    ", "keys", x.Keys)
		w.projection(x.Projection)
		w.units("    ", "capacity", x.Capacity)
		w.scaling("    ", x.Scaling)
		w.units("    ", "on-demand-max", x.Max)
		w.units("    ", "warm", x.Warm)
		if x.Insights != "" {
			w.line("    insights: %s", x.Insights)
		}
	}
}

func (w *writer) projection(p Projection) {
	if p.Kind != "include" {
		w.line("    projection: %s", p.Kind)
		return
	}
	names := make([]string, len(p.Include))
	for i, n := range p.Include {
		names[i] = inFlow(n)
	}
	w.line("    projection: [%s]", strings.Join(names, ", "))
}

func (w *writer) vectors(all []Vector) {
	if !begin("vector-indexes", all, w) {
		return
	}
	for _, v := range all {
		w.line("  - name: %s", plain(v.Name))
		w.line("    attribute: %s", plain(v.Attribute))
		w.line("    dimensions: %d", v.Dimensions)
		w.line("    distance: %s", v.Distance)
		w.projection(v.Projection)
		for _, part := range []struct {
			name string
			keys []Key
		}{{"partition", v.Partition}, {"filters", v.Filters}} {
			if len(part.keys) == 0 {
				continue
			}
			var names []string
			for _, k := range part.keys {
				names = append(names, inFlow(KeysText([]Key{k})))
			}
			w.line("    %s: [%s]", part.name, strings.Join(names, ", "))
		}
	}
}

func (w *writer) tags(tags map[string]string) {
	if tags == nil {
		return
	}
	if len(tags) == 0 {
		w.line("tags: {}")
		return
	}
	w.line("tags:")
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		w.line("  %s: %s", plain(name), plain(tags[name]))
	}
}

// policy is written as JSON in one line of YAML's own: it is what AWS shows, and every editor of policies takes it.
func (w *writer) policy(doc string) {
	switch doc {
	case "":
	case Off:
		w.line("policy: off")
	default:
		w.line("policy: |")
		w.line("  %s", strings.ReplaceAll(indented(doc), "\n", "\n  "))
	}
}

// plain writes a text as YAML without quotes where it stays that text, and as JSON otherwise.
func plain(s string) string {
	if s == "" || strings.TrimSpace(s) != s || strings.ContainsAny(s, "\n\t\"'\\{}[],&*!|>%@`") || strings.Contains(s, ": ") || strings.Contains(s, " #") || strings.HasSuffix(s, ":") {
		return quote(s)
	}
	switch s[0] {
	case '-', '?', '#', '=', '~', ':', '<', '.', '+':
		return quote(s)
	}
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no":
		return quote(s)
	}
	if _, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64); err == nil || strings.HasPrefix(s, "0x") || strings.HasPrefix(s, "0o") || strings.HasPrefix(s, "0b") {
		return quote(s)
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f || r > 0xffff {
			return quote(s)
		}
	}
	return s
}

func inFlow(s string) string {
	if strings.ContainsAny(s, ":") {
		return quote(s)
	}
	return plain(s)
}
