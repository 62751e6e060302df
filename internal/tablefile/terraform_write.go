package tablefile

import (
	"maps"
	"slices"
	"strings"
)

// Terraform writes tables as resources of the AWS provider, in HCL. Notes say what of them the provider has no place for.
func Terraform(tables []*Table) (hcl []byte, notes []string) {
	w := &writer{}
	for i, t := range tables {
		if i > 0 {
			w.line("")
		}
		notes = append(notes, w.terraform(t)...)
	}
	return w.out, notes
}

// terraformID makes a name for a resource: letters, digits and underscores.
func terraformID(name string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			return r
		}
		return '_'
	}, name)
	if id == "" || id[0] <= '9' {
		id = "t_" + id
	}
	return id
}

// hcl writes a text as HCL reads it: like JSON, with ${ and %{ kept from being templates.
func hcl(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(quote(s))
}

func (w *writer) terraform(t *Table) (notes []string) {
	id := w.free("table", terraformID(t.Name), "_")
	w.line("resource \"aws_dynamodb_table\" %q {", id)
	w.line("  name = %s", hcl(t.Name))
	if t.Billing != "" {
		w.line("  billing_mode = %q", APIWord("billing", t.Billing))
	}
	notes = append(notes, w.tfKeys("  ", t.Name, t.Keys)...)
	w.tfCapacity("  ", t.Capacity)
	if t.Class != "" {
		w.line("  table_class = %q", APIWord("class", t.Class))
	}
	if t.Protection != "" {
		w.line("  deletion_protection_enabled = %t", t.Protection == On)
	}
	if t.Stream != "" && t.Stream != Off {
		w.line("  stream_enabled = true\n  stream_view_type = %q", APIWord("stream", t.Stream))
	}
	for _, a := range t.Attributes() {
		w.block("attribute", "name = "+hcl(a.Name), "type = "+hcl(a.Type))
	}
	w.tfUnits("  ", "on_demand_throughput", "max_read_request_units", "max_write_request_units", t.Max)
	w.tfUnits("  ", "warm_throughput", "read_units_per_second", "write_units_per_second", t.Warm)
	notes = append(notes, w.tfIndexes(t)...)
	if t.TTL != "" && t.TTL != Off {
		w.block("ttl", "attribute_name = "+hcl(t.TTL), "enabled = true")
	}
	if t.PITR != nil && *t.PITR > 0 {
		w.block("point_in_time_recovery", "enabled = true", "recovery_period_in_days = "+number(int64(*t.PITR)))
	}
	switch t.Encryption {
	case "", AWSOwned:
	case AWSManaged:
		w.block("server_side_encryption", "enabled = true")
	default:
		w.block("server_side_encryption", "enabled = true", "kms_key_arn = "+hcl(t.Encryption))
	}
	for _, r := range t.Replicas {
		lines := []string{"region_name = " + hcl(r.Region)}
		if r.Key != "" {
			lines = append(lines, "kms_key_arn = "+hcl(r.Key))
		}
		w.block("replica", lines...)
		if r.Class != "" || r.Read > 0 {
			notes = append(notes, "class and read capacity of the replica of "+t.Name+" in "+r.Region+" are left out: the provider has no place for them")
		}
	}
	if len(t.Tags) > 0 {
		w.line("\n  tags = {")
		for _, name := range slices.Sorted(maps.Keys(t.Tags)) {
			w.line("    %s = %s", hcl(name), hcl(t.Tags[name]))
		}
		w.line("  }")
	}
	w.tfIgnored(t)
	w.line("}")
	w.tfBeside(t, id)
	w.tfScaling(t, id)
	if len(t.Vectors) > 0 {
		notes = append(notes, "vector indexes of "+t.Name+" are left out: the provider has no place for them")
	}
	return notes
}

// tfBeside writes what the provider has as resources of their own.
func (w *writer) tfBeside(t *Table, id string) {
	table := "aws_dynamodb_table." + id
	if t.Policy != "" && t.Policy != Off {
		policy := strings.ReplaceAll(hcl(t.Policy), "$"+TableARN, "${"+table+".arn}")
		w.line("\nresource \"aws_dynamodb_resource_policy\" %q {\n  resource_arn = %s.arn\n  policy = %s\n}", id, table, policy)
	}
	insights := func(id, index, mode string) {
		if mode == "" || mode == Off {
			return
		}
		w.line("\nresource \"aws_dynamodb_contributor_insights\" %q {\n  table_name = %s.name", w.free("insights", id, "_"), table)
		if index != "" {
			w.line("  index_name = %s", hcl(index))
		}
		w.line("  mode = %q\n}", APIWord("insights", mode))
	}
	insights(id, "", t.Insights)
	for _, x := range t.Indexes {
		insights(id+"_"+terraformID(x.Name), x.Name, x.Insights)
	}
	for _, k := range t.Kinesis {
		name := w.free("destination", id, "_")
		w.line("\nresource \"aws_dynamodb_kinesis_streaming_destination\" %q {\n  stream_arn = %s\n  table_name = %s.name", name, hcl(k.Stream), table)
		if k.Precision != "" {
			w.line("  approximate_creation_date_time_precision = %q", APIWord("precision", k.Precision))
		}
		w.line("}")
	}
}

func (w *writer) block(name string, lines ...string) {
	w.line("\n  %s {\n    %s\n  }", name, strings.Join(lines, "\n    "))
}

// tfKeys writes the keys; the provider has one attribute for each.
func (w *writer) tfKeys(indent, of string, keys []Key) (notes []string) {
	seen := map[bool]bool{}
	for _, k := range keys {
		if seen[k.Sort] {
			notes = append(notes, "the key of "+of+" has several attributes: "+k.Name+" is left out, hash_key and range_key hold one each")
			continue
		}
		seen[k.Sort] = true
		name := "hash_key"
		if k.Sort {
			name = "range_key"
		}
		w.line("%s%s = %s", indent, name, hcl(k.Name))
	}
	return notes
}

func (w *writer) tfCapacity(indent string, u *Units) {
	if u != nil {
		w.line("%sread_capacity = %d\n%swrite_capacity = %d", indent, u.Read, indent, u.Write)
	}
}

func (w *writer) tfUnits(indent, name, read, write string, u *Units) {
	if u == nil || u.Read == Unlimited && u.Write == Unlimited {
		return
	}
	w.line("\n%s%s {", indent, name)
	if u.Read != Unlimited {
		w.line("%s  %s = %d", indent, read, u.Read)
	}
	if u.Write != Unlimited {
		w.line("%s  %s = %d", indent, write, u.Write)
	}
	w.line("%s}", indent)
}

func (w *writer) tfIndexes(t *Table) (notes []string) {
	for _, x := range t.Indexes {
		w.line("\n  global_secondary_index {\n    name = %s", hcl(x.Name))
		notes = append(notes, w.tfKeys("    ", x.Name, x.Keys)...)
		w.tfProjection(x.Projection)
		w.tfCapacity("    ", x.Capacity)
		w.tfUnits("    ", "on_demand_throughput", "max_read_request_units", "max_write_request_units", x.Max)
		w.tfUnits("    ", "warm_throughput", "read_units_per_second", "write_units_per_second", x.Warm)
		w.line("  }")
	}
	for _, x := range t.Local {
		w.line("\n  local_secondary_index {\n    name = %s", hcl(x.Name))
		if len(x.Keys) > 1 {
			w.line("    range_key = %s", hcl(x.Keys[1].Name))
		}
		w.tfProjection(x.Projection)
		w.line("  }")
	}
	return notes
}

func (w *writer) tfProjection(p Projection) {
	w.line("    projection_type = %q", APIWord("projection", p.Kind))
	if p.Kind != "include" {
		return
	}
	names := make([]string, len(p.Include))
	for i, n := range p.Include {
		names[i] = hcl(n)
	}
	w.line("    non_key_attributes = [%s]", strings.Join(names, ", "))
}
