package cmd_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/ddb-cli/ddb/cmd"
	"github.com/ddb-cli/ddb/internal/ops"
	"github.com/ddb-cli/ddb/internal/wire"
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
	"ReturnConsumedCapacity":              "--return-consumed-capacity",
	"ReturnValuesOnConditionCheckFailure": "always ALL_OLD, and shown with the error",
	"ReturnItemCollectionMetrics":         "--return-item-collection-metrics",
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

// without says why a member of a bound operation has no flag of its own name; the item verbs, whose flags have other names, are looked at above.
var without = map[string]string{
	"ReturnValuesOnConditionCheckFailure": "always ALL_OLD, and shown with the error",
	"AttributesToGet":                     "replaced by ProjectionExpression, says the API reference",
	"AttributeUpdates":                    "replaced by UpdateExpression",
	"Expected":                            "replaced by ConditionExpression",
	"ConditionalOperator":                 "replaced by the expressions' own and, or, not",
	"QueryFilter":                         "replaced by FilterExpression",
	"ScanFilter":                          "replaced by FilterExpression",
	"KeyConditions":                       "replaced by KeyConditionExpression",
	"pitr update PointInTimeRecoverySpecification": "--enabled and --days are its members",
	"global-table list RegionName":                 "--region is where it asks, and this member a filter by the same",
}

// Each member of each operation of the API is a flag or a position of the operation's command, or there is a reason why it is none. A member that comes with a new SDK fails here.
func TestEveryMemberOfEveryOperation(t *testing.T) {
	seen := 0
	for _, o := range ops.All {
		spec := o.Spec()
		if spec.API == "" || spec.API == "GetCallerIdentity" {
			continue
		}
		method, ok := reflect.TypeFor[*dynamodb.Client]().MethodByName(spec.API)
		if !ok {
			if method, ok = reflect.TypeFor[*dynamodbstreams.Client]().MethodByName(spec.API); !ok {
				t.Errorf("%s: the SDK has no %s", spec.Tool, spec.API)
				continue
			}
		}
		own := reflect.TypeOf(o.NewInput()).Elem()
		reachable := make(map[string]bool)
		for _, f := range wire.Fields(own) {
			if flag := f.Tag.Get("flag"); f.Tag.Get("arg") != "" || flag != "" && flag != "-" {
				reachable[own.FieldByIndex(f.Index).Name] = true
			}
		}
		for member := range method.Type.In(2).Elem().Fields() {
			if !member.IsExported() {
				continue
			}
			seen++
			if !reachable[member.Name] && without[member.Name] == "" && without[spec.Path()+" "+member.Name] == "" {
				t.Errorf("ddb %s has no flag for %s of %s: add one, or say here why there is none", spec.Path(), member.Name, spec.API)
			}
		}
	}
	if seen < 250 {
		t.Errorf("only %d members were looked at", seen)
	}
}
