package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// rawEngine is an engine with the table abc, whose key is p, and a way to send it text.
func rawEngine(t *testing.T) (send func(operation, body string) string) {
	t.Helper()
	e, err := engine.Open(engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	send = func(operation, body string) string {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		w := httptest.NewRecorder()
		e.Handler().ServeHTTP(w, r)
		return w.Body.String()
	}
	send("CreateTable", `{"TableName":"abc","BillingMode":"PAY_PER_REQUEST",
		"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}`)
	return send
}

// each joins a format with the numbers below n.
func each(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestNamesByTheHundredThousand sends as many names as a request holds. Where each was compared with all others, any of these took many minutes of a
// processor; a test that is given ten of them does not end in time.
func TestNamesByTheHundredThousand(t *testing.T) {
	send := rawEngine(t)
	const n = 250_000
	const key = `{"TableName":"abc","Key":{"p":{"S":"1"}},`
	if got := send("PutItem", `{"TableName":"abc","Item":{"p":{"S":"1"},`+each(40_000, `"a%d":{"NULL":true}`)+`}}`); got != "{}" {
		t.Fatal(got)
	}
	for name, c := range map[string]struct{ operation, body, want string }{
		"puts":        {"UpdateItem", key + `"AttributeUpdates":{` + each(n, `"a%d":{"Value":{"S":""}}`) + `}}`, "Item size to update has exceeded the maximum allowed size"},
		"deletes":     {"UpdateItem", key + `"AttributeUpdates":{` + each(50_000, `"b%d":{"Action":"DELETE"}`) + `}}`, `{}`},
		"names":       {"GetItem", key + `"AttributesToGet":[` + each(n, `"a%d"`) + `]}`, `"a39999":`},
		"tags":        {"TagResource", `{"ResourceArn":"arn:aws:dynamodb:us-west-2:000000000000:table/abc","Tags":[` + each(n, `{"Key":"a%d","Value":""}`) + `]}`, "Number of Tags exceed"},
		"expected":    {"PutItem", `{"TableName":"abc","Item":{"p":{"S":"1"}},"Expected":{` + each(n, `"a%d":{"ComparisonOperator":"NULL"}`) + `}}`, "The conditional request failed"},
		"filters":     {"Scan", `{"TableName":"abc","ScanFilter":{` + each(n, `"a%d":{"ComparisonOperator":"NULL"}`) + `}}`, `"Count":0`},
		"definitions": {"CreateTable", `{"TableName":"abd","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"a0","KeyType":"HASH"}],"AttributeDefinitions":[` + each(n, `{"AttributeName":"a%d","AttributeType":"S"}`) + `]}`, "Number of attributes in KeySchema"},
		"indexes": {"CreateTable", `{"TableName":"abd","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"GlobalSecondaryIndexes":[` +
			each(100_000, `{"IndexName":"ix%d","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}`) + `]}`, "GlobalSecondaryIndex count exceeds"},
	} {
		if got := send(c.operation, c.body); !strings.Contains(got, c.want) {
			t.Errorf("%s: %.300s; want %s", name, got, c.want)
		}
	}
}

// TestManyUpdatesAreAsFew does the same updates in one request and in requests of their own.
func TestManyUpdatesAreAsFew(t *testing.T) {
	send := rawEngine(t)
	item := `"s":{"SS":["a","b"]},"t":{"SS":["a"]},"n":{"N":"1"},"l":{"L":[{"S":"x"}]},"k":{"S":"kept"},` + each(40, `"a%d":{"S":"old"}`)
	updates := strings.Split(`"s":{"Action":"DELETE","Value":{"SS":["b"]}}|"t":{"Action":"DELETE","Value":{"SS":["a"]}}|"n":{"Action":"ADD","Value":{"N":"4"}}|`+
		`"l":{"Action":"ADD","Value":{"L":[{"S":"y"}]}}|"new":{"Action":"ADD","Value":{"N":"7"}}|"none":{"Action":"DELETE","Value":{"SS":["z"]}}|`+
		strings.ReplaceAll(each(30, `"a%d":{"Action":"DELETE"}`), ",\"a", "|\"a")+"|"+strings.ReplaceAll(each(40, `"b%d":{"Value":{"S":"new"}}`), ",\"b", "|\"b"), "|")
	var many, few, whole string
	for _, key := range []string{"many", "few"} {
		send("PutItem", `{"TableName":"abc","Item":{"p":{"S":"`+key+`"},`+item+`}}`)
	}
	update := func(key, updates string) string {
		return send("UpdateItem", `{"TableName":"abc","Key":{"p":{"S":"`+key+`"}},"ReturnValues":"UPDATED_NEW","AttributeUpdates":{`+updates+`}}`)
	}
	if len(updates) <= 64 {
		t.Fatal("too few updates to be many")
	}
	many = update("many", strings.Join(updates, ","))
	for _, u := range updates {
		update("few", u)
	}
	get := func(key string) string {
		return strings.ReplaceAll(send("GetItem", `{"TableName":"abc","Key":{"p":{"S":"`+key+`"}}}`), `{"S":"`+key+`"}`, `{"S":"key"}`)
	}
	whole, few = get("many"), get("few")
	if len(whole) != len(few) || !strings.Contains(whole, `"n":{"N":"5"}`) || strings.Contains(whole, `"t":`) || strings.Contains(whole, `"a7":`) || strings.Contains(whole, `"none":`) {
		t.Errorf("many leave %s\nfew leave %s", whole, few)
	}
	if !strings.Contains(many, `"b39":{"S":"new"}`) || strings.Contains(many, "kept") || strings.Contains(many, `"a35"`) {
		t.Errorf("UPDATED_NEW of many is %s", many)
	}
	if got := update("absent", strings.Join(updates[6:], ",")); !strings.Contains(got, `"b0":{"S":"new"}`) {
		t.Errorf("an item that was not there: %s", got)
	}
	if got := update("many", strings.Join(append(updates[4:], `"k":{"Action":"ADD","Value":{"N":"1"}}`), ",")); !strings.Contains(got, "Type mismatch for attribute to update") {
		t.Errorf("a wrong type among many: %s", got)
	}
	names := send("GetItem", `{"TableName":"abc","Key":{"p":{"S":"many"}},"AttributesToGet":["n","k",`+each(80, `"x%d"`)+`]}`)
	if names != `{"Item":{"n":{"N":"5"},"k":{"S":"kept"}}}` {
		t.Errorf("many names give %s", names)
	}
}

// TestManyNamesInAnotherOrder compares a map with one of the same names in the opposite order, many times in one filter, and removes
// hundreds of elements from a list of tens of thousands: both took time in the product of the two numbers.
func TestManyNamesInAnotherOrder(t *testing.T) {
	send := rawEngine(t)
	const n = 30_000
	attributes := strings.Split(each(n, `"a%d":{"NULL":true}`), ",")
	put := func(names []string) {
		t.Helper()
		if got := send("PutItem", `{"TableName":"abc","Item":{"p":{"S":"1"},"m":{"M":{`+strings.Join(names, ",")+`}}}}`); got != "{}" {
			t.Fatal(got)
		}
	}
	put(attributes)
	slices.Reverse(attributes)
	same := strings.Join(attributes, ",")
	for _, c := range []struct{ value, want string }{
		{same, `"Count":1`},
		{strings.Replace(same, `"a7":{"NULL":true}`, `"a7":{"BOOL":true}`, 1), `"Count":0`},
		{strings.Replace(same, `"a7":`, `"b7":`, 1), `"Count":0`},
	} {
		got := send("Scan", `{"TableName":"abc","Select":"COUNT","FilterExpression":"`+strings.Repeat("m <> :m AND ", 20)+`m <> :m OR m = :m","ExpressionAttributeValues":{":m":{"M":{`+c.value+`}}}}`)
		if want := `"Count":1`; !strings.Contains(got, want) {
			t.Errorf("%.300s; want %s", got, want)
		}
		if got := send("Scan", `{"TableName":"abc","Select":"COUNT","FilterExpression":"m = :m","ExpressionAttributeValues":{":m":{"M":{`+c.value+`}}}}`); !strings.Contains(got, c.want) {
			t.Errorf("%.300s; want %s", got, c.want)
		}
	}
	if got := send("PutItem", `{"TableName":"abc","Item":{"p":{"S":"1"},"l":{"L":[`+each(60_000, `{"S":"%d"}`)+`]}}}`); got != "{}" {
		t.Fatal(got)
	}
	if got := send("UpdateItem", `{"TableName":"abc","Key":{"p":{"S":"1"}},"UpdateExpression":"REMOVE `+each(500, `l[%d]`)+`,l[59999],l[7000000]"}`); got != "{}" {
		t.Fatal(got)
	}
	got := send("GetItem", `{"TableName":"abc","Key":{"p":{"S":"1"}},"ProjectionExpression":"l[0],l[59498],l[59499]"}`)
	if want := `{"Item":{"l":{"L":[{"S":"500"},{"S":"59998"}]}}}`; got != want {
		t.Errorf("%.300s; want %s", got, want)
	}
}
