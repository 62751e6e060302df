package tablefile

import "strings"

func (s *tf) tfSettings(n *node, t *Table) {
	if s.truth(n, "stream_enabled") {
		t.Stream = s.api(n, "stream_view_type", "stream")
	}
	if class := s.api(n, "table_class", "class"); class != "" {
		t.Class = class
	}
	if s.truth(n, "deletion_protection_enabled") {
		t.Protection = On
	}
	if v := s.one(n, "ttl"); v != nil && s.text(v, "enabled") != "false" {
		t.TTL = s.text(v, "attribute_name")
	}
	days := 0
	if v := s.one(n, "point_in_time_recovery"); v != nil && s.truth(v, "enabled") {
		if days = int(s.number(v, "recovery_period_in_days")); days == 0 {
			days = 35
		}
	}
	t.PITR = &days
	if v := s.one(n, "server_side_encryption"); v != nil && s.truth(v, "enabled") {
		t.Encryption = AWSManaged
		if id := s.text(v, "kms_key_arn"); id != "" {
			t.Encryption = id
		}
	}
	t.Tags = map[string]string{}
	if v := s.one(n, "tags"); v != nil {
		for _, f := range v.fields {
			t.Tags[f.name] = s.text(v, f.name)
		}
	}
	t.Kinesis, t.Replicas = []Kinesis{}, []Replica{}
	for _, r := range blocks(n.get("replica")) {
		t.Replicas = append(t.Replicas, Replica{Region: s.text(r, "region_name"), Key: s.text(r, "kms_key_arn")})
	}
}

// beside adds what the provider keeps in resources of their own to the table they refer to. Those of other tables are passed over.
func beside(kind string, body *node, tables map[string]*Table) error {
	var refer string
	switch kind {
	case "aws_dynamodb_resource_policy":
		refer = "resource_arn"
	case "aws_dynamodb_contributor_insights", "aws_dynamodb_kinesis_streaming_destination":
		refer = "table_name"
	default:
		return nil
	}
	ref := body.get(refer)
	if ref == nil {
		return body.fail(refer+" is missing", "")
	}
	resource := strings.TrimSuffix(strings.TrimSuffix(strings.Trim(ref.text, "${} "), ".arn"), ".name")
	t := tables[resource]
	for _, x := range tables {
		if x.Name == ref.text {
			t = x
		}
	}
	if t == nil {
		return nil
	}
	s := &tf{}
	switch kind {
	case "aws_dynamodb_resource_policy":
		policy := body.get("policy")
		if policy == nil || policy.kind != scalar {
			return body.fail("policy is missing, or no text of JSON", "")
		}
		text := strings.ReplaceAll(policy.text, "${"+resource+".arn}", TableARN)
		if strings.Contains(strings.ReplaceAll(text, TableARN, ""), "${") {
			return policy.fail("an expression in the policy cannot be resolved here", "write the value")
		}
		t.Policy, s.err = compact([]byte(text), policy)
	case "aws_dynamodb_contributor_insights":
		mode := s.api(body, "mode", "insights")
		if mode == "" {
			mode = "all"
		}
		name := s.text(body, "index_name")
		if name == "" {
			t.Insights = mode
		}
		for i := range t.Indexes {
			if t.Indexes[i].Name == name {
				t.Indexes[i].Insights = mode
			}
		}
	default:
		t.Kinesis = append(t.Kinesis, Kinesis{s.text(body, "stream_arn"), s.api(body, "approximate_creation_date_time_precision", "precision")})
	}
	return s.err
}
