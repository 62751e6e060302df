package query

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestCost(t *testing.T) {
	d := &types.TableDescription{
		ItemCount: aws.Int64(1_200_000), TableSizeBytes: aws.Int64(1_200_000 << 10),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndexDescription{{IndexName: aws.String("X"), ItemCount: aws.Int64(10), IndexSizeBytes: aws.Int64(5000)}},
	}
	for _, c := range []struct {
		got  Cost
		want string
	}{
		{ScanCost(d, "", false), "about 1.1 GB in 1,172 calls, 150,000 read units, $0.02 on demand"},
		{ScanCost(d, "", true), "about 1.1 GB in 1,172 calls, 300,000 read units, $0.04 on demand"},
		{ScanCost(d, "X", false), "about 4.9 KB in 1 call, 1 read units, $0 on demand"},
		{ScanCost(nil, "", false), "about 0 bytes in 1 call, 0.5 read units, $0 on demand"},
		{GetCost(d, 1, false), "about 1.0 KB in 1 call, 0.5 read units, $0 on demand"},
		{WriteCost(d, 1000, 0), "about 1000.0 KB in 1,000 calls, 2,000 write units, $0.00125 on demand"},
		{WriteCost(d, 1, 1500), "about 1.5 KB in 1 call, 4 write units, $0.000003 on demand"},
	} {
		if got := c.got.String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
