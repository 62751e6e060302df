package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/s3export"
	"github.com/ddb-cli/ddb/internal/ops/s3import"
)

func adornS3(all map[string]adornment) {
	var wait waiting
	adorn(all, s3export.Start, Adorn[s3export.StartInput, types.ExportDescription]{
		Long: `Export a table to S3, as it was at a time within its recovery period, or now. Point-in-time recovery must be on.
BUCKET is a name, or s3://bucket/prefix. On the embedded engine the bucket is a folder below its S3 root.`,
		Example: "ddb s3-export start Orders backups\nddb s3-export start Orders s3://backups/orders --wait --query ExportStatus",
		Hide:    []string{"incremental", "filter", "client-token"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *s3export.StartInput, []string) error {
			wait.define(f, "wait until the export is done")
			return func(_ context.Context, _ *app, in *s3export.StartInput, _ []string) error {
				bucket, prefix, ok := cutS3(in.S3Bucket)
				if ok {
					in.S3Bucket = bucket
				}
				if prefix != "" {
					in.S3Prefix = prefix
				}
				return nil
			}
		},
		After: func(ctx context.Context, a *app, _ *s3export.StartInput, out *types.ExportDescription) (*types.ExportDescription, error) {
			if !wait.wanted() {
				return out, nil
			}
			return a.waitExport(ctx, aws.ToString(out.ExportArn), wait)
		},
	})
	adorn(all, s3export.List, Adorn[s3export.ListInput, struct{}]{Aliases: []string{"ls"}, Example: "ddb s3-export list", Hide: []string{"next-token"}})
	adorn(all, s3import.List, Adorn[s3import.ListInput, struct{}]{Aliases: []string{"ls"}, Example: "ddb s3-import list", Hide: []string{"next-token"}})
	adornImport(all)
}

func adornImport(all map[string]adornment) {
	var (
		keys, capacity string
		indexes        []string
		wait           waiting
	)
	adorn(all, s3import.Start, Adorn[s3import.StartInput, types.ImportTableDescription]{
		Args: "s3://BUCKET/PREFIX TABLE",
		Long: `Make a new table out of objects in S3. Keys and indexes are written as for ddb table create; the format is dynamodb-json unless
--format says csv or ion, the compression none unless --compression says gzip or zstd.`,
		Example: "ddb s3-import start s3://backups/orders/AWSDynamoDB/01/data OrdersCopy --keys customer:S,placed:S --compression gzip --wait",
		Hide:    []string{"source", "table-creation-parameters", "format-options", "client-token"},
		Flags: func(f *pflag.FlagSet) func(context.Context, *app, *s3import.StartInput, []string) error {
			f.StringVar(&keys, "keys", "", "the key of the new table: `pk:S` or pk:S,sk:N")
			f.StringArrayVar(&indexes, "index", nil, "a global secondary index: `'Name=pk:S,sk:N'`, once for each")
			f.StringVar(&capacity, "capacity", "", "provisioned `READ,WRITE` units")
			wait.define(f, "wait until the import is done")
			return func(_ context.Context, a *app, in *s3import.StartInput, args []string) error {
				return fillImport(a, in, args, keys, capacity, indexes)
			}
		},
		After: func(ctx context.Context, a *app, _ *s3import.StartInput, out *types.ImportTableDescription) (*types.ImportTableDescription, error) {
			if !wait.wanted() {
				return out, nil
			}
			return a.waitImport(ctx, aws.ToString(out.ImportArn), wait)
		},
	})
}

func fillImport(a *app, in *s3import.StartInput, args []string, keys, capacity string, indexes []string) error {
	if in.InputFormat == "" {
		in.InputFormat = types.InputFormatDynamodbJson
	}
	if len(args) == 0 && in.S3BucketSource != nil && in.TableCreationParameters != nil {
		return nil
	}
	if len(args) != 2 {
		return usage("s3://BUCKET/PREFIX and TABLE are needed", "ddb s3-import start s3://backups/orders OrdersCopy --keys customer:S,placed:S")
	}
	bucket, prefix, ok := cutS3(args[0])
	if !ok {
		return usage(fmt.Sprintf("%q is no place in S3", args[0]), "write s3://bucket/prefix")
	}
	in.S3BucketSource = &types.S3BucketSource{S3Bucket: &bucket, S3KeyPrefix: op.Optional(prefix)}
	name, err := a.table(args[1])
	if err != nil {
		return err
	}
	if keys == "" {
		return usage("--keys is missing", "the new table needs a key: --keys customer:S,placed:S")
	}
	p := &types.TableCreationParameters{TableName: &name, BillingMode: types.BillingModePayPerRequest}
	defs := definitions{}
	if p.KeySchema, err = defs.parseKeys(keys); err != nil {
		return err
	}
	if capacity != "" {
		if p.ProvisionedThroughput, err = parseCapacity(capacity); err != nil {
			return err
		}
		p.BillingMode = types.BillingModeProvisioned
	}
	for _, text := range indexes {
		x, err := defs.parseIndex(text)
		if err != nil {
			return err
		}
		p.GlobalSecondaryIndexes = append(p.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &x.name, KeySchema: x.keys, Projection: x.projection, ProvisionedThroughput: p.ProvisionedThroughput,
		})
	}
	p.AttributeDefinitions = defs
	in.TableCreationParameters = p
	return nil
}

// cutS3 takes s3://bucket/prefix apart.
func cutS3(text string) (bucket, prefix string, ok bool) {
	rest, ok := strings.CutPrefix(text, "s3://")
	if !ok {
		return "", "", false
	}
	bucket, prefix, _ = strings.Cut(rest, "/")
	return bucket, prefix, bucket != ""
}
