package cmd_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/cmd"
)

// expressionMembers are the members that the verbs share, with their flags. A word without dashes is a position; one that begins with "always" or "replaced" says why there is no flag.
var expressionMembers = map[string]string{
	"TableName":                           "TABLE",
	"Key":                                 "--key",
	"Item":                                "--item",
	"ConsistentRead":                      "--consistent",
	"ProjectionExpression":                "--projection-expression",
	"FilterExpression":                    "--filter-expression",
	"KeyConditionExpression":              "--key-condition-expression",
	"ConditionExpression":                 "--condition-expression",
	"UpdateExpression":                    "--update-expression",
	"ExpressionAttributeNames":            "--names",
	"ExpressionAttributeValues":           "--values",
	"ReturnValues":                        "--return",
	"IndexName":                           "--index",
	"Select":                              "--select",
	"Limit":                               "--page-size",
	"ExclusiveStartKey":                   "--start-key",
	"ScanIndexForward":                    "--reverse",
	"Segment":                             "--segment",
	"TotalSegments":                       "--total-segments",
	"Statement":                           "STATEMENT",
	"Parameters":                          "--param",
	"NextToken":                           "always followed, page by page",
	"RequestItems":                        "--request-items",
	"TransactItems":                       "--transact-items",
	"ClientRequestToken":                  "--client-request-token",
	"ReturnConsumedCapacity":              "always TOTAL, and shown to a person",
	"ReturnValuesOnConditionCheckFailure": "always ALL_OLD, and shown with the error",
	"ReturnItemCollectionMetrics":         "always left at NONE: what is of use in it, the size of the collection, is in the error of a collection that is full",
	"AttributesToGet":                     "replaced by --projection-expression, says the API reference",
	"AttributeUpdates":                    "replaced by --update-expression",
	"Expected":                            "replaced by --condition-expression",
	"ConditionalOperator":                 "replaced by the expressions' own and, or, not",
	"QueryFilter":                         "replaced by --filter-expression",
	"ScanFilter":                          "replaced by --filter-expression",
	"KeyConditions":                       "replaced by --key-condition-expression",
}

// What the API can do with items, the terminal can do: each member of each input has a flag, or a reason why it has none. A member that comes with a new SDK fails here.
func TestMembersOfTheAPIHaveFlags(t *testing.T) {
	root := cmd.Root()
	for path, input := range map[string]any{
		"get": dynamodb.GetItemInput{}, "put": dynamodb.PutItemInput{}, "update": dynamodb.UpdateItemInput{}, "delete": dynamodb.DeleteItemInput{},
		"query": dynamodb.QueryInput{}, "scan": dynamodb.ScanInput{}, "sql": dynamodb.ExecuteStatementInput{},
		"item batch-get": dynamodb.BatchGetItemInput{}, "item batch-write": dynamodb.BatchWriteItemInput{},
		"item transact-get": dynamodb.TransactGetItemsInput{}, "item transact-write": dynamodb.TransactWriteItemsInput{},
	} {
		c, rest, err := root.Find(strings.Fields(path))
		if err != nil || len(rest) > 0 {
			t.Fatalf("%s: %v", path, err)
		}
		typ := reflect.TypeOf(input)
		for member := range typ.Fields() {
			if !member.IsExported() {
				continue
			}
			how, known := expressionMembers[member.Name]
			if path == "sql" && member.Name == "Limit" {
				how = "--page-size"
			}
			name, flag := strings.CutPrefix(how, "--")
			switch {
			case !known:
				t.Errorf("ddb %s has no flag for %s of %s: add one, or say here why there is none", path, member.Name, typ.Name())
			case flag && c.Flags().Lookup(name) == nil:
				t.Errorf("ddb %s has no --%s for %s", path, name, member.Name)
			}
		}
	}
}
