package op

import (
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Consumed is the capacity units an answer says were consumed, of all its tables together; 0 where it says nothing.
func Consumed(out any) float64 {
	v := reflect.Indirect(reflect.ValueOf(out))
	if v.Kind() != reflect.Struct {
		return 0
	}
	field := v.FieldByName("ConsumedCapacity")
	if !field.IsValid() {
		return 0
	}
	var sum float64
	switch capacity := field.Interface().(type) {
	case *types.ConsumedCapacity:
		if capacity != nil && capacity.CapacityUnits != nil {
			sum = *capacity.CapacityUnits
		}
	case []types.ConsumedCapacity:
		for _, c := range capacity {
			if c.CapacityUnits != nil {
				sum += *c.CapacityUnits
			}
		}
	}
	return sum
}

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
	if page.Table != nil {
		total.Table = sumPart(total.Table, *page.Table)
	}
	total.GlobalSecondaryIndexes = sumParts(total.GlobalSecondaryIndexes, page.GlobalSecondaryIndexes)
	total.LocalSecondaryIndexes = sumParts(total.LocalSecondaryIndexes, page.LocalSecondaryIndexes)
	return total
}

func sumPart(total *types.Capacity, page types.Capacity) *types.Capacity {
	if total == nil {
		total = new(types.Capacity)
	}
	total.CapacityUnits = add(total.CapacityUnits, page.CapacityUnits)
	total.ReadCapacityUnits = add(total.ReadCapacityUnits, page.ReadCapacityUnits)
	total.WriteCapacityUnits = add(total.WriteCapacityUnits, page.WriteCapacityUnits)
	return total
}

func sumParts(total, page map[string]types.Capacity) map[string]types.Capacity {
	if total == nil && len(page) > 0 {
		total = make(map[string]types.Capacity, len(page))
	}
	for name, c := range page {
		had := total[name]
		total[name] = *sumPart(&had, c)
	}
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
