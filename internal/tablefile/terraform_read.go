package tablefile

import (
	"fmt"
	"slices"
	"strings"
)

// readTerraform reads Terraform's JSON syntax (.tf.json). Expressions cannot be resolved, other than the name and the ARN of a table of the same file.
func readTerraform(d *node) (tables []*Table, notes []string, err error) {
	resources := d.get("resource")
	byRef, named := map[string]*Table{}, map[string]string{}
	err = eachResource(resources, func(kind, name string, line int, body *node) error {
		if kind != "aws_dynamodb_table" {
			return nil
		}
		t, more, err := readTFTable(body)
		if err != nil {
			return err
		}
		t.Line = line
		ref := "aws_dynamodb_table." + name
		byRef[ref], named[ref+".name"], named[ref+".id"] = t, t.Name, t.Name
		tables, notes = append(tables, t), append(notes, more...)
		return nil
	})
	switch {
	case err != nil:
		return nil, nil, err
	case len(tables) == 0:
		return nil, nil, resources.fail("holds no aws_dynamodb_table", "")
	}
	err = eachResource(resources, func(kind, _ string, _ int, body *node) error { return beside(kind, body, byRef) })
	for _, scaling := range []string{"aws_appautoscaling_target", "aws_appautoscaling_policy"} {
		if err != nil {
			break
		}
		err = eachResource(resources, func(kind, name string, _ int, body *node) error {
			s := &tf{}
			if kind == scaling {
				s.scaling(kind, name, body, tables, named)
			}
			return s.err
		})
	}
	if err != nil {
		return nil, nil, err
	}
	return tables, notes, nil
}

// eachResource calls take for each resource of a file, with the line it begins on.
func eachResource(resources *node, take func(kind, name string, line int, body *node) error) error {
	for _, kind := range blocks(resources) {
		for _, f := range kind.fields {
			for _, named := range blocks(f.value) {
				for _, r := range named.fields {
					for _, body := range blocks(r.value) {
						if err := take(f.name, r.name, r.line, body); err != nil {
							return err
						}
					}
				}
			}
		}
	}
	return nil
}

// blocks are the bodies of a block: JSON has one as an object, or several as a list.
func blocks(n *node) []*node {
	switch {
	case n == nil || n.kind == null:
		return nil
	case n.kind == list:
		return n.items
	}
	return []*node{n}
}

// A tf reads arguments of a resource. The first error stays.
type tf struct{ shape }

// text refuses an expression.
func (s *tf) text(n *node, name string) string {
	return s.literal(n.get(name), s.shape.text(n, name))
}

// literal is what a text at n says where it is no template, nor holds one.
func (s *tf) literal(n *node, text string) string {
	bare := strings.NewReplacer("$${", "", "%%{", "").Replace(text)
	if strings.Contains(bare, "${") || strings.Contains(bare, "%{") {
		s.failed(n, "the expression "+text+" cannot be resolved here", "write the value")
	}
	return strings.NewReplacer("$${", "${", "%%{", "%{").Replace(text)
}

func (s *tf) api(n *node, name, setting string) string {
	return s.translated(n.get(name), setting, s.text(n, name))
}

// one is the body of a block that is there once; nil where it is not.
func (s *tf) one(n *node, name string) *node {
	all := blocks(n.get(name))
	switch {
	case len(all) == 0:
		return nil
	case len(all) > 1:
		s.failed(all[1], "is there twice", "")
	case all[0].kind != mapping:
		s.failed(all[0], "expected a map, found "+all[0].kindText(), "")
		return nil
	}
	return all[0]
}

func (s *tf) pair(n *node, read, write string) *Units {
	if n == nil {
		return nil
	}
	return unitsOf(s.number(n, read), s.number(n, write))
}

var tfArguments = []string{
	"name", "billing_mode", "hash_key", "range_key", "read_capacity", "write_capacity", "attribute", "global_secondary_index", "local_secondary_index",
	"on_demand_throughput", "warm_throughput", "point_in_time_recovery", "replica", "server_side_encryption", "stream_enabled", "stream_view_type",
	"table_class", "tags", "ttl", "deletion_protection_enabled", "lifecycle",
}

func readTFTable(n *node) (*Table, []string, error) {
	s := &tf{shape{types: map[string]string{}}}
	t := &Table{Line: n.line, Name: s.text(n, "name"), Billing: Provisioned, Stream: Off, Class: "standard", Protection: Off, Encryption: AWSOwned, TTL: Off, Insights: Off, Policy: Off}
	for _, a := range blocks(n.get("attribute")) {
		s.types[s.text(a, "name")] = s.text(a, "type")
	}
	t.Keys = s.tfKeys(n)
	if b := s.api(n, "billing_mode", "billing"); b != "" {
		t.Billing = b
	}
	if t.Billing == Provisioned {
		t.Capacity = s.pair(n, "read_capacity", "write_capacity")
	}
	t.Max = s.pair(s.one(n, "on_demand_throughput"), "max_read_request_units", "max_write_request_units")
	t.Warm = s.pair(s.one(n, "warm_throughput"), "read_units_per_second", "write_units_per_second")
	s.tfIndexes(n, t)
	s.tfSettings(n, t)
	t.unscaled()
	if s.err == nil {
		s.err = t.check(n, s.types)
	}
	if s.err != nil {
		return nil, nil, s.err
	}
	var notes []string
	for _, f := range n.fields {
		if !slices.Contains(tfArguments, f.name) {
			notes = append(notes, fmt.Sprintf("%s of %s was passed over", f.name, t.Name))
		}
	}
	return t, notes, nil
}

func (s *tf) tfKeys(n *node) []Key {
	var keys []Key
	for _, role := range []string{"hash_key", "range_key"} {
		name := s.text(n, role)
		if name == "" {
			continue
		}
		if s.types[name] == "" {
			s.failed(n.get(role), fmt.Sprintf("there is no attribute block for %q", name), "")
		}
		keys = append(keys, Key{Name: name, Type: s.types[name], Sort: role == "range_key"})
	}
	return keys
}

func (s *tf) tfIndexes(n *node, t *Table) {
	t.Indexes, t.Local = []Index{}, []Index{} // vector indexes have no place there, so nothing is said of them
	for _, x := range blocks(n.get("global_secondary_index")) {
		index := Index{Name: s.text(x, "name"), Keys: s.tfKeys(x), Projection: s.tfProjection(x), Insights: Off}
		if len(index.Keys) == 0 {
			s.failed(x, "hash_key is missing", "key_schema blocks are not read")
		}
		if t.Billing == Provisioned {
			index.Capacity = s.pair(x, "read_capacity", "write_capacity")
		}
		index.Max = s.pair(s.one(x, "on_demand_throughput"), "max_read_request_units", "max_write_request_units")
		index.Warm = s.pair(s.one(x, "warm_throughput"), "read_units_per_second", "write_units_per_second")
		t.Indexes = append(t.Indexes, index)
	}
	for _, x := range blocks(n.get("local_secondary_index")) {
		t.Local = append(t.Local, Index{Name: s.text(x, "name"), Keys: s.tfKeys(x), Projection: s.tfProjection(x)})
	}
}

func (s *tf) tfProjection(n *node) Projection {
	p := Projection{Kind: s.api(n, "projection_type", "projection")}
	for _, item := range blocks(n.get("non_key_attributes")) {
		p.Include = append(p.Include, s.literal(item, item.text))
	}
	return p
}
