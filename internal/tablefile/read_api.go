package tablefile

import "slices"

// readAPI reads what DescribeTable answers, or what CreateTable takes. Sizes, times and states are passed over.
func readAPI(n *node) (*Table, error) {
	s := &shape{types: map[string]string{}}
	t := s.table(n)
	if v := s.member(n, "TableClassSummary"); v != nil {
		t.Class = s.word(v, "TableClass", "class")
	}
	for _, name := range []string{"SSEDescription", "SSESpecification"} {
		v := s.member(n, name)
		if v == nil || s.text(v, "Status") == "DISABLED" || s.text(v, "Enabled") == "false" {
			continue
		}
		t.Encryption = AWSManaged
		for _, key := range []string{"KMSMasterKeyArn", "KMSMasterKeyId"} {
			if id := s.text(v, key); id != "" {
				t.Encryption = id
			}
		}
	}
	if n.get("Tags") != nil {
		t.Tags = s.tags(n)
	}
	if text := s.text(n, "ResourcePolicy"); text != "" && s.err == nil {
		t.Policy, s.err = compact([]byte(text), n.get("ResourcePolicy"))
	}
	t.Vectors = s.vectors(n)
	t.Replicas = s.replicas(n)
	if s.err != nil {
		return nil, s.err
	}
	if t.Name == "" {
		return nil, n.fail("TableName is missing", "")
	}
	return t, t.check(n, s.types)
}

func (s *shape) vectors(n *node) []Vector {
	all := []Vector{}
	for _, x := range s.list(n, "VectorIndexes") {
		v := Vector{Name: s.text(x, "IndexName"), Dimensions: s.number(x, "Dimensions"), Distance: s.word(x, "DistanceFunction", "distance"), Projection: s.projection(x)}
		if a := s.member(x, "VectorAttribute"); a != nil {
			v.Attribute = s.text(a, "AttributeName")
		}
		for _, e := range s.list(x, "SearchSchema") {
			k := Key{Name: s.text(e, "AttributeName")}
			k.Type = s.types[k.Name]
			if s.text(e, "SearchSchemaElementType") == "HASH" {
				v.Partition = append(v.Partition, k)
			} else {
				v.Filters = append(v.Filters, k)
			}
		}
		all = append(all, v)
	}
	return all
}

// replicas reads the other regions: DescribeTable lists the table's own too, which its ARN tells.
func (s *shape) replicas(n *node) []Replica {
	all := []Replica{}
	own := Region(s.text(n, "TableArn"))
	for _, x := range s.list(n, "Replicas") {
		r := Replica{Region: s.text(x, "RegionName"), Key: s.text(x, "KMSMasterKeyId")}
		if r.Region == own {
			continue
		}
		if v := s.member(x, "ReplicaTableClassSummary"); v != nil {
			r.Class = s.word(v, "TableClass", "class")
		}
		if v := s.member(x, "ProvisionedThroughputOverride"); v != nil {
			r.Read = s.number(v, "ReadCapacityUnits")
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Replica) int { return compare(a.Region, b.Region) })
	return all
}
