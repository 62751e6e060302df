package wire_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/wire"
)

// Whatever is sent as arguments, reading it ends with a value or an error; what was read strictly is also read with
// tolerance, and to the same effect.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `[]`, `{"TableName":"T","Limit":"5"}`, `{"Key":{"pk":{"S":"a"}}}`, `{"Key":"{\"pk\":{\"S\":\"a\"}}"}`,
		`{"QueryFilter":{"a":{"ComparisonOperator":"EQ","AttributeValueList":[{"L":[{"M":{}}]}]}}}`, `{"Limit":1e400}`, `{"Key":{"pk":{"B":"="}}}`,
		`{"ConsistentRead":"TRUE","ExpressionAttributeNames":{"#a":null}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		strict, tolerant := new(dynamodb.QueryInput), new(dynamodb.QueryInput)
		if wire.Unmarshal(text, strict) != nil {
			_ = wire.UnmarshalArguments(text, tolerant)
			return
		}
		if err := wire.UnmarshalArguments(text, tolerant); err != nil {
			t.Fatalf("refused with tolerance: %v", err)
		}
		one, err := wire.Marshal(strict)
		if err != nil {
			t.Fatal(err)
		}
		other, err := wire.Marshal(tolerant)
		if err != nil || string(one) != string(other) {
			t.Errorf("%s, with tolerance %s, %v", one, other, err)
		}
	})
}
