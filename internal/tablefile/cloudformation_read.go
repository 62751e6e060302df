package tablefile

import (
	"fmt"
	"slices"
	"strings"
)

// readTemplate reads the tables of a CloudFormation template. A Ref to a parameter with a Default is that value; other functions cannot be resolved.
func readTemplate(d *node) (tables []*Table, notes []string, err error) {
	defaults, logical := map[string]*node{}, map[string]string{}
	if p := d.get("Parameters"); p != nil {
		for _, f := range p.fields {
			if v := f.value.get("Default"); v != nil {
				defaults[f.name] = v
			}
		}
	}
	for _, f := range d.get("Resources").fields {
		kind := f.value.get("Type")
		if kind == nil || f.value.kind != mapping {
			continue
		}
		switch kind.text {
		case "AWS::DynamoDB::Table":
			props := f.value.get("Properties")
			if props == nil || props.kind != mapping {
				return nil, nil, f.value.fail("Properties is missing", "")
			}
			resolve(props, defaults)
			t, more, err := readResource(props, f.name)
			if err != nil {
				return nil, nil, err
			}
			t.Line = f.line
			logical[f.name] = t.Name
			tables, notes = append(tables, t), append(notes, more...)
		case "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable":
			return nil, nil, f.value.fail(kind.text+" is not read", "write it as AWS::DynamoDB::Table, and its replicas in a table file")
		}
	}
	if len(tables) == 0 {
		return nil, nil, d.get("Resources").fail("holds no AWS::DynamoDB::Table", "")
	}
	more, err := templateScaling(d.get("Resources"), tables, logical)
	return tables, append(notes, more...), err
}

// resolve puts the defaults of parameters in place of references to them, in both ways of writing one.
func resolve(n *node, defaults map[string]*node) {
	name := ""
	switch {
	case n.kind == scalar && n.tag == "!Ref":
		name = n.text
	case n.kind == mapping && len(n.fields) == 1 && n.fields[0].name == "Ref":
		name = n.fields[0].value.text
	}
	if v, ok := defaults[name]; ok && name != "" {
		line, path := n.line, n.path
		*n = *v
		n.line, n.path, n.tag = line, path, ""
	}
	for _, f := range n.fields {
		resolve(f.value, defaults)
	}
	for _, item := range n.items {
		resolve(item, defaults)
	}
}

var templateProperties = []string{
	"TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput", "OnDemandThroughput", "WarmThroughput", "GlobalSecondaryIndexes",
	"LocalSecondaryIndexes", "StreamSpecification", "TableClass", "DeletionProtectionEnabled", "SSESpecification", "TimeToLiveSpecification",
	"PointInTimeRecoverySpecification", "Tags", "ResourcePolicy", "ContributorInsightsSpecification", "KinesisStreamSpecification",
}

func readResource(n *node, logical string) (t *Table, notes []string, err error) {
	s := &shape{types: map[string]string{}}
	t = s.table(n)
	if t.Name == "" && s.err == nil {
		t.Name = logical
		notes = append(notes, fmt.Sprintf("%s has no TableName, which CloudFormation would make up: the table is named %s", logical, logical))
	}
	t.Warm, t.Insights = s.warm(n), Off
	if x := s.insights(n); x != "" {
		t.Insights = x
	}
	for i := range t.Indexes {
		if t.Indexes[i].Insights == "" {
			t.Indexes[i].Insights = Off
		}
	}
	if v := s.member(n, "SSESpecification"); v != nil && s.truth(v, "SSEEnabled") {
		t.Encryption = AWSManaged
		if id := s.text(v, "KMSMasterKeyId"); id != "" {
			t.Encryption = id
		}
	}
	t.TTL = Off
	if v := s.member(n, "TimeToLiveSpecification"); v != nil && s.truth(v, "Enabled") {
		t.TTL = s.text(v, "AttributeName")
	}
	days := 0
	if v := s.member(n, "PointInTimeRecoverySpecification"); v != nil && s.truth(v, "PointInTimeRecoveryEnabled") {
		if days = int(s.number(v, "RecoveryPeriodInDays")); days == 0 {
			days = 35
		}
	}
	t.PITR, t.Tags, t.Policy = &days, s.tags(n), Off
	if v := s.member(n, "ResourcePolicy"); v != nil {
		t.Policy = s.document(v, t.Name)
	}
	t.Kinesis = []Kinesis{}
	if v := s.member(n, "KinesisStreamSpecification"); v != nil {
		t.Kinesis = append(t.Kinesis, Kinesis{s.text(v, "StreamArn"), s.word(v, "ApproximateCreationDateTimePrecision", "precision")})
	}
	t.unscaled()
	if s.err == nil {
		s.err = t.check(n, s.types)
	}
	if s.err != nil {
		return nil, nil, s.err
	}
	for _, f := range n.fields {
		if !slices.Contains(templateProperties, f.name) {
			notes = append(notes, fmt.Sprintf("%s of %s was passed over", f.name, logical))
		}
	}
	return t, notes, nil
}

// document is a policy in a template. The table's own ARN by Fn::Sub, as CloudFormation writes it here, is TableARN again.
func (s *shape) document(v *node, table string) string {
	doc := v.get("PolicyDocument")
	if doc == nil {
		s.failed(v, "PolicyDocument is missing", "")
		return ""
	}
	unsub(doc, table)
	raw, err := doc.json()
	if err != nil {
		s.err = err
		return ""
	}
	text, err := compact(raw, doc)
	if err != nil && s.err == nil {
		s.err = err
	}
	return text
}

func ownARN(table string) string {
	return "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/" + table
}

func unsub(n *node, table string) {
	text, sub := n.text, n.kind == scalar && n.tag == "!Sub"
	if n.kind == mapping && len(n.fields) == 1 && n.fields[0].name == "Fn::Sub" {
		text, sub = n.fields[0].value.text, true
	}
	if sub && strings.HasPrefix(text, ownARN(table)) {
		n.kind, n.tag, n.fields, n.quoted = scalar, "", nil, true
		n.text = TableARN + strings.TrimPrefix(text, ownARN(table))
	}
	for _, f := range n.fields {
		unsub(f.value, table)
	}
	for _, item := range n.items {
		unsub(item, table)
	}
}
