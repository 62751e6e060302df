package cmd

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/ops/bulk"
	"github.com/ddb-cli/ddb/internal/ops/globaltable"
	"github.com/ddb-cli/ddb/internal/ops/insights"
	"github.com/ddb-cli/ddb/internal/ops/kinesis"
	"github.com/ddb-cli/ddb/internal/ops/partiql"
	"github.com/ddb-cli/ddb/internal/ops/replica"
	"github.com/ddb-cli/ddb/internal/ops/stream"
	"github.com/ddb-cli/ddb/internal/ops/vector"
)

const exampleStream = "arn:aws:dynamodb:us-west-2:000000000000:table/Orders/stream/2026-01-01T00:00:00.000"

// adornStreams is for what reads changes and sends them on.
func adornStreams(all map[string]adornment) {
	adorn(all, stream.List, Adorn[stream.ListInput, struct{}]{Aliases: []string{"ls"}, Example: "ddb stream list Orders --query Streams[0].StreamArn"})
	const byTable = "STREAM is an ARN, or the name of a table: its newest stream."
	adorn(all, stream.Describe, Adorn[stream.DescribeInput, struct{}]{
		Long: "Show a stream and its shards. " + byTable, Example: "ddb stream describe Orders\nddb stream describe " + exampleStream,
		Flags: func(*pflag.FlagSet) func(context.Context, *app, *stream.DescribeInput, []string) error {
			return func(ctx context.Context, a *app, in *stream.DescribeInput, _ []string) (err error) {
				in.StreamArn, err = a.streamARN(ctx, in.StreamArn)
				return err
			}
		},
	})
	adorn(all, stream.Iterator, Adorn[stream.IteratorInput, struct{}]{
		Long: "Get a place in a shard to read change records from, by ddb stream records. It can be used for 15 minutes. " + byTable,
		Flags: func(*pflag.FlagSet) func(context.Context, *app, *stream.IteratorInput, []string) error {
			return func(ctx context.Context, a *app, in *stream.IteratorInput, _ []string) (err error) {
				in.StreamArn, err = a.streamARN(ctx, in.StreamArn)
				return err
			}
		},
		Example: "ddb stream iterator " + exampleStream + " shardId-00000001735689600000-00000000 --type TRIM_HORIZON --query ShardIterator",
	})
	adorn(all, stream.Records, Adorn[stream.RecordsInput, struct{}]{
		Long:    "Read up to 1,000 change records, or 1 MB, from a place in a shard. NextShardIterator leads on; it is missing at the end of a closed shard.",
		Example: "ddb stream records \"$ITERATOR\"",
	})
	adorn(all, kinesis.Describe, Adorn[kinesis.DescribeInput, struct{}]{Example: "ddb kinesis describe Orders"})
	adorn(all, kinesis.Enable, Adorn[kinesis.EnableInput, struct{}]{Example: "ddb kinesis enable Orders arn:aws:kinesis:us-west-2:000000000000:stream/orders"})
	adorn(all, kinesis.Disable, Adorn[kinesis.DisableInput, struct{}]{Example: "ddb kinesis disable Orders arn:aws:kinesis:us-west-2:000000000000:stream/orders"})
	adorn(all, kinesis.Update, Adorn[kinesis.UpdateInput, struct{}]{
		Example: `ddb kinesis update Orders arn:aws:kinesis:us-west-2:000000000000:stream/orders --configuration '{"ApproximateCreationDateTimePrecision":"MICROSECOND"}'`,
	})
}

// adornRegions is for replicas and what looks after tables.
func adornRegions(all map[string]adornment) {
	adorn(all, insights.List, Adorn[insights.ListInput, struct{}]{Aliases: []string{"ls"}, Example: "ddb insights list", Hide: []string{"next-token"}})
	adorn(all, insights.Describe, Adorn[insights.DescribeInput, struct{}]{Example: "ddb insights describe Orders --index ByStatus"})
	adorn(all, insights.Update, Adorn[insights.UpdateInput, struct{}]{Example: "ddb insights update Orders --action ENABLE"})
	adorn(all, insights.Report, Adorn[insights.ReportInput, insights.ReportOutput]{
		Example: "ddb insights report Orders\nddb insights report Orders --index ByStatus --hours 1 --top 3 -o csv",
		After: func(_ context.Context, a *app, _ *insights.ReportInput, out *insights.ReportOutput) (*insights.ReportOutput, error) {
			if len(out.Contributors) == 0 {
				a.io.notef("ddb: nothing was counted in that time")
				if a.cfg.Local {
					a.hint("the embedded engine counts while it runs: keep one running with ddb local start")
				}
			}
			return out, nil
		},
	})
	adorn(all, replica.DescribeAutoScaling, Adorn[replica.DescribeAutoScalingInput, struct{}]{Example: "ddb autoscaling describe Orders"})
	adorn(all, replica.UpdateAutoScaling, Adorn[replica.UpdateAutoScalingInput, struct{}]{
		Example: `ddb autoscaling update Orders --write-capacity '{"MinimumUnits":5,"MaximumUnits":100,"ScalingPolicyUpdate":{"TargetTrackingScalingPolicyConfiguration":{"TargetValue":70}}}' --wait`,
	})
	const of2017 = "Global tables of the version of 2017; those of 2019 are tables with replicas (ddb table update --replica-updates)."
	adorn(all, globaltable.List, Adorn[globaltable.ListInput, struct{}]{Aliases: []string{"ls"}, Example: "ddb global-table list", Long: "List global tables. " + of2017})
	adorn(all, globaltable.Describe, Adorn[globaltable.DescribeInput, struct{}]{Example: "ddb global-table describe Orders", Long: "Show a global table. " + of2017})
	adorn(all, globaltable.Create, Adorn[globaltable.CreateInput, struct{}]{
		Example: `ddb global-table create Orders --replication-group '[{"RegionName":"us-west-2"},{"RegionName":"eu-west-1"}]' --wait`,
		Long:    "Join tables of one name in several regions. " + of2017,
	})
	adorn(all, globaltable.Update, Adorn[globaltable.UpdateInput, struct{}]{
		Example: `ddb global-table update Orders --replica-updates '[{"Create":{"RegionName":"us-east-1"}}]' --yes`,
		Long:    "Add regions to a global table, or remove them. " + of2017,
		Ask:     func(in *globaltable.UpdateInput) string { return "Removing replicas of " + in.GlobalTableName },
	})
	adorn(all, globaltable.DescribeSettings, Adorn[globaltable.DescribeSettingsInput, struct{}]{Example: "ddb global-table settings Orders", Long: "Show the settings of each region. " + of2017})
	adorn(all, globaltable.UpdateSettings, Adorn[globaltable.UpdateSettingsInput, struct{}]{
		Example: "ddb global-table update-settings Orders --write-capacity 20", Long: "Change the settings of all regions. " + of2017,
	})
}

// adornBulk is for bulk operations, vector search and many statements at once.
func adornBulk(all map[string]adornment) {
	var from, output, format, compression string
	adorn(all, bulk.Start, Adorn[bulk.StartInput, struct{}]{
		Long: `Put the items of files in S3 into a table that exists. What cannot be put is written to --errors-to. The format is DYNAMODB_JSON
unless --format says otherwise. On the embedded engine a bucket is a folder below its S3 root.`,
		Example: "ddb bulk start Orders --from s3://backups/orders --errors-to s3://backups/failed\nddb bulk start Orders --from s3://backups/orders --errors-to s3://backups/failed --format ION --compression GZIP",
		Hide:    []string{"input", "output-to", "client-token"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *bulk.StartInput, []string) error {
			f.StringVar(&from, "from", "", "where the files are: `s3://BUCKET/PREFIX`")
			f.StringVar(&output, "errors-to", "", "where to write what failed: `s3://BUCKET/PREFIX`")
			f.StringVar(&format, "format", "", "DYNAMODB_JSON or ION")
			f.StringVar(&compression, "compression", "", "NONE, GZIP or ZSTD")
			return func(_ context.Context, _ *app, in *bulk.StartInput, _ []string) error {
				return fillBulk(in, from, output, format, compression)
			}
		},
	})
	const operation = "arn:aws:dynamodb:us-west-2:000000000000:table/Orders/bulk-operation/01"
	adorn(all, bulk.Describe, Adorn[bulk.DescribeInput, struct{}]{Example: "ddb bulk describe " + operation})
	adorn(all, bulk.List, Adorn[bulk.ListInput, struct{}]{Aliases: []string{"ls"}, Example: "ddb bulk list", Hide: []string{"next-token"}})
	adorn(all, bulk.Cancel, Adorn[bulk.CancelInput, struct{}]{Example: "ddb bulk cancel " + operation})
	adorn(all, vector.Search, Adorn[vector.SearchInput, struct{}]{
		Long:    "Find the items of a vector index that are nearest to a vector, best first, with their scores.",
		Example: "ddb vector search Products ByMeaning --vector '[0.12,0.5,-0.3]' --top 10",
	})
	adorn(all, partiql.BatchExecute, Adorn[partiql.BatchExecuteInput, struct{}]{
		Long:    "Run up to 25 PartiQL statements, all reads or all writes, each by itself. Those that failed have an Error in their place.",
		Example: `ddb item batch-statement --statements '[{"Statement":"SELECT * FROM Orders WHERE customer=?","Parameters":[{"S":"c#1"}]}]'`,
	})
	adorn(all, partiql.ExecuteTransaction, Adorn[partiql.ExecuteTransactionInput, struct{}]{
		Long:    "Run up to 100 PartiQL statements, all reads or all writes: all of them or none. One that is cancelled exits with 4.",
		Example: `ddb item transact-statement --statements @statements.json --yes`,
	})
}

func fillBulk(in *bulk.StartInput, from, output, format, compression string) error {
	if from != "" {
		bucket, prefix, ok := cutS3(from)
		if !ok {
			return usage("--from "+from+" is no place in S3", "write it as s3://BUCKET/PREFIX")
		}
		in.InputS3Configuration = &types.InputS3Configuration{S3Bucket: &bucket, InputFormat: types.BulkOperationInputFormatDynamodbJson}
		if prefix != "" {
			in.InputS3Configuration.S3KeyPrefix = &prefix
		}
	}
	if in.InputS3Configuration == nil {
		return usage("--from is missing", "say where the files are: --from s3://BUCKET/PREFIX")
	}
	if format != "" {
		in.InputS3Configuration.InputFormat = types.BulkOperationInputFormat(format)
	}
	if compression != "" {
		in.InputS3Configuration.InputCompressionType = types.InputCompressionType(compression)
	}
	if output != "" {
		bucket, prefix, ok := cutS3(output)
		if !ok {
			return usage("--errors-to "+output+" is no place in S3", "write it as s3://BUCKET/PREFIX")
		}
		in.OutputS3Configuration = &types.OutputS3Configuration{S3Bucket: &bucket, OutputType: types.OutputTypeEnum("").Values()}
		if prefix != "" {
			in.OutputS3Configuration.S3KeyPrefix = &prefix
		}
	}
	if in.OutputS3Configuration == nil {
		return usage("--errors-to is missing", "say where to write what failed: --errors-to s3://BUCKET/PREFIX")
	}
	return nil
}
