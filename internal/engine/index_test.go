package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestMultiAttributeKeys(t *testing.T) {
	_, c := open(t, engine.Options{})
	key := []types.KeySchemaElement{
		{AttributeName: aws.String("team"), KeyType: "HASH"},
		{AttributeName: aws.String("season"), KeyType: "HASH"},
		{AttributeName: aws.String("round"), KeyType: "RANGE"},
		{AttributeName: aws.String("n"), KeyType: "RANGE"},
	}
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Games"), BillingMode: "PAY_PER_REQUEST", KeySchema: schema("pk"),
		AttributeDefinitions:   defs("pk", "S", "team", "S", "season", "N", "round", "S", "n", "N"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("byTeam"), KeySchema: key, Projection: allOf()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 24 {
		it := item{
			"pk": str(fmt.Sprint(i)), "team": str(fmt.Sprint("team", i%2)), "season": num(fmt.Sprint(2000 + i%3)),
			"round": str([]string{"A", "B"}[i/12]), "n": num(fmt.Sprint(i)),
		}
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Games"), Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	q := func(condition string, values item) ([]string, error) {
		values[":t"], values[":s"] = str("team0"), num("2000")
		var got []string
		p := dynamodb.NewQueryPaginator(c, &dynamodb.QueryInput{
			TableName: aws.String("Games"), IndexName: aws.String("byTeam"), KeyConditionExpression: &condition, ExpressionAttributeValues: values, Limit: aws.Int32(1),
		})
		for p.HasMorePages() {
			page, err := p.NextPage(t.Context())
			if err != nil {
				return nil, err
			}
			got = append(got, numbers(page.Items, "n")...)
		}
		return got, nil
	}
	for _, tc := range []struct {
		condition, want string
		values          item
	}{
		{"team = :t AND season = :s", "0 6 12 18", item{}},
		{"team = :t AND season = :s AND round = :r", "12 18", item{":r": str("B")}},
		{"team = :t AND season = :s AND round = :r AND n > :n", "18", item{":r": str("B"), ":n": num("12")}},
		{"team = :t AND season = :s AND begins_with(round, :r)", "0 6", item{":r": str("A")}},
	} {
		got, err := q(tc.condition, tc.values)
		if err != nil {
			t.Fatal(tc.condition, err)
		}
		if d := cmp.Diff(strings.Fields(tc.want), got); d != "" {
			t.Errorf("%s: %s", tc.condition, d)
		}
	}
	_, err = c.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("Games"), IndexName: aws.String("byTeam"), KeyConditionExpression: aws.String("team = :t"), ExpressionAttributeValues: item{":t": str("x")},
	})
	wantError(t, err, "ValidationException", "HASH key attributes season must have equality conditions specified in the query")
}

func TestTableByARN(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	arn := aws.String("arn:aws:dynamodb:eu-west-1:000000000000:table/Things")
	if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: arn, Item: item{"pk": str("a")}}); err != nil {
		t.Fatal(err)
	}
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: arn, Key: item{"pk": str("a")}, ReturnConsumedCapacity: "TOTAL"})
	if err != nil || len(out.Item) != 1 || *out.ConsumedCapacity.TableName != *arn {
		t.Errorf("got %v, %v", out, err)
	}
	if got := *describe(t, c, *arn).TableArn; got != *arn {
		t.Errorf("ARN %s, want %s", got, *arn)
	}
}

// TestIndexesAgreeUnderWrites writes from several goroutines while an index is built, and then compares every index with
// the table.
func TestIndexesAgreeUnderWrites(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	const keys = 50
	write := func(rng *rand.Rand) error {
		k := str(fmt.Sprint(rng.IntN(keys)))
		switch rng.IntN(4) {
		case 0:
			_, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("Things"), Key: item{"pk": k}})
			return err
		case 1:
			_, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
				TableName: aws.String("Things"), Key: item{"pk": k}, UpdateExpression: aws.String("SET color = :c"),
				ExpressionAttributeValues: item{":c": str(fmt.Sprint("color", rng.IntN(5)))},
			})
			return err
		case 2:
			_, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: aws.String("Things"), Key: item{"pk": k}, UpdateExpression: aws.String("REMOVE color")})
			return err
		}
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: item{"pk": k, "color": str(fmt.Sprint("color", rng.IntN(5)))}})
		return err
	}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(g), 7))
			for range 300 {
				if err := write(rng); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	if _, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{
		TableName: aws.String("Things"), AttributeDefinitions: defs("color", "S"),
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{IndexName: aws.String("byColor"), KeySchema: schema("color"), Projection: allOf()}}},
	}); err != nil {
		t.Error(err)
	}
	wg.Wait()
	all := func(index *string) map[string]string {
		out, err := c.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Things"), IndexName: index, FilterExpression: aws.String("attribute_exists(color)")})
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for _, it := range out.Items {
			m[it["pk"].(*types.AttributeValueMemberS).Value] = it["color"].(*types.AttributeValueMemberS).Value
		}
		return m
	}
	if d := cmp.Diff(all(nil), all(aws.String("byColor"))); d != "" {
		t.Errorf("table and index disagree: %s", d)
	}
	td := describe(t, c, "Things")
	if n := int(*td.GlobalSecondaryIndexes[0].ItemCount); n != len(all(aws.String("byColor"))) {
		t.Errorf("index counts %d entries, has %d", n, len(all(aws.String("byColor"))))
	}
}

func TestConcurrentIncrements(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if _, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
					TableName: aws.String("Things"), Key: item{"pk": str("a")}, UpdateExpression: aws.String("ADD n :one"), ExpressionAttributeValues: item{":one": num("1")},
				}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Things"), Key: item{"pk": str("a")}})
	if err != nil {
		t.Fatal(err)
	}
	if n := out.Item["n"].(*types.AttributeValueMemberN).Value; n != "400" {
		t.Errorf("n is %s after 400 increments", n)
	}
}
