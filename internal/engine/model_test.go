package engine_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"github.com/ddb-cli/ddb/internal/engine"
)

// modelRow is an item of the model: a group and a number, either of which it may lack.
type modelRow struct {
	pk   string
	sk   int
	g    string
	v    int
	hasV bool
}

func (r modelRow) key() string { return r.pk + "/" + strconv.Itoa(r.sk) }

func (r modelRow) item() item {
	it := r.keyItem()
	if r.g != "" {
		it["g"] = str(r.g)
	}
	if r.hasV {
		it["v"] = num(strconv.Itoa(r.v))
	}
	return it
}

func (r modelRow) keyItem() item {
	return item{"pk": str(r.pk), "sk": num(strconv.Itoa(r.sk))}
}

// modelled is a table of the engine beside a map that it must agree with.
type modelled struct {
	c    *dynamodb.Client
	name *string
	rows map[string]modelRow
}

var modelRows = rapid.Custom(func(t *rapid.T) modelRow {
	r := modelRow{
		pk: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "pk"), sk: rapid.IntRange(-3, 6).Draw(t, "sk"),
		g: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "g"), hasV: rapid.Bool().Draw(t, "has v"),
	}
	if r.hasV {
		r.v = rapid.IntRange(-2, 2).Draw(t, "v")
	}
	return r
})

func itemKey(it item) string { return textOf(it["pk"]) + "/" + textOf(it["sk"]) }

// same compares what was read with the rows of the model that belong there, each once.
func (m *modelled) same(t *rapid.T, got []item, within func(modelRow) bool) {
	var have, want []string
	for _, it := range got {
		have = append(have, lineOf(it))
	}
	for _, r := range m.rows {
		if within(r) {
			want = append(want, lineOf(r.item()))
		}
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Fatalf("read %q, want %q", have, want)
	}
}

// TestEngineAgreesWithAMap makes random calls on a table with indexes and on a plain map, and compares.
func TestEngineAgreesWithAMap(t *testing.T) {
	_, c := open(t, engine.Options{})
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		m := &modelled{c: c, name: aws.String(fmt.Sprint("Model", n)), rows: map[string]modelRow{}}
		_, err := c.CreateTable(rt.Context(), &dynamodb.CreateTableInput{
			TableName: m.name, BillingMode: "PAY_PER_REQUEST",
			AttributeDefinitions: defs("pk", "S", "sk", "N", "g", "S", "v", "N"), KeySchema: schema("pk", "sk"),
			GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("ByGroup"), KeySchema: schema("g", "v"), Projection: allOf()}},
			LocalSecondaryIndexes:  []types.LocalSecondaryIndex{{IndexName: aws.String("ByNumber"), KeySchema: schema("pk", "v"), Projection: allOf()}},
		})
		if err != nil {
			rt.Fatal(err)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"put": m.put, "delete": m.delete, "update": m.update, "batch": m.batch, "transact": m.transact,
			"query": m.query, "scan": m.scan,
			"": func(t *rapid.T) {
				d, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: m.name})
				if err != nil || *d.Table.ItemCount != int64(len(m.rows)) {
					t.Fatalf("%d items are counted, want %d; %v", *d.Table.ItemCount, len(m.rows), err)
				}
			},
		})
		if _, err := c.DeleteTable(rt.Context(), &dynamodb.DeleteTableInput{TableName: m.name}); err != nil {
			rt.Fatal(err)
		}
	})
}
