package engine

import "github.com/ddb-cli/ddb/internal/engine/catalog"

// Bytes of one capacity unit (Developer Guide, "DynamoDB read and write operations").
const (
	readUnitBytes  = 4096
	writeUnitBytes = 1024
)

// cost is the capacity an operation takes, by arm.
type cost struct {
	table   float64
	indexes []indexCost
}

type indexCost struct {
	index *catalog.Index
	units float64 // bytes for a vector index
}

func (c *cost) addIndex(x *catalog.Index, units float64) {
	for i := range c.indexes {
		if c.indexes[i].index.Name == x.Name {
			c.indexes[i].units += units
			return
		}
	}
	c.indexes = append(c.indexes, indexCost{x, units})
}

// add sums two costs.
func (c *cost) add(d cost) {
	c.table += d.table
	for _, x := range d.indexes {
		c.addIndex(x.index, x.units)
	}
}

func (c *cost) total() float64 {
	sum := c.table
	for _, x := range c.indexes {
		if x.index.Vector == nil { // bytes are no units
			sum += x.units
		}
	}
	return sum
}

// writeUnits is the capacity of writing an item of so many bytes: at least one unit.
func writeUnits(size int) float64 {
	return float64(max(1, (size+writeUnitBytes-1)/writeUnitBytes))
}

// wholeUnits rounds a size up to whole read units.
func wholeUnits(size int) int { return (size + readUnitBytes - 1) / readUnitBytes * readUnitBytes }

// readUnits is the capacity of reading so many bytes at once, halved when the read is eventually consistent: at least one
// unit, or half of one.
func readUnits(size int, consistent bool) float64 {
	n := float64(max(1, (size+readUnitBytes-1)/readUnitBytes))
	if consistent {
		return n
	}
	return n / 2
}

type capacityUnits struct {
	CapacityUnits      float64  `wire:"CapacityUnits"`
	ReadCapacityUnits  *float64 `wire:"ReadCapacityUnits"`
	WriteCapacityUnits *float64 `wire:"WriteCapacityUnits"`
}

// consumedCapacity is the wire form of a cost.
type consumedCapacity struct {
	TableName              string                    `wire:"TableName"`
	CapacityUnits          float64                   `wire:"CapacityUnits"`
	ReadCapacityUnits      *float64                  `wire:"ReadCapacityUnits"`
	WriteCapacityUnits     *float64                  `wire:"WriteCapacityUnits"`
	Table                  *capacityUnits            `wire:"Table"`
	LocalSecondaryIndexes  map[string]capacityUnits  `wire:"LocalSecondaryIndexes"`
	GlobalSecondaryIndexes map[string]capacityUnits  `wire:"GlobalSecondaryIndexes"`
	VectorIndexes          map[string]vectorCapacity `wire:"VectorIndexes"`
}

// report makes the answer to ReturnConsumedCapacity: nil unless TOTAL or INDEXES was asked for. table is the name or ARN
// as the request gave it.
func (c *cost) report(wanted, table string) *consumedCapacity {
	if wanted != "TOTAL" && wanted != "INDEXES" {
		return nil
	}
	out := &consumedCapacity{TableName: table, CapacityUnits: c.total()}
	if wanted == "TOTAL" {
		return out
	}
	out.Table = &capacityUnits{CapacityUnits: c.table}
	for _, x := range c.indexes {
		if x.index.Vector != nil {
			if out.VectorIndexes == nil {
				out.VectorIndexes = map[string]vectorCapacity{}
			}
			out.VectorIndexes[x.index.Name] = vectorCapacity{WriteRequestBytes: &x.units}
			continue
		}
		arm := &out.GlobalSecondaryIndexes
		if x.index.Local {
			arm = &out.LocalSecondaryIndexes
		}
		if *arm == nil {
			*arm = map[string]capacityUnits{}
		}
		(*arm)[x.index.Name] = capacityUnits{CapacityUnits: x.units}
	}
	return out
}

var shapeConsumed = shapeOf[consumedCapacity]()
