package wait

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
)

// Kind is a kind of thing that is waited for.
type Kind string

// The kinds. Each is named by a table, perhaps with the name of a part, or by an ARN of its own; see ForInput.
const (
	KindTable    Kind = "table"
	KindIndex    Kind = "index"
	KindReplica  Kind = "replica"
	KindBackup   Kind = "backup"
	KindExport   Kind = "export"
	KindImport   Kind = "import"
	KindBulk     Kind = "bulk"
	KindTTL      Kind = "ttl"
	KindPITR     Kind = "pitr"
	KindKinesis  Kind = "kinesis"
	KindInsights Kind = "insights"
	// KindGlobal is a global table of the version of 2017.
	KindGlobal Kind = "global-table"
	// KindScaling is a change of auto scaling.
	KindScaling Kind = "autoscaling"
)

// Values are all kinds.
func (Kind) Values() []Kind {
	return []Kind{KindTable, KindIndex, KindReplica, KindGlobal, KindBackup, KindExport, KindImport, KindBulk, KindTTL, KindPITR, KindKinesis, KindInsights, KindScaling}
}

// byARN are the kinds that are named by an ARN of their own, the others by a table.
func (k Kind) byARN() bool {
	return slices.Contains([]Kind{KindBackup, KindExport, KindImport, KindBulk}, k)
}

// Seconds that are waited: clients of MCP give up a call after a minute, unless progress keeps it alive.
const (
	usualSeconds = 50
	mostSeconds  = 12 * 60 * 60
)

// ForInput names what is waited for: TableName and perhaps Name, or ResourceArn, by Kind.
type ForInput struct {
	Kind           Kind   `json:"kind" arg:"kind"`
	TableName      string `json:"table_name,omitempty" flag:"table"`
	ResourceArn    string `json:"resource_arn,omitempty" flag:"arn" jsonschema:"of a backup, export, import, job"`
	Name           string `json:"name,omitempty" flag:"name" jsonschema:"index, replica region, stream ARN"`
	Gone           bool   `json:"gone,omitempty" flag:"gone" jsonschema:"until gone"`
	TimeoutSeconds *int32 `json:"timeout_seconds,omitempty" flag:"seconds" jsonschema:"default 50"`
	op.Region
}

// Validate says what is missing for the kind, and refuses times out of range.
func (in *ForInput) Validate() error {
	switch {
	case !slices.Contains(in.Kind.Values(), in.Kind):
		return op.Invalid(fmt.Sprintf("kind: %q is not known", in.Kind), fmt.Sprintf("it is one of %v", in.Kind.Values()))
	case in.Kind.byARN() && in.ResourceArn == "":
		return op.Invalid("resource_arn is missing", "it is the ARN of the "+string(in.Kind)+", as the call that began it gave it")
	case !in.Kind.byARN() && in.TableName == "":
		return op.Invalid("table_name is missing", "it is the table whose "+string(in.Kind)+" is waited for")
	case (in.Kind == KindIndex || in.Kind == KindReplica) && in.Name == "":
		return op.Invalid("name is missing", "it is the name of the index, or the region of the replica")
	case in.Gone && !slices.Contains([]Kind{KindTable, KindIndex, KindReplica, KindGlobal}, in.Kind):
		return op.Invalid("gone is for tables, indexes, replicas and global tables", "a "+string(in.Kind)+" is waited for until it is done: leave gone out")
	case in.TimeoutSeconds != nil && (*in.TimeoutSeconds < 1 || *in.TimeoutSeconds > mostSeconds):
		return op.Invalid(fmt.Sprintf("timeout_seconds: %d is out of range", *in.TimeoutSeconds), fmt.Sprintf("it is 1 to %d, and %d when left out", mostSeconds, usualSeconds))
	}
	return nil
}

// ForOutput is how far it came.
type ForOutput struct {
	// Done is false where the time was over first; what was waited for goes on.
	Done bool
	// Status is in the service's words.
	Status string
	// Seconds that were waited.
	Seconds float64
}

// For waits for what another call has begun.
var For = op.New(op.Spec{
	Tool: "wait_for", Title: "Wait for", Use: "wait <kind>",
	Short: "Wait until a table, backup, export, … is ready",
	Long: "Wait until something asynchronous is done: a table with its indexes and replicas, one index, a replica, a backup, an export, an import, a bulk operation, auto scaling, a global table of the version of 2017, or a setting. " +
		"How far it is is told as progress. A wait that ends before says so, and may be repeated.",
	Toolset: "wait", Effect: op.Read, Idempotent: true, Waits: true,
	Actions: []string{
		"dynamodb:DescribeTable", "dynamodb:DescribeBackup", "dynamodb:DescribeExport", "dynamodb:DescribeImport", "dynamodb:DescribeBulkOperation",
		"dynamodb:DescribeTimeToLive", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeKinesisStreamingDestination", "dynamodb:DescribeContributorInsights",
		"dynamodb:DescribeGlobalTable", "dynamodb:DescribeGlobalTableSettings", "dynamodb:DescribeTableReplicaAutoScaling",
		"application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies",
	},
}, waitFor, op.Table(func(in *ForInput) []string { return []string{in.TableName, in.ResourceArn} }))

func waitFor(ctx context.Context, env *op.Env, in *ForInput) (*ForOutput, error) {
	job := New(Target{Kind: in.Kind, Table: in.TableName, ARN: in.ResourceArn, Name: in.Name, Gone: in.Gone, Region: in.Region})
	seconds := int32(usualSeconds)
	if in.TimeoutSeconds != nil {
		seconds = *in.TimeoutSeconds
	}
	begun := time.Now()
	limited, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
	defer cancel()
	state, err := job.Until(limited, env, func(s State) { tell(env, job, s, time.Since(begun)) })
	out := &ForOutput{Done: state.Done, Status: state.Text, Seconds: float64(time.Since(begun).Milliseconds()) / 1000}
	switch {
	case err == nil:
		tell(env, job, state, time.Since(begun))
		return out, nil
	case ctx.Err() != nil:
		return nil, err // whoever asked has gone
	case errors.Is(err, context.DeadlineExceeded) && limited.Err() != nil:
		return out, nil
	}
	return nil, err
}

// tell says how far a job is; the measure is the seconds it has taken, since few have one of their own.
func tell(env *op.Env, j Job, s State, since time.Duration) {
	if env.Progress != nil {
		env.Progress(since.Seconds(), 0, j.What+": "+s.Text)
	}
}
