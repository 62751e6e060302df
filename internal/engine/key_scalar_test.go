package engine_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestExpressionsThatReachIntoKeys(t *testing.T) {
	const refused = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk"
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	table, key := aws.String("Things"), item{"pk": str("a")}
	_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: key, ConditionExpression: aws.String("attribute_not_exists(pk.x)")})
	wantError(t, err, "ValidationException", refused)
	_, err = c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: table, Key: key, UpdateExpression: aws.String("SET a = pk[0]")})
	wantError(t, err, "ValidationException", refused)
	_, err = c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: table, Key: key, ProjectionExpression: aws.String("pk.x")})
	wantError(t, err, "ValidationException", refused)
	_, err = c.Scan(t.Context(), &dynamodb.ScanInput{TableName: table, FilterExpression: aws.String("attribute_exists(pk.x)")})
	wantError(t, err, "ValidationException", refused)
}

// An update may make an item nineteen bytes smaller than a put: three for the update and nineteen for the action, less the key's three.
func TestLimitOfUpdatedItems(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	table, key := aws.String("Things"), item{"pk": str("a")}
	room := 400*1024 - len("pk") - len("a") - len("v")
	if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: item{"pk": str("a"), "v": str(strings.Repeat("x", room))}}); err != nil {
		t.Fatal(err)
	}
	update := func(n int) error {
		_, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: table, Key: key, UpdateExpression: aws.String("SET v = :v"),
			ExpressionAttributeValues: item{":v": str(strings.Repeat("x", n))},
		})
		return err
	}
	if err := update(room - 19); err != nil {
		t.Error(err)
	}
	wantError(t, update(room-18), "ValidationException", "Item size to update has exceeded the maximum allowed size")
}
