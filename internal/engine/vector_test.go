package engine_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

func vectorOf(numbers ...float32) []types.AttributeValue {
	out := make([]types.AttributeValue, len(numbers))
	for i, f := range numbers {
		out[i] = num(strconv.FormatFloat(float64(f), 'f', -1, 32))
	}
	return out
}

// vectorTable makes a table with one vector index for each distance function, partitioned by the attribute group.
func vectorTable(t *testing.T, c *dynamodb.Client, dimensions int64) {
	t.Helper()
	in := &dynamodb.CreateTableInput{
		TableName: aws.String("Vectors"), BillingMode: "PAY_PER_REQUEST", KeySchema: schema("pk"),
		AttributeDefinitions: defs("pk", "S", "group", "N"),
	}
	for _, f := range []types.VectorDistanceFunction{"COSINE", "EUCLIDEAN", "DOT_PRODUCT"} {
		in.VectorIndexes = append(in.VectorIndexes, types.VectorIndex{
			IndexName: aws.String(string(f)), VectorAttribute: &types.VectorAttributeDefinition{AttributeName: aws.String("v")},
			Dimensions: &dimensions, DistanceFunction: f, Projection: &types.Projection{ProjectionType: "KEYS_ONLY"},
			SearchSchema: []types.SearchSchemaElement{{AttributeName: aws.String("group"), SearchSchemaElementType: "HASH"}},
		})
	}
	if _, err := c.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func search(t *testing.T, c *dynamodb.Client, index, group string, k int32, query []float32) []types.SearchResultItem {
	t.Helper()
	out, err := c.SearchVectors(t.Context(), &dynamodb.SearchVectorsInput{
		TableName: aws.String("Vectors"), IndexName: &index, TopK: &k, SearchVector: vectorOf(query...),
		SearchConditionExpression: aws.String("#g = :g"), ExpressionAttributeNames: map[string]string{"#g": "group"},
		ExpressionAttributeValues: item{":g": num(group)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.SearchResults
}

// TestSearchVectorsIsExact compares searches with a plain sort of all vectors, while items change.
func TestSearchVectorsIsExact(t *testing.T) {
	const dimensions, groups = 7, 3
	r := rand.New(rand.NewPCG(1, 2))
	_, c := open(t, engine.Options{})
	vectorTable(t, c, dimensions)
	random := func() []float32 {
		v := make([]float32, dimensions)
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		return v
	}
	type row struct {
		group  int
		vector []float32
	}
	rows := map[string]row{}
	for i := range 400 {
		pk := fmt.Sprint(r.IntN(150))
		if i%9 == 0 {
			delete(rows, pk)
			if _, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("Vectors"), Key: item{"pk": str(pk)}}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		rows[pk] = row{r.IntN(groups), random()}
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Vectors"), Item: item{
			"pk": str(pk), "group": num(fmt.Sprint(rows[pk].group)), "v": &types.AttributeValueMemberL{Value: vectorOf(rows[pk].vector...)},
		}}); err != nil {
			t.Fatal(err)
		}
	}
	for index, score := range map[string]func(a, b []float32) float64{"COSINE": cosine, "EUCLIDEAN": euclidean, "DOT_PRODUCT": dot} {
		for group := range groups {
			query := random()
			var want []string
			for pk, row := range rows {
				if row.group == group {
					want = append(want, pk)
				}
			}
			slices.SortFunc(want, func(a, b string) int {
				order := cmp.Compare(score(query, rows[a].vector), score(query, rows[b].vector))
				if index == "DOT_PRODUCT" {
					return -order
				}
				return order
			})
			got := search(t, c, index, fmt.Sprint(group), 10, query)
			if len(got) != 10 {
				t.Fatalf("%s: %d results, want 10", index, len(got))
			}
			for i, g := range got {
				pk := g.Item["pk"].(*types.AttributeValueMemberS).Value
				if pk != want[i] || g.Score != float64(float32(g.Score)) || math.Abs(g.Score-score(query, rows[pk].vector)) > 1e-6 {
					t.Errorf("%s, result %d: %s with %v, want %s with %v", index, i, pk, g.Score, want[i], score(query, rows[want[i]].vector))
				}
			}
		}
	}
}

func dot(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func cosine(a, b []float32) float64 { return 1 - dot(a, b)/math.Sqrt(dot(a, a))/math.Sqrt(dot(b, b)) }

func euclidean(a, b []float32) float64 {
	return math.Sqrt(dot(a, a) + dot(b, b) - 2*dot(a, b))
}

// TestSearchVectorsAllocates holds what a search allocates to what it answers, however many vectors it looks at.
func TestSearchVectorsAllocates(t *testing.T) {
	const dimensions = 16
	_, c := open(t, engine.Options{})
	vectorTable(t, c, dimensions)
	vector := make([]float32, dimensions)
	fill := func(group string, n int) {
		for i := range n {
			vector[i%dimensions] = float32(i)
			if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Vectors"), Item: item{
				"pk": str(group + "-" + fmt.Sprint(i)), "group": num(group), "v": &types.AttributeValueMemberL{Value: vectorOf(vector...)},
			}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill("1", 20)
	fill("2", 2000)
	few := testing.AllocsPerRun(20, func() { search(t, c, "EUCLIDEAN", "1", 5, vector) })
	many := testing.AllocsPerRun(20, func() { search(t, c, "EUCLIDEAN", "2", 5, vector) })
	if many > few+1500 { // one for each vector would be 1,980 more; the race detector makes pools forget at random
		t.Errorf("a search among 2,000 vectors allocates %v times, among 20 %v times", many, few)
	}
}

// TestVectorIndexIsKept reopens a store on disk, and restores its table from a backup with one of its vector indexes.
func TestVectorIndexIsKept(t *testing.T) {
	dir := t.TempDir()
	e, err := engine.Open(engine.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(e)
	vectorTable(t, c, 2)
	if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Vectors"), Item: item{
		"pk": str("a"), "group": num("1"), "v": &types.AttributeValueMemberL{Value: vectorOf(3, 4)},
	}}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	_, c = open(t, engine.Options{Dir: dir})
	if got := search(t, c, "EUCLIDEAN", "1", 5, []float32{0, 0}); len(got) != 1 || got[0].Score != 5 {
		t.Errorf("after reopening: %v", got)
	}
	arn := backUp(t, c, "Vectors", "one")
	if f := describeBackup(t, c, arn); len(f.VectorIndexes) != 3 || *f.VectorIndexes[0].Dimensions != 2 {
		t.Errorf("the backup tells of the vector indexes %v", f.VectorIndexes)
	}
	if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Vectors")}); err != nil {
		t.Fatal(err)
	}
	restore := func(target string, dimensions int64) error {
		_, err := c.RestoreTableFromBackup(t.Context(), &dynamodb.RestoreTableFromBackupInput{
			TargetTableName: &target, BackupArn: &arn, VectorIndexOverride: []types.VectorIndex{{
				IndexName: aws.String("EUCLIDEAN"), VectorAttribute: &types.VectorAttributeDefinition{AttributeName: aws.String("v")},
				Dimensions: &dimensions, DistanceFunction: "EUCLIDEAN", Projection: &types.Projection{ProjectionType: "KEYS_ONLY"},
				SearchSchema: []types.SearchSchemaElement{{AttributeName: aws.String("group"), SearchSchemaElementType: "HASH"}},
			}},
		})
		return err
	}
	wantError(t, restore("Vectors", 3), "ValidationException",
		"One or more parameter values were invalid: The definition of vector index EUCLIDEAN must be that of the source table")
	if err := restore("Vectors", 2); err != nil {
		t.Fatal(err)
	}
	if d := waitActive(t, c, "Vectors"); len(d.VectorIndexes) != 1 || *d.VectorIndexes[0].ItemCount != 1 {
		t.Errorf("restored with the vector indexes %v", d.VectorIndexes)
	}
	if got := search(t, c, "EUCLIDEAN", "1", 5, []float32{0, 0}); len(got) != 1 || got[0].Score != 5 {
		t.Errorf("after the restore: %v", got)
	}
}

func describeBackup(t *testing.T, c *dynamodb.Client, arn string) *types.SourceTableFeatureDetails {
	t.Helper()
	out, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	return out.BackupDescription.SourceTableFeatureDetails
}

// TestVectorsAreChargedByTheirNumber reads and writes a vector whose numbers are long: the table charges four bytes each.
func TestVectorsAreChargedByTheirNumber(t *testing.T) {
	const dimensions = 1000 // with the rest of the item below 4,096 bytes; by its numbers it is larger than 12,000
	_, c := open(t, engine.Options{})
	vectorTable(t, c, dimensions)
	vector := &types.AttributeValueMemberL{}
	for range dimensions {
		vector.Value = append(vector.Value, num("0.12345678901234567891"))
	}
	it := item{"pk": str("a"), "group": num("1"), "v": vector}
	key, total := item{"pk": str("a")}, types.ReturnConsumedCapacityTotal
	want := func(what string, got *types.ConsumedCapacity, err error, units float64) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if *got.CapacityUnits != units {
			t.Errorf("%s takes %v units; want %v", what, *got.CapacityUnits, units)
		}
	}
	put, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Vectors"), Item: it, ReturnConsumedCapacity: total})
	want("PutItem", put.ConsumedCapacity, err, 4)
	get, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Vectors"), Key: key, ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: total})
	want("GetItem", get.ConsumedCapacity, err, 1)
	scan, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Vectors"), ReturnConsumedCapacity: total})
	want("Scan", scan.ConsumedCapacity, err, 0.5)
	sel, err := c.ExecuteStatement(t.Context(), &dynamodb.ExecuteStatementInput{
		Statement: aws.String("SELECT * FROM Vectors WHERE pk = 'a'"), ReturnConsumedCapacity: total,
	})
	want("SELECT", sel.ConsumedCapacity, err, 0.5)
	batch, err := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{"Vectors": {Keys: []map[string]types.AttributeValue{key}}}, ReturnConsumedCapacity: total,
	})
	want("BatchGetItem", &batch.ConsumedCapacity[0], err, 0.5)
	transact, err := c.TransactGetItems(t.Context(), &dynamodb.TransactGetItemsInput{
		TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: aws.String("Vectors"), Key: key}}}, ReturnConsumedCapacity: total,
	})
	want("TransactGetItems", &transact.ConsumedCapacity[0], err, 2)
	del, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("Vectors"), Key: key, ReturnConsumedCapacity: total})
	want("DeleteItem", del.ConsumedCapacity, err, 4)
}
