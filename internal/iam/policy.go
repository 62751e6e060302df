package iam

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/op"
)

// Options narrow a policy. The zero value is every table, bucket and stream of every Region and account.
type Options struct {
	// Region and Account are those of the tables; "" for any.
	Region, Account string
	// Tables are the allow-list's globs; empty for all tables.
	Tables []string
	// ReadOnly leaves out whatever read-only mode refuses.
	ReadOnly bool
	// Buckets and KinesisStreams are names of what exports, imports and Kinesis destinations use; empty for all.
	Buckets, KinesisStreams []string
	// Keys are ARNs of the customer's own KMS keys the tables are encrypted with.
	Keys []string
}

// Document is an IAM policy, as JSON of the policy grammar (IAM user guide).
type Document struct {
	Version   string
	Statement []Statement
}

// Statement allows actions on resources. Effect is always Allow: what is not allowed is denied.
type Statement struct {
	Sid       string
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string `json:",omitempty"`
}

// Policy allows what operations need. The error names an action of which nothing is known here.
func Policy(operations []op.Operation, o Options) (Document, error) {
	wanted := map[string]bool{}
	for _, operation := range operations {
		spec := operation.Spec()
		for _, name := range spec.Actions {
			known, ok := actions[name]
			if _, free := needless[name]; free {
				continue
			}
			if !ok {
				return Document{}, fmt.Errorf("%s needs %s, and which resources that is checked against is not known here", spec.Tool, name)
			}
			if o.ReadOnly && spec.Effect != op.Read && !known.reads {
				continue
			}
			wanted[name] = true
			if operation.DeclaresTables() && strings.HasPrefix(name, "dynamodb:") {
				// Names become ARNs, reads are estimated and mistakes explained by it.
				wanted["dynamodb:DescribeTable"] = true
			}
		}
	}
	return Document{Version: "2012-10-17", Statement: o.statements(wanted)}, nil
}

// statements puts actions on the same kinds of resources together.
func (o Options) statements(wanted map[string]bool) []Statement {
	type group struct {
		sid     string
		kinds   []kind
		service string
		names   []string
	}
	var groups []group
	for name := range wanted {
		known := actions[name]
		i := slices.IndexFunc(groups, func(g group) bool { return g.service == known.service && slices.Equal(g.kinds, known.on) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{sid: sid(known), kinds: known.on, service: known.service})
		}
		groups[i].names = append(groups[i].names, name)
	}
	slices.SortFunc(groups, func(a, b group) int {
		return cmp.Or(slices.Compare(a.kinds, b.kinds), cmp.Compare(a.service, b.service))
	})
	var list []Statement
	for _, g := range groups {
		slices.Sort(g.names)
		s := Statement{Sid: g.sid, Effect: "Allow", Action: g.names}
		for _, k := range g.kinds {
			s.Resource = append(s.Resource, o.resources(k)...)
		}
		if g.service != "" {
			s.Condition = map[string]map[string][]string{"StringEquals": {"iam:AWSServiceName": {g.service}}}
		}
		list = append(list, s)
	}
	if len(o.Keys) > 0 {
		list = append(list, o.keys())
	}
	return list
}

// keys lets DynamoDB, and nobody else in the caller's name, use the keys of the tables (developer guide, "Using AWS KMS").
func (o Options) keys() Statement {
	names := []string{"kms:Decrypt", "kms:DescribeKey"}
	if !o.ReadOnly {
		names = []string{"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"}
	}
	domain := "amazonaws.com"
	if o.partition() == "aws-cn" {
		domain += ".cn"
	}
	return Statement{
		Sid: "Keys", Effect: "Allow", Action: names, Resource: o.Keys,
		Condition: map[string]map[string][]string{"StringLike": {"kms:ViaService": {"dynamodb." + cmp.Or(o.Region, "*") + "." + domain}}},
	}
}

var titles = map[kind]string{
	everything: "Account", table: "Tables", index: "Indexes", stream: "Streams", backup: "Backups", export: "Exports", imported: "Imports",
	bulk: "BulkOperations", globalTable: "GlobalTables", bucket: "Buckets", object: "Objects", kinesisStream: "KinesisStreams",
	insightRule: "InsightRules", scalableTarget: "ScalableTargets", importLogs: "ImportLogs",
}

func sid(a action) string {
	if a.service != "" {
		return "ServiceLinkedRole"
	}
	var words strings.Builder
	for i, k := range a.on {
		if i > 0 {
			words.WriteString("And")
		}
		words.WriteString(titles[k])
	}
	return words.String()
}

func (o Options) partition() string {
	switch {
	case strings.HasPrefix(o.Region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(o.Region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

func (o Options) resources(k kind) []string {
	below := map[kind]string{table: "", index: "/index/*", stream: "/stream/*", backup: "/backup/*", export: "/export/*", imported: "/import/*", bulk: "/bulk-operation/*"}
	if tail, ok := below[k]; ok {
		var list []string
		for _, name := range o.tables() {
			list = append(list, o.arn("dynamodb", "table/"+name+tail))
		}
		return list
	}
	var list []string
	switch k {
	case globalTable:
		for _, name := range o.tables() {
			list = append(list, "arn:"+o.partition()+":dynamodb::"+cmp.Or(o.Account, "*")+":global-table/"+name)
		}
	case bucket, object:
		for _, name := range orAll(o.Buckets) {
			arn := "arn:" + o.partition() + ":s3:::" + name
			if k == object {
				arn += "/*"
			}
			list = append(list, arn)
		}
	case kinesisStream:
		for _, name := range orAll(o.KinesisStreams) {
			list = append(list, o.arn("kinesis", "stream/"+name))
		}
	case insightRule:
		list = append(list, o.arn("cloudwatch", "insight-rule/DynamoDBContributorInsights*"))
	case scalableTarget:
		list = append(list, o.arn("application-autoscaling", "scalable-target/*"))
	case importLogs:
		list = append(list, o.arn("logs", "log-group:/aws-dynamodb/imports:*"))
	default:
		list = append(list, "*")
	}
	return list
}

func (o Options) arn(service, rest string) string {
	return strings.Join([]string{"arn", o.partition(), service, cmp.Or(o.Region, "*"), cmp.Or(o.Account, "*"), rest}, ":")
}

func orAll(names []string) []string {
	if len(names) == 0 {
		return []string{"*"}
	}
	return names
}
