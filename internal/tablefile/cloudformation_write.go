package tablefile

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CloudFormation writes tables as a template in YAML. Notes say what of them a template has no place for.
func CloudFormation(tables []*Table) (template []byte, notes []string) {
	w := &writer{}
	w.line(`AWSTemplateFormatVersion: "2010-09-09"`)
	w.line("Resources:")
	for _, t := range tables {
		id := w.free("resource", logicalID(t.Name), "")
		w.template(t, id)
		w.scalingResources(t, id)
		if len(t.Vectors) > 0 {
			notes = append(notes, "vector indexes of "+t.Name+" are left out: AWS::DynamoDB::Table has no place for them")
		}
		if len(t.Replicas) > 0 {
			notes = append(notes, "replicas of "+t.Name+" are left out: they belong to AWS::DynamoDB::GlobalTable, which is another resource")
		}
		if len(t.Kinesis) > 1 {
			notes = append(notes, "a template names one stream of Kinesis; the others of "+t.Name+" are left out")
		}
	}
	return w.out, notes
}

// logicalID makes a name for a resource: letters and digits only.
func logicalID(name string) string {
	var b strings.Builder
	up := true
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z' && up:
			b.WriteRune(r - 'a' + 'A')
			up = false
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
			up = false
		default:
			up = true
		}
	}
	if b.Len() == 0 || b.String()[0] <= '9' {
		return "Table" + b.String()
	}
	return b.String()
}

func (w *writer) template(t *Table, id string) {
	w.line("  %s:", id)
	w.line("    Type: AWS::DynamoDB::Table")
	if t.Protection == On {
		w.line("    DeletionPolicy: Retain")
	}
	w.line("    Properties:")
	p := &properties{w, "      "}
	p.word("TableName", t.Name)
	w.line("      AttributeDefinitions:")
	for _, a := range t.Attributes() {
		w.line("        - {AttributeName: %s, AttributeType: %s}", quote(a.Name), a.Type)
	}
	p.keys(t.Keys)
	p.word("BillingMode", APIWord("billing", t.Billing))
	p.units("ProvisionedThroughput", "ReadCapacityUnits", "WriteCapacityUnits", t.Capacity)
	p.units("OnDemandThroughput", "MaxReadRequestUnits", "MaxWriteRequestUnits", t.Max)
	p.units("WarmThroughput", "ReadUnitsPerSecond", "WriteUnitsPerSecond", t.Warm)
	p.indexes("GlobalSecondaryIndexes", t.Indexes)
	p.indexes("LocalSecondaryIndexes", t.Local)
	if t.TTL != "" && t.TTL != Off {
		w.line("      TimeToLiveSpecification: {AttributeName: %s, Enabled: true}", quote(t.TTL))
	}
	if t.PITR != nil && *t.PITR > 0 {
		w.line("      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: %d}", *t.PITR)
	}
	if t.Stream != "" && t.Stream != Off {
		w.line("      StreamSpecification: {StreamViewType: %s}", APIWord("stream", t.Stream))
	}
	if len(t.Tags) > 0 {
		w.line("      Tags:")
		for _, name := range slices.Sorted(maps.Keys(t.Tags)) {
			w.line("        - {Key: %s, Value: %s}", quote(name), quote(t.Tags[name]))
		}
	}
	p.policy(t)
	p.word("TableClass", APIWord("class", t.Class))
	if t.Protection != "" {
		w.line("      DeletionProtectionEnabled: %t", t.Protection == On)
	}
	switch t.Encryption {
	case "", AWSOwned:
	case AWSManaged:
		w.line("      SSESpecification: {SSEEnabled: true, SSEType: KMS}")
	default:
		w.line("      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: %s}", quote(t.Encryption))
	}
	p.insights(t.Insights)
	if len(t.Kinesis) > 0 {
		p.kinesis(t.Kinesis[0])
	}
}

// properties writes properties at an indentation.
type properties struct {
	w      *writer
	indent string
}

func (p *properties) word(name, value string) {
	if value != "" {
		p.w.line("%s%s: %s", p.indent, name, plain(value))
	}
}

func (p *properties) keys(keys []Key) {
	p.w.line("%sKeySchema:", p.indent)
	for _, k := range keys {
		role := "HASH"
		if k.Sort {
			role = "RANGE"
		}
		p.w.line("%s  - {AttributeName: %s, KeyType: %s}", p.indent, quote(k.Name), role)
	}
}

func (p *properties) units(name, read, write string, u *Units) {
	if u == nil || u.Read == Unlimited && u.Write == Unlimited {
		return
	}
	var parts []string
	for _, x := range []struct {
		name  string
		value int64
	}{{read, u.Read}, {write, u.Write}} {
		if x.value != Unlimited {
			parts = append(parts, fmt.Sprintf("%s: %d", x.name, x.value))
		}
	}
	p.w.line("%s%s: {%s}", p.indent, name, strings.Join(parts, ", "))
}

func (p *properties) indexes(name string, all []Index) {
	if len(all) == 0 {
		return
	}
	p.w.line("%s%s:", p.indent, name)
	inner := &properties{p.w, p.indent + "    "}
	for _, x := range all {
		p.w.line("%s  - IndexName: %s", p.indent, plain(x.Name))
		inner.keys(x.Keys)
		if x.Projection.Kind == "include" {
			names := make([]string, len(x.Projection.Include))
			for i, n := range x.Projection.Include {
				names[i] = quote(n)
			}
			p.w.line("%sProjection: {ProjectionType: INCLUDE, NonKeyAttributes: [%s]}", inner.indent, strings.Join(names, ", "))
		} else {
			p.w.line("%sProjection: {ProjectionType: %s}", inner.indent, APIWord("projection", x.Projection.Kind))
		}
		inner.units("ProvisionedThroughput", "ReadCapacityUnits", "WriteCapacityUnits", x.Capacity)
		inner.units("OnDemandThroughput", "MaxReadRequestUnits", "MaxWriteRequestUnits", x.Max)
		inner.units("WarmThroughput", "ReadUnitsPerSecond", "WriteUnitsPerSecond", x.Warm)
		inner.insights(x.Insights)
	}
}

func (p *properties) insights(mode string) {
	if mode != "" && mode != Off {
		p.w.line("%sContributorInsightsSpecification: {Enabled: true, Mode: %s}", p.indent, APIWord("insights", mode))
	}
}

func (p *properties) kinesis(k Kinesis) {
	precision := ""
	if k.Precision != "" {
		precision = ", ApproximateCreationDateTimePrecision: " + APIWord("precision", k.Precision)
	}
	p.w.line("%sKinesisStreamSpecification: {StreamArn: %s%s}", p.indent, quote(k.Stream), precision)
}

// policy writes JSON, which is YAML too. The table cannot refer to its own ARN, so its parts are put together.
func (p *properties) policy(t *Table) {
	if t.Policy == "" || t.Policy == Off {
		return
	}
	var doc any
	if json.Unmarshal([]byte(t.Policy), &doc) != nil {
		return
	}
	raw, err := json.MarshalIndent(substitute(doc, t.Name), p.indent+"  ", "  ")
	if err != nil {
		return
	}
	p.w.line("%sResourcePolicy:\n%s  PolicyDocument: %s", p.indent, p.indent, raw)
}

func substitute(v any, table string) any {
	switch v := v.(type) {
	case string:
		if rest, ok := strings.CutPrefix(v, TableARN); ok {
			return map[string]any{"Fn::Sub": ownARN(table) + rest}
		}
	case []any:
		for i := range v {
			v[i] = substitute(v[i], table)
		}
	case map[string]any:
		for k := range v {
			v[k] = substitute(v[k], table)
		}
	}
	return v
}
