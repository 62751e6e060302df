package op

import "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

// SumCapacity adds what a page consumed to what the pages before it did; either may be nil.
func SumCapacity(total, page *types.ConsumedCapacity) *types.ConsumedCapacity {
	if page == nil {
		return total
	}
	if total == nil {
		total = &types.ConsumedCapacity{TableName: page.TableName}
	}
	total.CapacityUnits = add(total.CapacityUnits, page.CapacityUnits)
	total.ReadCapacityUnits = add(total.ReadCapacityUnits, page.ReadCapacityUnits)
	total.WriteCapacityUnits = add(total.WriteCapacityUnits, page.WriteCapacityUnits)
	return total
}

func add(a, b *float64) *float64 {
	if b == nil {
		return a
	}
	if a == nil {
		a = new(float64)
	}
	sum := *a + *b
	return &sum
}
