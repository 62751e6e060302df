package engine_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestLegacyReads(t *testing.T) {
	_, c := open(t, engine.Options{})
	table := orders(t, c)
	out, err := c.Query(t.Context(), &dynamodb.QueryInput{
		TableName: table,
		KeyConditions: map[string]types.Condition{
			"c": {ComparisonOperator: "EQ", AttributeValueList: []types.AttributeValue{str("customer1")}},
			"n": {ComparisonOperator: "BETWEEN", AttributeValueList: []types.AttributeValue{num("2"), num("7")}},
		},
		QueryFilter: map[string]types.Condition{
			"state": {ComparisonOperator: "NOT_NULL"},
			"total": {ComparisonOperator: "GT", AttributeValueList: []types.AttributeValue{num("95")}},
		},
		AttributesToGet: []string{"n"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Fields("2 4"), numbers(out.Items, "n")); d != "" || out.ScannedCount != 6 || len(out.Items[0]) != 1 {
		t.Errorf("%s, scanned %d, first %v", d, out.ScannedCount, out.Items[0])
	}
	scan, err := c.Scan(t.Context(), &dynamodb.ScanInput{
		TableName: table, ConditionalOperator: "OR",
		ScanFilter: map[string]types.Condition{
			"n":     {ComparisonOperator: "EQ", AttributeValueList: []types.AttributeValue{num("1")}},
			"extra": {ComparisonOperator: "EQ", AttributeValueList: []types.AttributeValue{str("")}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if scan.Count != 5 {
		t.Errorf("%d items, want 5", scan.Count)
	}
}

func TestLegacyWrites(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Things")
	update := func(u map[string]types.AttributeValueUpdate, expected map[string]types.ExpectedAttributeValue) (item, error) {
		out, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: aws.String("Things"), Key: item{"pk": str("a")}, AttributeUpdates: u, Expected: expected, ReturnValues: "ALL_NEW",
		})
		if err != nil {
			return nil, err
		}
		return out.Attributes, nil
	}
	got, err := update(map[string]types.AttributeValueUpdate{
		"n": {Action: "ADD", Value: num("5")}, "s": {Value: str("x")}, "gone": {Action: "DELETE"},
	}, map[string]types.ExpectedAttributeValue{"pk": {Exists: aws.Bool(false)}})
	if err != nil || len(got) != 3 {
		t.Fatalf("got %v, %v", got, err)
	}
	_, err = update(nil, map[string]types.ExpectedAttributeValue{"n": {ComparisonOperator: "LT", AttributeValueList: []types.AttributeValue{num("5")}}})
	wantError(t, err, "ConditionalCheckFailedException", "The conditional request failed")
	_, err = update(map[string]types.AttributeValueUpdate{"s": {Action: "ADD", Value: num("1")}}, nil)
	wantError(t, err, "ValidationException", "Type mismatch for attribute to update")
	_, err = update(nil, map[string]types.ExpectedAttributeValue{"n": {}})
	wantError(t, err, "ValidationException", "1 validation error detected: One or more parameter values were invalid: Value must be provided when Exists is null for Attribute: n")
	_, err = c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String("Things"), Key: item{"pk": str("a")}, UpdateExpression: aws.String("REMOVE x"),
		Expected: map[string]types.ExpectedAttributeValue{"n": {Value: num("1")}},
	})
	wantError(t, err, "ValidationException", "1 validation error detected: Can not use both expression and non-expression parameters in the same request: "+
		"Non-expression parameters: {Expected} Expression parameters: {UpdateExpression}")
}
