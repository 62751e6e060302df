package engine_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// sized is an item of exactly n bytes as the service counts them: names and values of pk, sk, l and v.
func sized(pk string, sk, n int) item {
	it := item{"pk": str(pk), "sk": num(strconv.Itoa(sk)), "l": str("l")}
	fixed := len("pk") + len(pk) + len("sk") + 2 + len("l") + 1 + len("v") // a number of one or two digits takes two bytes
	it["v"] = str(strings.Repeat("x", n-fixed))
	return it
}

// sizedTable makes a table for sized items, with a local index of keys alone.
func sizedTable(t *testing.T, c *dynamodb.Client) {
	t.Helper()
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Sized"), BillingMode: "PAY_PER_REQUEST", KeySchema: schema("pk", "sk"), AttributeDefinitions: defs("pk", "S", "sk", "N", "l", "S"),
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{
			IndexName: aws.String("byL"), KeySchema: schema("pk", "l"), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func wantUnits(t *testing.T, what string, got *types.ConsumedCapacity, table float64) {
	t.Helper()
	if got == nil || got.Table == nil || *got.Table.CapacityUnits != table {
		t.Errorf("%s takes %+v, want %v units of the table", what, got, table)
	}
}

// TestCapacityToTheByte holds the units of the table at the sizes where they change.
func TestCapacityToTheByte(t *testing.T) {
	_, c := open(t, engine.Options{})
	sizedTable(t, c)
	put := func(sk, size int) *types.ConsumedCapacity {
		t.Helper()
		out, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Sized"), Item: sized("a", sk, size), ReturnConsumedCapacity: "INDEXES"})
		if err != nil {
			t.Fatal(err)
		}
		return out.ConsumedCapacity
	}
	key := func(sk int) item { return item{"pk": str("a"), "sk": num(strconv.Itoa(sk))} }
	get := func(sk int, consistent bool) *types.ConsumedCapacity {
		t.Helper()
		out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Sized"), Key: key(sk), ConsistentRead: &consistent, ReturnConsumedCapacity: "INDEXES"})
		if err != nil {
			t.Fatal(err)
		}
		return out.ConsumedCapacity
	}
	wantUnits(t, "a put of 1,024 bytes", put(1, 1024), 1)
	wantUnits(t, "a put of 1,025 bytes", put(1, 1025), 2)
	wantUnits(t, "a put of 3,072 bytes", put(1, 3072), 3)
	wantUnits(t, "a put that shrinks the item", put(1, 100), 3)
	wantUnits(t, "a put of 4,096 bytes", put(2, 4096), 4)
	wantUnits(t, "a read of 4,096 bytes", get(2, true), 1)
	wantUnits(t, "a read of 4,096 bytes, eventually consistent", get(2, false), 0.5)
	wantUnits(t, "a put of 4,097 bytes", put(2, 4097), 5)
	wantUnits(t, "a read of 4,097 bytes", get(2, true), 2)
	wantUnits(t, "a read of 4,097 bytes, eventually consistent", get(2, false), 1)
	wantUnits(t, "a read of nothing", get(9, false), 0.5)

	out, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: aws.String("Sized"), Key: key(2), UpdateExpression: aws.String("REMOVE v"), ReturnConsumedCapacity: "INDEXES"})
	if err != nil {
		t.Fatal(err)
	}
	wantUnits(t, "an update that shrinks the item", out.ConsumedCapacity, 5)
	gone, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("Sized"), Key: key(1), ReturnConsumedCapacity: "INDEXES"})
	if err != nil {
		t.Fatal(err)
	}
	wantUnits(t, "a deletion of 100 bytes", gone.ConsumedCapacity, 1)
}

// TestReadsSumBeforeTheyRound reads the same three items in the ways that round differently.
func TestReadsSumBeforeTheyRound(t *testing.T) {
	_, c := open(t, engine.Options{})
	sizedTable(t, c)
	var keys []item
	for sk := range 3 {
		keys = append(keys, item{"pk": str("a"), "sk": num(strconv.Itoa(sk + 1))})
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Sized"), Item: sized("a", sk+1, 1500)}); err != nil {
			t.Fatal(err)
		}
	}
	query := func(in dynamodb.QueryInput) *types.ConsumedCapacity {
		t.Helper()
		in.TableName, in.ReturnConsumedCapacity = aws.String("Sized"), "INDEXES"
		in.KeyConditionExpression, in.ExpressionAttributeValues = aws.String("pk = :p"), item{":p": str("a")}
		out, err := c.Query(t.Context(), &in)
		if err != nil {
			t.Fatal(err)
		}
		return out.ConsumedCapacity
	}
	wantUnits(t, "a query of 4,500 bytes", query(dynamodb.QueryInput{}), 1)
	wantUnits(t, "a count of 4,500 bytes", query(dynamodb.QueryInput{Select: "COUNT", ConsistentRead: aws.Bool(true)}), 2)
	wantUnits(t, "a query that returns less than it reads", query(dynamodb.QueryInput{ProjectionExpression: aws.String("pk")}), 1)
	wantUnits(t, "a query of one item", query(dynamodb.QueryInput{Limit: aws.Int32(1)}), 0.5)
	fetched := query(dynamodb.QueryInput{IndexName: aws.String("byL"), Select: "ALL_ATTRIBUTES"})
	wantUnits(t, "three items fetched for a local index", fetched, 1.5)
	if got := *fetched.LocalSecondaryIndexes["byL"].CapacityUnits; got != 0.5 || *fetched.CapacityUnits != 2 {
		t.Errorf("the local index takes %v units of %v, want 0.5 of 2", got, *fetched.CapacityUnits)
	}
	batch, err := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{"Sized": {Keys: keys}}, ReturnConsumedCapacity: "INDEXES",
	})
	if err != nil {
		t.Fatal(err)
	}
	wantUnits(t, "a batch that rounds each item", &batch.ConsumedCapacity[0], 1.5)
}

// TestTransactionsCostTwice holds the units of transactions, and those of one that is repeated.
func TestTransactionsCostTwice(t *testing.T) {
	_, c := open(t, engine.Options{})
	sizedTable(t, c)
	if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Sized"), Item: sized("a", 1, 9000)}); err != nil {
		t.Fatal(err)
	}
	key := item{"pk": str("a"), "sk": num("1")}
	read, err := c.TransactGetItems(t.Context(), &dynamodb.TransactGetItemsInput{
		TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: aws.String("Sized"), Key: key}}}, ReturnConsumedCapacity: "INDEXES",
	})
	if err != nil {
		t.Fatal(err)
	}
	wantUnits(t, "a transaction that reads 9,000 bytes", &read.ConsumedCapacity[0], 6)
	remove := func() *types.ConsumedCapacity {
		t.Helper()
		out, err := c.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{
			TransactItems:      []types.TransactWriteItem{{Delete: &types.Delete{TableName: aws.String("Sized"), Key: key}}},
			ClientRequestToken: aws.String("once"), ReturnConsumedCapacity: "INDEXES",
		})
		if err != nil {
			t.Fatal(err)
		}
		return &out.ConsumedCapacity[0]
	}
	first := remove()
	wantUnits(t, "a transaction that deletes 9,000 bytes", first, 18)
	if *first.CapacityUnits != 19 || *first.LocalSecondaryIndexes["byL"].WriteCapacityUnits != 1 {
		t.Errorf("the deletion takes %v units in all, want 18 of the table and one of the index", *first.CapacityUnits)
	}
	again := remove()
	wantUnits(t, "its repetition", again, 6)
	if again.WriteCapacityUnits != nil || *again.ReadCapacityUnits != 6 {
		t.Errorf("the repetition takes %+v, want 6 read units", again)
	}
}
