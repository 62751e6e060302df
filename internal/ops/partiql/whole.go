package partiql

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// wholeOf says whether a statement is a SELECT that reads everything of a table or index, for want of the whole partition
// key by = or IN in its WHERE, and is watched. Batches and transactions have no such thing: the service refuses a SELECT
// without the whole primary key in them.
func wholeOf(ctx context.Context, env *op.Env, c *op.Clients, in *ExecuteInput) (query.Reading, bool) {
	if !query.Watched(env, c) {
		return query.Reading{}, false
	}
	s, err := partiql.Parse(in.Statement)
	read, ok := s.(*partiql.Select)
	if err != nil || !ok {
		return query.Reading{}, false
	}
	if named := partiql.Compared(read.Where); len(named) > 0 && hasPartition(ctx, env, in, read.From, named) {
		return query.Reading{}, false
	}
	return query.Reading{
		Table: op.TableName(read.From.Table), Index: read.From.Index, Region: in.Region, Consistent: aws.ToBool(in.ConsistentRead),
		What: in.RegionName + "\x00" + in.Statement, First: true, Later: in.NextToken != "", Limit: int64(aws.ToInt32(in.Limit)), Called: "SELECT without a partition key",
	}, true
}

// hasPartition says whether the names hold the whole partition key of what is read. Where that cannot be told, they do:
// the service says what is wrong with the statement.
func hasPartition(ctx context.Context, env *op.Env, in *ExecuteInput, from partiql.Source, named map[string]int) bool {
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: from.Table, Region: in.Region})
	if err != nil {
		return true
	}
	for _, k := range keyOf(d, from.Index) {
		if k.KeyType == types.KeyTypeHash && named[aws.ToString(k.AttributeName)] == 0 {
			return false
		}
	}
	return true
}

func keyOf(d *types.TableDescription, index string) []types.KeySchemaElement {
	if index == "" {
		return d.KeySchema
	}
	for _, x := range d.GlobalSecondaryIndexes {
		if aws.ToString(x.IndexName) == index {
			return x.KeySchema
		}
	}
	for _, x := range d.LocalSecondaryIndexes {
		if aws.ToString(x.IndexName) == index {
			return x.KeySchema
		}
	}
	return nil
}
