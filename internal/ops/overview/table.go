package overview

import (
	"context"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

// What storage and provisioned capacity cost in us-east-1, Standard class (price list, November 2026); other Regions differ.
const (
	dollarsPerGBMonth   = 0.25
	dollarsPerReadHour  = 0.00013
	dollarsPerWriteHour = 0.00065
	hoursAMonth         = 730
	bytesPerGB          = 1 << 30
)

// TableInput names one table.
type TableInput struct {
	TableName string `json:"table_name" arg:"table"`
	op.Region
}

// TableOutput is what is known of a table at once. What could not be asked is missing, and Notes say why.
type TableOutput struct {
	Table             *types.TableDescription
	TimeToLive        *types.TimeToLiveDescription
	ContinuousBackups *types.ContinuousBackupsDescription
	Cost              *Cost
	Notes             []string
}

// Cost is an estimate in dollars of us-east-1, from what the service last counted.
type Cost struct {
	// StorageMonth is for the table and its indexes; CapacityMonth for provisioned capacity, 0 on demand.
	StorageMonth, CapacityMonth float64
	// ScanUnits and ScanDollars are for one reading of the whole table, eventually consistent, on demand.
	ScanUnits, ScanDollars float64
	// AverageItemBytes is a guess where the table is empty.
	AverageItemBytes int64
}

// Table shows schema, indexes, size, expiry, recovery and cost of a table.
var Table = op.New(op.Spec{
	Tool: "table_overview", Title: "Table overview", Use: "table overview <table>",
	Short: "Show a table's keys, size, TTL, PITR and cost",
	Long: "Show a table at once: keys and indexes, size, which attribute makes items expire, whether it can be restored to a point in time, " +
		"and what it costs a month. Sizes are as the service last counted them, about every six hours; dollars are those of us-east-1.",
	Toolset: "overview", Actions: []string{"dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:DescribeContinuousBackups"},
	Effect: op.Read, Idempotent: true,
}, overview, op.Table(func(in *TableInput) []string { return []string{in.TableName} }))

func overview(ctx context.Context, env *op.Env, in *TableInput) (*TableOutput, error) {
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: in.TableName, Region: in.Region})
	if err != nil {
		return nil, err
	}
	if d == nil { // an answer without a table: a dry run has no other
		d = new(types.TableDescription)
	}
	out := &TableOutput{Table: d, Cost: costOf(d)}
	if out.TimeToLive, err = ttl.Describe.Call(ctx, env, &ttl.DescribeInput{TableName: in.TableName, Region: in.Region}); err != nil {
		out.Notes = append(out.Notes, "time to live: "+err.Error())
	}
	if out.ContinuousBackups, err = backup.DescribeContinuous.Call(ctx, env, &backup.DescribeContinuousInput{TableName: in.TableName, Region: in.Region}); err != nil {
		out.Notes = append(out.Notes, "point-in-time recovery: "+err.Error())
	}
	if aws.ToInt64(d.ItemCount) == 0 {
		out.Notes = append(out.Notes, "the service counts items about every six hours: 0 may mean that it has not counted yet")
	}
	return out, nil
}

func costOf(d *types.TableDescription) *Cost {
	stored := aws.ToInt64(d.TableSizeBytes)
	reads, writes := capacity(d.ProvisionedThroughput)
	for _, x := range d.GlobalSecondaryIndexes {
		stored += aws.ToInt64(x.IndexSizeBytes)
		r, w := capacity(x.ProvisionedThroughput)
		reads, writes = reads+r, writes+w
	}
	for _, x := range d.LocalSecondaryIndexes {
		stored += aws.ToInt64(x.IndexSizeBytes)
	}
	scan := query.ScanCost(d, "", false)
	return &Cost{
		StorageMonth:  cents(float64(stored) / bytesPerGB * dollarsPerGBMonth),
		CapacityMonth: cents(ProvisionedMonth(reads, writes)),
		ScanUnits:     scan.Units, ScanDollars: scan.Dollars, AverageItemBytes: query.AverageItem(d),
	}
}

// ProvisionedMonth is what provisioned capacity units of the Standard class cost a month, in dollars of us-east-1.
func ProvisionedMonth(reads, writes float64) float64 {
	return (reads*dollarsPerReadHour + writes*dollarsPerWriteHour) * hoursAMonth
}

// OnDemandMonth is what a month costs on demand in which as many units are read and written a day as in so many days, in dollars of us-east-1.
func OnDemandMonth(reads, writes float64, days int) float64 {
	return query.OnDemandDollars(reads, writes) / float64(days) * hoursAMonth / 24
}

func capacity(t *types.ProvisionedThroughputDescription) (reads, writes float64) {
	if t == nil {
		return 0, 0
	}
	return float64(aws.ToInt64(t.ReadCapacityUnits)), float64(aws.ToInt64(t.WriteCapacityUnits))
}

// cents rounds to a hundredth of a dollar.
func cents(dollars float64) float64 { return math.Round(dollars*100) / 100 }
