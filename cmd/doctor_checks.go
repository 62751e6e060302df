package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// A check looks at one table, and says what it finds through tell.
type check struct {
	name string
	look func(l *liveTable, tell func(severity, message, fix string))
}

// hotShare is how much of a sample one partition key may hold before it is told.
const hotShare = 0.2

// checkNames are the names for --skip.
func checkNames() []string {
	var names []string
	for _, c := range checks {
		names = append(names, c.name)
	}
	for _, c := range metricChecks {
		names = append(names, c.name)
	}
	return append(names, "hot-partition")
}

var checks = []check{
	{"no-pitr", func(l *liveTable, tell func(string, string, string)) {
		switch days := l.model.PITR; {
		case days == nil:
		case *days == 0:
			tell("high", "point-in-time recovery is off: what is deleted or overwritten is gone", "ddb pitr enable "+l.model.Name)
		case *days < 7:
			tell("low", fmt.Sprintf("point-in-time recovery reaches back %s only", counted(*days, "day")), "ddb pitr enable "+l.model.Name+" --days 35")
		}
	}},
	{"no-autoscaling", func(l *liveTable, tell func(string, string, string)) {
		if l.model.Billing == tablefile.Provisioned && l.unknown["auto-scaling"] == nil && !l.model.Scaling.On() {
			tell("low", "provisioned without auto scaling: it throttles above its capacity, and costs the same below; a table's file can say auto-scaling",
				"ddb table update "+l.model.Name+" --on-demand")
		}
	}},
	{"no-protection", func(l *liveTable, tell func(string, string, string)) {
		if l.model.Protection == tablefile.Off {
			tell("medium", "deletion protection is off", "ddb table update "+l.model.Name+" --deletion-protection")
		}
	}},
	{"open-policy", func(l *liveTable, tell func(string, string, string)) {
		for _, s := range openStatements(l.model.Policy) {
			tell("high", "the policy lets everyone do "+s, "ddb policy get "+l.model.Name+" --query Policy")
		}
	}},
	{"unreachable", func(l *liveTable, tell func(string, string, string)) {
		d := l.desc
		if d.SSEDescription != nil && d.SSEDescription.InaccessibleEncryptionDateTime != nil {
			tell("high", "the key of KMS cannot be used, and the table is archived after seven days: give the key back its grants", "")
		}
		if d.TableStatus != types.TableStatusActive && d.TableStatus != types.TableStatusUpdating && d.TableStatus != types.TableStatusCreating {
			tell("high", "the table is "+string(d.TableStatus), "")
		}
		for _, r := range d.Replicas {
			if r.ReplicaInaccessibleDateTime != nil || r.ReplicaStatus == types.ReplicaStatusCreationFailed || r.ReplicaStatus == types.ReplicaStatusRegionDisabled {
				tell("high", fmt.Sprintf("the replica in %s is %s", aws.ToString(r.RegionName), r.ReplicaStatus), "")
			}
		}
	}},
	{"empty-index", func(l *liveTable, tell func(string, string, string)) {
		if aws.ToInt64(l.desc.ItemCount) == 0 {
			return
		}
		for _, x := range l.desc.GlobalSecondaryIndexes {
			if aws.ToInt64(x.ItemCount) == 0 && x.IndexStatus == types.IndexStatusActive {
				tell("low", "the index "+aws.ToString(x.IndexName)+" holds no item, and the table does", "ddb index delete "+l.model.Name+" "+aws.ToString(x.IndexName))
			}
		}
	}},
	{"repeated-index", repeatedIndexes},
	{"ttl-without-stream", func(l *liveTable, tell func(string, string, string)) {
		if l.model.TTL != "" && l.model.TTL != tablefile.Off && l.model.Stream == tablefile.Off && len(l.model.Kinesis) == 0 {
			tell("low", "items expire ("+l.model.TTL+") and there is no stream: nobody can tell which did", "ddb table update "+l.model.Name+" --stream new-and-old")
		}
	}},
	{"no-maximum", func(l *liveTable, tell func(string, string, string)) {
		if l.model.Billing == tablefile.OnDemand && l.model.Max != nil && l.model.Max.Read == tablefile.Unlimited && l.model.Max.Write == tablefile.Unlimited {
			tell("info", "on demand without a maximum: a runaway program costs what it asks for", "ddb table update "+l.model.Name+" --on-demand-max 1000,1000")
		}
	}},
	{"uneven-index-capacity", func(l *liveTable, tell func(string, string, string)) {
		for _, x := range l.model.Indexes {
			if l.model.Capacity != nil && x.Capacity != nil && x.Capacity.Write < l.model.Capacity.Write {
				tell("medium", fmt.Sprintf("the index %s has %d write units and the table %d: where it falls behind, writes to the table are throttled", x.Name, x.Capacity.Write, l.model.Capacity.Write),
					"ddb table update "+l.model.Name+" --global-secondary-index-updates "+shellQuote(fmt.Sprintf(
						`[{"Update":{"IndexName":%q,"ProvisionedThroughput":{"ReadCapacityUnits":%d,"WriteCapacityUnits":%d}}}]`, x.Name, x.Capacity.Read, l.model.Capacity.Write)))
			}
		}
	}},
	{"failed-destination", func(l *liveTable, tell func(string, string, string)) {
		for _, stream := range l.failed {
			tell("medium", "changes could not be sent to "+stream+", and are not", "ddb kinesis enable "+l.model.Name+" "+stream)
		}
	}},
	{"no-insights", func(l *liveTable, tell func(string, string, string)) {
		if l.model.Insights == tablefile.Off {
			tell("info", "contributor insights are off: which keys are busy or throttled is not recorded", "ddb insights update "+l.model.Name+" --action ENABLE --mode THROTTLED_KEYS")
		}
	}},
	{"no-tags", func(l *liveTable, tell func(string, string, string)) {
		if l.model.Tags != nil && len(l.model.Tags) == 0 {
			tell("info", "no tags: whose table it is cannot be told from the bill", "ddb tag set "+l.model.Name+" team=NAME")
		}
	}},
}

// repeatedIndexes finds an index whose key another index, or the table, has too.
func repeatedIndexes(l *liveTable, tell func(string, string, string)) {
	seen := map[string]string{tablefile.KeysText(l.model.Keys): "the table"}
	for _, x := range slices.Concat(l.model.Indexes, l.model.Local) {
		keys := tablefile.KeysText(x.Keys)
		if other, ok := seen[keys]; ok {
			tell("medium", fmt.Sprintf("the index %s has the same key as %s (%s): each write pays for both", x.Name, other, keys), "ddb index delete "+l.model.Name+" "+x.Name)
			continue
		}
		seen[keys] = "the index " + x.Name
	}
}

// openStatements are the actions that a policy allows everybody without a condition.
func openStatements(policy string) []string {
	var doc struct {
		Statement json.RawMessage
	}
	if policy == "" || policy == tablefile.Off || json.Unmarshal([]byte(policy), &doc) != nil {
		return nil
	}
	type statement struct {
		Effect            string
		Principal, Action any
		Condition         map[string]any
	}
	var list []statement
	if json.Unmarshal(doc.Statement, &list) != nil {
		var one statement
		if json.Unmarshal(doc.Statement, &one) != nil {
			return nil
		}
		list = []statement{one}
	}
	var open []string
	for _, s := range list {
		if s.Effect == "Allow" && len(s.Condition) == 0 && everyone(s.Principal) {
			open = append(open, strings.Trim(fmt.Sprint(s.Action), "[]"))
		}
	}
	return open
}

func everyone(principal any) bool {
	switch p := principal.(type) {
	case string:
		return p == "*"
	case []any:
		return slices.ContainsFunc(p, everyone)
	case map[string]any:
		return everyone(p["AWS"])
	}
	return false
}

// table looks at one table.
func (d *doctor) table(ctx context.Context, env *op.Env, at site, name string) error {
	l, err := live(ctx, env, name)
	if err != nil {
		return err
	}
	for setting, err := range l.unknown {
		d.unknown(fmt.Sprintf("%s of %s: %v", setting, name, err))
	}
	tellAs := func(check string) func(severity, message, fix string) {
		return func(severity, message, fix string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			if fix != "" && d.w != nil { // where it was found, and not where the command would go by itself
				fix += " --region " + at.region
				if at.profile != "" {
					fix += " --profile " + at.profile
				}
			}
			d.report.Findings = append(d.report.Findings, finding{severity, at.profile, at.region, name, check, message, fix})
		}
	}
	for _, c := range checks {
		if !slices.Contains(d.skip, c.name) {
			c.look(l, tellAs(c.name))
		}
	}
	d.metrics(ctx, env, l, tellAs)
	if !slices.Contains(d.skip, "hot-partition") && d.sample > 0 {
		if err := d.hot(ctx, env, l, tellAs("hot-partition")); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.report.Tables++
	return nil
}

// hot reads some items and tells of partition keys that hold much of them.
func (d *doctor) hot(ctx context.Context, env *op.Env, l *liveTable, tell func(string, string, string)) error {
	if len(l.model.Keys) < 2 {
		return nil // one item a key
	}
	hash := l.model.Keys[0].Name
	count, items := map[string]int{}, 0
	in := &query.ScanInput{TableName: l.model.Name, ProjectionExpression: "#k", ExpressionAttributeNames: map[string]string{"#k": hash}}
	_, err := query.Scan.Each(ctx, env, in, func(raw map[string]types.AttributeValue) error {
		it := op.FromSDK(raw)
		if v, ok := it.Get(hash); ok {
			count[string(attr.AppendPlainValue(nil, v))]++
		}
		if items++; items == d.sample {
			return op.ErrStop
		}
		return nil
	})
	if err != nil || items < 100 {
		return err
	}
	for key, n := range count {
		if share := float64(n) / float64(items); share > hotShare && len(count) > 1 || len(count) == 1 {
			tell("medium", fmt.Sprintf("the partition key %s holds %d of %d items read, and one partition serves them all: spread it, such as by a suffix", key, n, items), "")
		}
	}
	return nil
}

// allRegions are the regions of the partition aws; those an account has not turned on are told as unknown.
var allRegions = []string{
	"af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2",
	"ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1",
	"eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
	"us-east-1", "us-east-2", "us-west-1", "us-west-2",
}
