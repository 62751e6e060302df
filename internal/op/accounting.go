package op

import "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

// Accounting is embedded in the inputs of calls that tell what they consumed.
type Accounting struct {
	ReturnConsumedCapacity types.ReturnConsumedCapacity `json:"return_consumed_capacity,omitempty" flag:"return-consumed-capacity" mcp:"-" help:"TOTAL when left out; INDEXES tells it by table and index, NONE nothing"`
}

// Capacity is what is asked for: the total, unless the caller wants something else.
func (a *Accounting) Capacity() types.ReturnConsumedCapacity {
	if a.ReturnConsumedCapacity == "" {
		return types.ReturnConsumedCapacityTotal
	}
	return a.ReturnConsumedCapacity
}

// Collections is embedded in the inputs of writes, which may tell how large the item collections are that they touched.
type Collections struct {
	ReturnItemCollectionMetrics types.ReturnItemCollectionMetrics `json:"return_item_collection_metrics,omitempty" flag:"return-item-collection-metrics" mcp:"-" help:"SIZE tells how large the item collections are, in tables with a local secondary index"`
}
