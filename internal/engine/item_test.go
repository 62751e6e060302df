package engine_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func num(n string) types.AttributeValue { return &types.AttributeValueMemberN{Value: n} }

type item = map[string]types.AttributeValue

func TestUpdateAndConditions(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	table := aws.String("Things")
	_, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: table, Key: item{"pk": str("a")}, UpdateExpression: aws.String("SET n = :one, m.x = if_not_exists(m.x, :one)"),
		ExpressionAttributeValues: item{":one": num("1")}, ReturnValues: "ALL_NEW",
	})
	wantError(t, err, "ValidationException", "The document path provided in the update expression is invalid for update")
	out, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: table, Key: item{"pk": str("a")}, UpdateExpression: aws.String("ADD n :one"),
		ExpressionAttributeValues: item{":one": num("1")}, ReturnValues: "ALL_NEW",
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Attributes) != 2 {
		t.Errorf("new item is %v, want key and n", out.Attributes)
	}
	_, err = c.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: table, Item: item{"pk": str("a")}, ConditionExpression: aws.String("attribute_not_exists(pk)"),
		ReturnValuesOnConditionCheckFailure: "ALL_OLD",
	})
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) || len(failed.Item) != 2 {
		t.Errorf("got %v, want a failed condition with the item", err)
	}
	_, err = c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: table, Key: item{"pk": str("a")}, UpdateExpression: aws.String("SET pk = :v"), ExpressionAttributeValues: item{":v": str("b")},
	})
	wantError(t, err, "ValidationException", "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key")
	_, err = c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: table, Key: item{"pk": str("a")}, ConditionExpression: aws.String("n = :n"), ExpressionAttributeValues: item{":n": num("2")},
	})
	wantError(t, err, "ConditionalCheckFailedException", "The conditional request failed")
	del, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: table, Key: item{"pk": str("a")}, ReturnValues: "ALL_OLD"})
	if err != nil || len(del.Attributes) != 2 {
		t.Errorf("got %v, %v; want the old item", del, err)
	}
	if n := *describe(t, c, "Things").ItemCount; n != 0 {
		t.Errorf("%d items, want none", n)
	}
}

func TestKeyRefusals(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	get := func(key item) error {
		_, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Things"), Key: key})
		return err
	}
	put := func(it item) error {
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Things"), Item: it})
		return err
	}
	const schema = "The provided key element does not match the schema"
	wantError(t, get(item{"pk": num("1")}), "ValidationException", schema)
	wantError(t, get(item{"x": str("1")}), "ValidationException", schema)
	wantError(t, get(item{"pk": str("1"), "x": str("1")}), "ValidationException", schema)
	wantError(t, get(item{"pk": str("")}), "ValidationException",
		"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk")
	wantError(t, put(item{"pk": num("1")}), "ValidationException",
		"One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N")
	wantError(t, put(item{"pk": str(string(make([]byte, 2049)))}), "ValidationException",
		"One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes")
	wantError(t, put(item{"pk": str("a"), "x": str(string(make([]byte, 400<<10)))}), "ValidationException",
		"Item size has exceeded the maximum allowed size")
}

func TestIndexCapacity(t *testing.T) {
	_, c := open(t, engine.Options{})
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Orders"), BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: defs("pk", "S", "g", "S"), KeySchema: schema("pk"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("byG"), KeySchema: schema("g"), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		it   item
		want float64 // units of the index
	}{
		{item{"pk": str("a")}, 0},
		{item{"pk": str("a"), "g": str("x")}, 1},
		{item{"pk": str("a"), "g": str("x"), "other": str("y")}, 0},
		{item{"pk": str("a"), "g": str("z")}, 2},
		{item{"pk": str("a")}, 1},
	} {
		out, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Orders"), Item: step.it, ReturnConsumedCapacity: "INDEXES"})
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		if u := out.ConsumedCapacity.GlobalSecondaryIndexes["byG"].CapacityUnits; u != nil {
			got = *u
		}
		if got != step.want || *out.ConsumedCapacity.Table.CapacityUnits != 1 {
			t.Errorf("put %v: index took %v units, want %v", step.it, got, step.want)
		}
	}
	_, err = c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Orders"), Item: item{"pk": str("a"), "g": num("1")}})
	wantError(t, err, "ValidationException", "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: byG")
}
