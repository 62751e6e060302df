package engine_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// requestSeeds are well-formed requests to begin with, each with its action.
var requestSeeds = [][2]string{
	{"PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"},"n":{"N":"1e3"},"l":{"L":[{"BOOL":true},{"NULL":true}]},"b":{"B":"AQI="},"ss":{"SS":["x","y"]}}}`},
	{"PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"a"}},"Expected":{"n":{"ComparisonOperator":"GE","AttributeValueList":[{"N":"1"}]}},"ConditionalOperator":"OR"}`},
	{"GetItem", `{"TableName":"Tab","Key":{"pk":{"S":"a"}},"ProjectionExpression":"#a.b[0], c","ExpressionAttributeNames":{"#a":"l"},"ReturnConsumedCapacity":"INDEXES"}`},
	{"UpdateItem", `{"TableName":"Tab","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET n = if_not_exists(n, :z) + :o REMOVE l[0] ADD ss :s","ExpressionAttributeValues":{":z":{"N":"0"},":o":{"N":"1"},":s":{"SS":["q"]}},"ReturnValues":"UPDATED_NEW"}`},
	{"UpdateItem", `{"TableName":"Tab","Key":{"pk":{"S":"a"}},"AttributeUpdates":{"n":{"Action":"ADD","Value":{"N":"1"}}}}`},
	{"DeleteItem", `{"TableName":"Tab","Key":{"pk":{"S":"a"}},"ConditionExpression":"attribute_exists(pk) AND NOT (n BETWEEN :a AND :b)","ExpressionAttributeValues":{":a":{"N":"1"},":b":{"N":"2"}}}`},
	{"Query", `{"TableName":"Tab","KeyConditionExpression":"pk = :p","FilterExpression":"size(l) > :n","ExpressionAttributeValues":{":p":{"S":"a"},":n":{"N":"0"}},"ExclusiveStartKey":{"pk":{"S":"a"}}}`},
	{"Query", `{"TableName":"Tab","IndexName":"ByN","KeyConditions":{"g":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"}]}},"ScanIndexForward":false,"Limit":2}`},
	{"Scan", `{"TableName":"Tab","Segment":1,"TotalSegments":3,"ScanFilter":{"n":{"ComparisonOperator":"NOT_NULL"}},"Select":"COUNT"}`},
	{"BatchWriteItem", `{"RequestItems":{"Tab":[{"PutRequest":{"Item":{"pk":{"S":"b"},"g":{"S":"x"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"c"}}}}]}}`},
	{"BatchGetItem", `{"RequestItems":{"Tab":{"Keys":[{"pk":{"S":"a"}}],"AttributesToGet":["n"]}}}`},
	{"TransactWriteItems", `{"ClientRequestToken":"t","TransactItems":[{"ConditionCheck":{"TableName":"Tab","Key":{"pk":{"S":"a"}},"ConditionExpression":"n < :x","ExpressionAttributeValues":{":x":{"N":"9"}}}},{"Put":{"TableName":"Tab","Item":{"pk":{"S":"z"}}}}]}`},
	{"TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"Tab","Key":{"pk":{"S":"a"}}}}]}`},
	{"ExecuteStatement", `{"Statement":"SELECT * FROM Tab.ByN WHERE g = ? AND n IN [1, 2]","Parameters":[{"S":"x"}]}`},
	{"BatchExecuteStatement", `{"Statements":[{"Statement":"UPDATE Tab SET n = n + 1 WHERE pk = 'a' RETURNING ALL NEW *"}]}`},
	{"ExecuteTransaction", `{"TransactStatements":[{"Statement":"EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND n = 1)"},{"Statement":"DELETE FROM Tab WHERE pk = 'b'"}]}`},
	{"DescribeTable", `{"TableName":"arn:aws:dynamodb:us-west-2:000000000000:table/Tab"}`},
	{"UpdateTable", `{"TableName":"Tab","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}}`},
	{"CreateTable", `{"TableName":"Uvw","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"a","AttributeType":"N"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],"Tags":[{"Key":"k","Value":"v"}]}`},
	{"UpdateTimeToLive", `{"TableName":"Tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"n"}}`},
	{"ListTables", `{"Limit":1,"ExclusiveStartTableName":"A"}`},
	{"ListStreams", `{"TableName":"Tab","Limit":3}`},
	{"GetRecords", `{"ShardIterator":"arn:aws:dynamodb:us-west-2:000000000000:table/Tab/stream/2026-01-01T00:00:00.000|1|e30="}`},
}

// FuzzRequests sends what is no more a request to a live engine. Whatever it is, the answer is JSON, and never that the
// engine has failed.
func FuzzRequests(f *testing.F) {
	for _, s := range requestSeeds {
		f.Add(s[0], s[1])
	}
	e, err := engine.Open(engine.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = e.Close() })
	h := e.Handler()
	post := func(action, body string) (int, string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		service := "DynamoDB_20120810."
		if strings.Contains(action, "Stream") || strings.Contains(action, "Shard") || action == "GetRecords" {
			service = "DynamoDBStreams_20120810."
		}
		r.Header.Set("X-Amz-Target", service+action)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	if code, body := post("CreateTable", `{"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
		{"AttributeName":"g","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"GlobalSecondaryIndexes":[{"IndexName":"ByN","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]}`); code != http.StatusOK {
		f.Fatal(body)
	}
	f.Fuzz(func(t *testing.T, action, body string) {
		code, answer := post(action, body)
		if code >= http.StatusInternalServerError {
			t.Fatalf("%s %s\nis answered with %d %s", action, body, code, answer)
		}
		if !json.Valid([]byte(answer)) {
			t.Fatalf("%s %s\nis answered with %q, which is no JSON", action, body, answer)
		}
	})
}
