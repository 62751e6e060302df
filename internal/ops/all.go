// Package ops is the registry of operations: an ordinary slice that the terminal and the MCP server each loop over. Only they import it; an operation
// that needs another imports its family.
package ops

import (
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/access"
	"github.com/ddb-cli/ddb/internal/ops/account"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/bulk"
	"github.com/ddb-cli/ddb/internal/ops/globaltable"
	"github.com/ddb-cli/ddb/internal/ops/insights"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/ops/kinesis"
	"github.com/ddb-cli/ddb/internal/ops/modeling"
	"github.com/ddb-cli/ddb/internal/ops/overview"
	"github.com/ddb-cli/ddb/internal/ops/partiql"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/replica"
	"github.com/ddb-cli/ddb/internal/ops/s3export"
	"github.com/ddb-cli/ddb/internal/ops/s3import"
	"github.com/ddb-cli/ddb/internal/ops/stream"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/tag"
	"github.com/ddb-cli/ddb/internal/ops/transact"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
	"github.com/ddb-cli/ddb/internal/ops/vector"
	"github.com/ddb-cli/ddb/internal/ops/wait"
)

// All are the operations, in the order in which help and tools/list show them.
var All = []op.Operation{
	item.Get, item.Put, item.Update, item.Delete,
	query.Query, query.Scan,
	batch.Get, batch.Write,
	transact.Get, transact.Write,
	partiql.Execute, partiql.BatchExecute, partiql.ExecuteTransaction,
	table.List, table.Describe, table.Create, table.Update, table.Delete,
	ttl.Describe, ttl.Update,
	backup.List, backup.Describe, backup.Create, backup.Delete, backup.Restore,
	backup.DescribeContinuous, backup.UpdateContinuous, backup.RestoreToTime,
	s3export.List, s3export.Describe, s3export.Start,
	s3import.List, s3import.Describe, s3import.Start,
	tag.List, tag.Set, tag.Remove,
	access.GetPolicy, access.PutPolicy, access.DeletePolicy,
	stream.List, stream.Describe, stream.Iterator, stream.Records,
	vector.Search,
	bulk.Start, bulk.Describe, bulk.List, bulk.Cancel,
	kinesis.Describe, kinesis.Enable, kinesis.Disable, kinesis.Update,
	insights.List, insights.Describe, insights.Report, insights.Update,
	replica.DescribeAutoScaling, replica.UpdateAutoScaling,
	globaltable.List, globaltable.Describe, globaltable.Create, globaltable.Update, globaltable.DescribeSettings, globaltable.UpdateSettings,
	account.Limits, account.Endpoints, account.Whoami,
	modeling.Prompt,
	overview.Table, overview.Guide,
	wait.For,
}

// ByTool finds an operation by its MCP name, such as get_item; false where there is none.
func ByTool(name string) (op.Operation, bool) {
	for _, o := range All {
		if o.Spec().Tool == name {
			return o, true
		}
	}
	return nil, false
}
