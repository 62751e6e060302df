package wire_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/wire"
)

// capture answers everything with an empty object and keeps the request's body.
type capture struct{ body []byte }

func (c *capture) Do(r *http.Request) (*http.Response, error) {
	var err error
	if c.body, err = io.ReadAll(r.Body); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
}

// What Unmarshal reads into an SDK input, the SDK's own encoder writes again: the two must be the same, member for
// member. testdata/requests.json has a body with every member for each action.
func TestUnmarshalAgainstTheSDK(t *testing.T) {
	text, err := os.ReadFile("testdata/requests.json")
	if err != nil {
		t.Fatal(err)
	}
	var bodies map[string]json.RawMessage
	if err := json.Unmarshal(text, &bodies); err != nil {
		t.Fatal(err)
	}
	sent := &capture{}
	client := dynamodb.New(dynamodb.Options{
		Region: "us-west-2", BaseEndpoint: aws.String("http://ddb.local"), Credentials: aws.AnonymousCredentials{}, HTTPClient: sent,
	})
	for api, body := range bodies {
		t.Run(api, func(t *testing.T) {
			method := reflect.ValueOf(client).MethodByName(api)
			if !method.IsValid() {
				t.Fatalf("the SDK has no %s", api)
			}
			in := reflect.New(method.Type().In(1).Elem())
			if err := wire.Unmarshal(body, in.Interface()); err != nil {
				t.Fatal(err)
			}
			out := method.Call([]reflect.Value{reflect.ValueOf(t.Context()), in})
			if err, ok := reflect.TypeAssert[error](out[1]); ok && err != nil {
				t.Fatal(err)
			}
			var want, got any
			if err := json.Unmarshal(body, &want); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(sent.body, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnmarshalIsStrict(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a number as text", `{"TableName":"T","Limit":"5"}`, `Limit: expected an integer, got "5"`},
		{"an object as text", `{"Key":"{}"}`, "Key"},
		{"an unknown member", `{"Tabel":"T"}`, `unknown argument "Tabel"; valid ones: `},
		{"an unknown member below", `{"ExpressionAttributeValues":{":a":{"X":"1"}}}`, "ExpressionAttributeValues.:a: "},
		{"no JSON", `{`, "the text is not JSON: "},
		{"a truth value as text", `{"ConsistentRead":"true"}`, "ConsistentRead: expected true or false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := wire.Unmarshal([]byte(tt.body), new(dynamodb.QueryInput))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one of %s", err, tt.want)
			}
		})
	}
	if err := wire.Unmarshal([]byte("{}"), dynamodb.QueryInput{}); err == nil {
		t.Error("a value that is no pointer is read into")
	}
}

func TestValuesGoBothWays(t *testing.T) {
	const text = `{"b":{"B":"AAEC"},"bs":{"BS":["AA==","AQ=="]},"f":{"BOOL":false},"l":{"L":[{"S":""},{"M":{}},{"L":[]}]},` +
		`"m":{"M":{"x":{"N":"1"}}},"n":{"N":"12345678901234567890123456789012345678"},"ns":{"NS":["1","-2.5"]},` +
		`"s":{"S":"é <&> \" \\ \n \u0001"},"ss":{"SS":["a","b"]},"t":{"BOOL":true},"z":{"NULL":true}}`
	item, err := attr.ParseItem([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	sdk := wire.ToSDK(item)
	if back := wire.FromSDK(sdk); !back.Equal(item) {
		t.Errorf("there and back: %s", attr.AppendItem(nil, back))
	}
	if got := string(wire.AppendItem(nil, sdk)); got != text {
		t.Errorf("wire form\n%s\nwant\n%s", got, text)
	}
	if wire.ToSDK(nil) != nil || wire.FromSDK(nil) != nil {
		t.Error("what is absent does not stay absent")
	}
	if got := wire.ToSDK(attr.Item{}); got == nil || len(got) != 0 {
		t.Errorf("an empty item becomes %v", got)
	}
}

func TestMarshal(t *testing.T) {
	type ours struct {
		Name  string         `json:"name"`
		Empty string         `json:"empty"`
		Any   map[string]any `json:"any"`
		List  []string       `json:"list"`
	}
	tests := []struct {
		name  string
		in    any
		nulls []string
		want  string
	}{
		{"nothing", nil, nil, "null"},
		{"a nil pointer", (*types.TableDescription)(nil), nil, "null"},
		{"absent members", &dynamodb.GetItemOutput{}, nil, "{}"},
		{"listed nulls", &dynamodb.GetItemOutput{}, []string{"Item", "ConsumedCapacity"}, `{"ConsumedCapacity":null,"Item":null}`},
		{"empty and absent", &dynamodb.ListTablesOutput{TableNames: []string{}}, []string{"LastEvaluatedTableName"}, `{"LastEvaluatedTableName":null,"TableNames":[]}`},
		{"counts", &dynamodb.QueryOutput{}, nil, `{"Count":0,"ScannedCount":0}`},
		{"an item", map[string]types.AttributeValue{"a": &types.AttributeValueMemberBOOL{Value: true}}, nil, `{"a":{"BOOL":true}}`},
		{"ours", ours{Name: "x<y", Any: map[string]any{"b": 1, "a": []string{"z"}}}, nil, `{"name":"x<y","any":{"a":["z"],"b":1}}`},
		{"bad UTF-8", ours{Name: "a\xffb"}, nil, "{\"name\":\"a\ufffdb\"}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := wire.Marshal(tt.in, tt.nulls...)
			if err != nil || string(got) != tt.want {
				t.Errorf("%s, %v, want %s", got, err, tt.want)
			}
			if !json.Valid(got) {
				t.Errorf("%s is not JSON", got)
			}
		})
	}
	if _, err := wire.Marshal(struct{ C chan int }{}); err == nil {
		t.Error("a channel has a JSON form")
	}
}
