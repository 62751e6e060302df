package query

import (
	"fmt"
	"math"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// What the service counts in, and what it takes for it on demand in us-east-1 (price list, November 2024): other Regions and provisioned tables differ.
const (
	readUnit         = 4 << 10 // bytes of a strongly consistent read unit; half a unit where reads may be old
	writeUnit        = 1 << 10
	pageBytes        = 1 << 20 // what one call reads at most
	dollarsPerRead   = 0.125e-6
	dollarsPerWrite  = 0.625e-6
	defaultItemBytes = 400 // where a table is empty, or was counted while it was: the service counts every six hours or so
)

// A Cost is an estimate of what reading or writing takes, from the table's size as the service last counted it.
type Cost struct {
	Items, Bytes int64   // read or written
	Pages        int64   // calls
	Units        float64 // read or write units
	Dollars      float64 // on demand
	Write        bool
}

// OnDemandDollars is what units read and written on demand cost, in dollars of us-east-1.
func OnDemandDollars(reads, writes float64) float64 {
	return reads*dollarsPerRead + writes*dollarsPerWrite
}

// ScanCost is what reading the whole table takes, or the whole of an index.
func ScanCost(d *types.TableDescription, index string, consistent bool) Cost {
	items, bytes := size(d, index)
	return readCost(items, bytes, consistent)
}

// PartCost is what reading the first n items takes, at the average size: never more than all of it.
func PartCost(d *types.TableDescription, index string, consistent bool, n int64) Cost {
	items, bytes := size(d, index)
	if items <= 0 || n >= items {
		return readCost(items, bytes, consistent)
	}
	return readCost(n, int64(float64(bytes)/float64(items)*float64(n)), consistent)
}

// pageCost is what one call takes that ends after n items: no more than a page.
func pageCost(d *types.TableDescription, index string, consistent bool, n int64) Cost {
	c := PartCost(d, index, consistent, n)
	if c.Bytes <= pageBytes {
		return c
	}
	items, bytes := size(d, index)
	return readCost(max(1, int64(float64(items)/float64(bytes)*pageBytes)), pageBytes, consistent)
}

// mostWithin is how many items can be read with so many units, at the average size; 0 where not even one can.
func mostWithin(d *types.TableDescription, index string, consistent bool, units float64) int64 {
	items, bytes := size(d, index)
	if bytes <= 0 {
		return 0
	}
	if !consistent {
		units *= 2
	}
	return int64(math.Floor(units) * readUnit * float64(items) / float64(bytes))
}

func readCost(items, bytes int64, consistent bool) Cost {
	pages := max(1, (bytes+pageBytes-1)/pageBytes)
	units := math.Ceil(float64(bytes) / readUnit)
	units = max(units, 1)
	if !consistent {
		units /= 2
	}
	return Cost{Items: items, Bytes: bytes, Pages: pages, Units: units, Dollars: units * dollarsPerRead}
}

// GetCost is what reading n items one by one, or in batches, takes at the table's average size.
func GetCost(d *types.TableDescription, n int64, consistent bool) Cost {
	average := AverageItem(d)
	units := math.Ceil(float64(average)/readUnit) * float64(n)
	if !consistent {
		units /= 2
	}
	return Cost{Items: n, Bytes: n * average, Pages: n, Units: units, Dollars: units * dollarsPerRead}
}

// WriteCost is what writing n items of so many bytes each takes, with a write for every global index on top; 0 bytes stands for the table's average.
func WriteCost(d *types.TableDescription, n, bytes int64) Cost {
	if bytes <= 0 {
		bytes = AverageItem(d)
	}
	each := math.Ceil(float64(bytes) / writeUnit)
	arms := 1
	if d != nil {
		arms += len(d.GlobalSecondaryIndexes) + len(d.LocalSecondaryIndexes)
	}
	units := each * float64(n) * float64(arms)
	return Cost{Items: n, Bytes: n * bytes, Pages: n, Units: units, Dollars: units * dollarsPerWrite, Write: true}
}

// AverageItem is the average size of the table's items in bytes, and a guess where it has none.
func AverageItem(d *types.TableDescription) int64 {
	if items, bytes := size(d, ""); items > 0 {
		return max(1, bytes/items)
	}
	return defaultItemBytes
}

func size(d *types.TableDescription, index string) (items, bytes int64) {
	if d == nil {
		return 0, 0
	}
	if index == "" {
		return aws.ToInt64(d.ItemCount), aws.ToInt64(d.TableSizeBytes)
	}
	for _, x := range d.GlobalSecondaryIndexes {
		if aws.ToString(x.IndexName) == index {
			return aws.ToInt64(x.ItemCount), aws.ToInt64(x.IndexSizeBytes)
		}
	}
	for _, x := range d.LocalSecondaryIndexes {
		if aws.ToString(x.IndexName) == index {
			return aws.ToInt64(x.ItemCount), aws.ToInt64(x.IndexSizeBytes)
		}
	}
	return 0, 0
}

// String says it in words: about 1.2 GB in 1,200 calls, 150,000 read units, $0.02 on demand.
func (c Cost) String() string {
	kind := "read"
	if c.Write {
		kind = "write"
	}
	return fmt.Sprintf("about %s in %s %s, %s %s units, $%s on demand", bytesText(c.Bytes), grouped(float64(c.Pages)), plural(c.Pages, "call"), grouped(c.Units), kind, dollarsText(c.Dollars))
}

func plural(n int64, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func dollarsText(d float64) string {
	if d < 0.01 {
		return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.6f", d), "0"), ".")
	}
	return fmt.Sprintf("%.2f", d)
}

func bytesText(n int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 40, "TB"}, {1 << 30, "GB"}, {1 << 20, "MB"}, {1 << 10, "KB"}} {
		if n >= u.size {
			return fmt.Sprintf("%.1f %s", float64(n)/float64(u.size), u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

func grouped(n float64) string {
	text := strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0")
	whole, rest, fraction := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction {
		return whole + "." + rest
	}
	return whole
}
