package cmd

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/planner"
)

// A condition without a key reads a large table only where that was asked for.
func TestAnAccidentalScanIsRefused(t *testing.T) {
	var errOut bytes.Buffer
	a := newApp(&IO{Err: &errOut})
	large := &schema{table: "Orders", described: &types.TableDescription{ItemCount: aws.Int64(3_000_000), TableSizeBytes: aws.Int64(3 << 30)}}
	plan := &planner.Plan{Scan: true, Reasons: []string{"the table: no condition customer = TEXT, its partition key"}}
	_, err := a.scanWhere(t.Context(), nil, &reading{table: "Orders", where: "total > 5", schema: large}, plan)
	known, ok := errors.AsType[*op.Error](err)
	if !ok || codeOf(err) != exitDenied || !strings.Contains(known.Hint, "--scan") || !strings.Contains(known.Message, "3.0 GB in 3,072 calls, 393,216 read units, $0.05") {
		t.Errorf("got %v", err)
	}
	if _, err := a.scanWhere(t.Context(), nil, &reading{table: "Orders", where: "total > 5", schema: large, scan: true}, plan); err != nil {
		t.Errorf("with --scan: %v", err)
	}
	if !strings.HasPrefix(errOut.String(), "ddb: a scan of all of Orders (about 3.0 GB") {
		t.Errorf("standard error: %s", errOut.String())
	}
}
