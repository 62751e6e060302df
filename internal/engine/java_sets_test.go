package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
)

// TestNumberSetsAreTheServices holds sets that were captured from PartiQL in eu-west-2 and us-east-1 (nubo-db/dynoxide 3.2, October 2026).
func TestNumberSetsAreTheServices(t *testing.T) {
	tiny := "0." + strings.Repeat("0", 129) + "1"
	nines := strings.Repeat("9", 38)
	for _, want := range [][]string{
		{"0", tiny, "-" + tiny, "25", nines, "2.5", "10000000000", "9", "-0.5", "-0.00001", "5", "0.5", "1000", "100", "-1", "10", "-10"},
		{"0", "9", "25", "2.5", "-0.5", "5", "0.5", "1000", "100", "-1", "10", "-10"},
		{"3", "2", "1"},
		{"3", "20", "100"},
		{"7"},
	} {
		sorted := slices.SortedFunc(slices.Values(want), func(a, b string) int {
			return attr.Compare(attr.Value{Kind: attr.N, Str: a}, attr.Value{Kind: attr.N, Str: b})
		})
		wire := func(set []string) string {
			return `{"a":{"L":[{"NS":["` + strings.Join(set, `","`) + `"]}]},"b":{"NS":["1"]}}`
		}
		got := []byte(wire(sorted))
		if orderNumberSets(got); string(got) != wire(want) {
			t.Errorf("%v:\n got %s\nwant %s", sorted, got, wire(want))
		}
	}
}

// TestOnlyNumberSetsAreOrdered: text, names and other sets stay as they are.
func TestOnlyNumberSetsAreOrdered(t *testing.T) {
	for _, wire := range []string{
		`{"NS":{"S":"[1,2,3]"},"a":{"SS":["1","2","3"]}}`, `{"a":{"S":"{\"NS\":[\"1\",\"2\",\"3\"]}"}}`, `{"NS":{"L":[{"N":"1"},{"N":"2"}]}}`, ``, `[`, `"NS":[`,
	} {
		got := []byte(wire)
		if orderNumberSets(got); string(got) != wire {
			t.Errorf("%s became %s", wire, got)
		}
	}
}

// TestSmallTablesGrowForALongBucket has nine numbers for one of sixteen buckets, so the ninth doubles the table.
func TestSmallTablesGrowForALongBucket(t *testing.T) {
	for n, want := range map[int]int{8: 16, 9: 32, 10: 64, 11: 64, 48: 64, 49: 128} {
		if got := javaSetBuckets(n, func(int) int { return 5 }); got != want {
			t.Errorf("%d entries in one bucket take %d buckets, want %d", n, got, want)
		}
	}
	for n, want := range map[int]int{12: 16, 13: 32, 24: 32, 25: 64, 96: 128, 97: 256} {
		if got := javaSetBuckets(n, func(i int) int { return i }); got != want {
			t.Errorf("%d entries take %d buckets, want %d", n, got, want)
		}
	}
}

// TestWhichAnswersOrderNumberSets asks for one set by all operations that answer with items.
func TestWhichAnswersOrderNumberSets(t *testing.T) {
	e, err := Open(Options{Region: "us-west-2"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	ask := asking(t, e)
	ask("CreateTable", `{"TableName":"Numbers","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}]}`)
	const key, item, failing = `{"pk":{"S":"a"}}`, `{"pk":{"S":"a"},"n":{"NS":["2","3","1"]}}`,
		`"ConditionExpression":"attribute_exists(zz)","ReturnValuesOnConditionCheckFailure":"ALL_OLD"`
	ask("PutItem", `{"TableName":"Numbers","Item":`+item+`}`)
	sorted, java := `["1","2","3"]`, `["3","2","1"]`
	for _, c := range []struct{ operation, body, want string }{
		{"GetItem", `{"TableName":"Numbers","Key":` + key + `}`, sorted},
		{"BatchGetItem", `{"RequestItems":{"Numbers":{"Keys":[` + key + `]}}}`, sorted},
		{"Query", `{"TableName":"Numbers","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"a"}}}`, sorted},
		{"PutItem", `{"TableName":"Numbers","Item":` + item + `,"ReturnValues":"ALL_OLD"}`, sorted},
		{"PutItem", `{"TableName":"Numbers","Item":` + item + `,` + failing + `}`, sorted},
		{"UpdateItem", `{"TableName":"Numbers","Key":` + key + `,"ReturnValues":"ALL_NEW"}`, sorted},
		{"Scan", `{"TableName":"Numbers"}`, java},
		{"Scan", `{"TableName":"Numbers","ProjectionExpression":"n"}`, java},
		{"TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"Numbers","Key":` + key + `}}]}`, java},
		{"TransactWriteItems", `{"TransactItems":[{"Delete":{"TableName":"Numbers","Key":` + key + `,` + failing + `}}]}`, java},
		{"ExecuteStatement", `{"Statement":"SELECT * FROM Numbers WHERE pk = 'a'"}`, java},
		{"ExecuteStatement", `{"Statement":"UPDATE Numbers SET x = 1 WHERE pk = 'a' RETURNING ALL OLD *"}`, java},
		{"ExecuteStatement", `{"Statement":"DELETE FROM Numbers WHERE pk = 'a' AND x = 2","ReturnValuesOnConditionCheckFailure":"ALL_OLD"}`, java},
		{"BatchExecuteStatement", `{"Statements":[{"Statement":"SELECT * FROM Numbers WHERE pk = 'a'"}]}`, java},
		{"BatchExecuteStatement", `{"Statements":[{"Statement":"DELETE FROM Numbers WHERE pk = 'a' AND x = 2","ReturnValuesOnConditionCheckFailure":"ALL_OLD"}]}`, java},
		{"ExecuteTransaction", `{"TransactStatements":[{"Statement":"SELECT * FROM Numbers WHERE pk = 'a'"}]}`, java},
		{"DeleteItem", `{"TableName":"Numbers","Key":` + key + `,"ReturnValues":"ALL_OLD"}`, sorted},
	} {
		if got := ask(c.operation, c.body); !strings.Contains(got, fmt.Sprintf(`"n":{"NS":%s}`, c.want)) {
			t.Errorf("%s %s: %s, want %s in it", c.operation, c.body, got, c.want)
		}
	}
}
