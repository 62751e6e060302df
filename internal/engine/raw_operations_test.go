package engine_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/ddb-cli/ddb/internal/engine"
)

// nothingGiven is how an operation refuses a request without any member.
var nothingGiven = regexp.MustCompile(`^(The parameter 'TableName' is required but was not present in the request|The requestItems parameter is required for Batch(Get|Write)Item|` +
	`(\d+) validation errors? detected: (Value null at '[a-zA-Z0-9]+' failed to satisfy constraint: Member must not be null(; |$))+)$`)

// TestEveryOperationWithoutMembers asks every operation of both clients for nothing in particular.
func TestEveryOperationWithoutMembers(t *testing.T) {
	asked := 0
	eachOperation(t, func(name string, _ reflect.Type, ask func(string) (int, answer)) {
		asked++
		status, a := ask(`{}`)
		if status == http.StatusOK {
			return
		}
		m := nothingGiven.FindStringSubmatch(a.message())
		if status != http.StatusBadRequest || a.Type != "com.amazon.coral.validate#ValidationException" || m == nil ||
			m[3] != "" && m[3] != strconv.Itoa(strings.Count(a.message(), "Value null")) {
			t.Errorf("%s: %d %+v", name, status, a)
		}
	})
	if asked != 66 {
		t.Errorf("%d operations were asked, want 66", asked)
	}
}

// TestEveryMemberOfAnotherKind gives every member of every operation, and every member inside of one, a value of each kind it is not.
func TestEveryMemberOfAnotherKind(t *testing.T) {
	asked := 0
	eachOperation(t, func(name string, input reflect.Type, ask func(string) (int, answer)) {
		eachMember(input, `%s`, 0, func(body string, member reflect.Type) {
			for wrong, want := range wrongFor(member) {
				asked++
				status, a := ask(fmt.Sprintf(body, wrong))
				if status != http.StatusBadRequest || a.Type != "com.amazon.coral.service#SerializationException" || !strings.HasPrefix(a.message(), want) {
					t.Errorf("%s with "+body+": %d %+v, want a SerializationException: %s", name, wrong, status, a, want)
				}
			}
		})
	})
	if asked < 2000 {
		t.Errorf("only %d members were given another kind", asked)
	}
}

// eachMember calls do for all members in a structure, each with a body that has a place for its value.
func eachMember(t reflect.Type, around string, depth int, do func(body string, member reflect.Type)) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case depth > 8 || t == reflect.TypeFor[time.Time]():
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		eachMember(t.Elem(), fmt.Sprintf(around, `[%s]`), depth+1, do)
	case t.Kind() == reflect.Map:
		eachMember(t.Elem(), fmt.Sprintf(around, `{"Name":%s}`), depth+1, do)
	case t.Kind() == reflect.Struct:
		for f := range t.Fields() {
			if f.IsExported() && f.Type.Kind() != reflect.Interface { // values of attributes have tests of their own
				body := fmt.Sprintf(around, `{"`+f.Name+`":%s}`)
				do(body, f.Type)
				eachMember(f.Type, body, depth+1, do)
			}
		}
	}
}

// answer is what an error says of itself, in either spelling.
type answer struct {
	Type    string `json:"__type"`
	Message string `json:"Message"`
	Lower   string `json:"message"`
}

func (a answer) message() string { return a.Message + a.Lower }

// eachOperation calls do for all operations of both clients, with their inputs and a way to ask for them.
func eachOperation(t *testing.T, do func(name string, input reflect.Type, ask func(body string) (int, answer))) {
	t.Helper()
	e, _ := open(t, engine.Options{S3Root: t.TempDir()})
	for prefix, client := range map[string]reflect.Type{
		"DynamoDB_20120810.":        reflect.TypeFor[*dynamodb.Client](),
		"DynamoDBStreams_20120810.": reflect.TypeFor[*dynamodbstreams.Client](),
	} {
		for m := range client.Methods() {
			if m.Name == "Options" {
				continue
			}
			input := m.Type.In(2).Elem()
			do(m.Name, input, func(body string) (int, answer) {
				r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
				r.Header.Set("X-Amz-Target", prefix+m.Name)
				r.Header.Set("Content-Type", "application/x-amz-json-1.0")
				w := httptest.NewRecorder()
				e.Handler().ServeHTTP(w, r)
				var a answer
				if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
					t.Errorf("%s %s: the answer %q: %v", m.Name, body, w.Body, err)
				}
				return w.Code, a
			})
		}
	}
}

// wrongFor are values of other kinds than a member's, and the beginning of what is said of each.
func wrongFor(t reflect.Type) map[string]string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	const (
		structure  = "Start of structure or map found where not expected"
		collection = "Unrecognized collection type "
		field      = "Unexpected field type"
	)
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]string{`{}`: structure, `[]`: collection + "class java.lang.Date", `true`: "TRUE_VALUE cannot be converted to Date"}
	case t.Kind() == reflect.String:
		return map[string]string{
			`{}`: structure, `[]`: collection + "class java.lang.String", `1`: "NUMBER_VALUE cannot be converted to String", `true`: "TRUE_VALUE cannot be converted to String",
		}
	case t.Kind() == reflect.Bool:
		return map[string]string{`{}`: structure, `[]`: collection + "class java.lang.Boolean", `"x"`: "Unexpected token received from parser"}
	case t.Kind() == reflect.Int32, t.Kind() == reflect.Int64:
		return map[string]string{`{}`: structure, `[]`: collection + "class java.lang.", `"x"`: "STRING_VALUE cannot be converted to ", `true`: "TRUE_VALUE cannot be converted to "}
	case t.Kind() == reflect.Float64:
		return map[string]string{`{}`: structure, `[]`: collection + "class java.lang.Double", `"x"`: "STRING_VALUE cannot be converted to Double"}
	case t.Kind() == reflect.Slice:
		return map[string]string{`{}`: structure, `"x"`: field, `1`: field}
	case t.Kind() == reflect.Struct:
		name := strings.Replace(t.Name(), "UpdateKinesis", "EnableKinesis", 1) // one type here, two in the model
		if strings.HasSuffix(name, "Action") {
			name = "" // what is to be made, changed and deleted shares its types here
		}
		return map[string]string{`[]`: collection + "class com.amazonaws.dynamodb.v20120810." + name, `"x"`: field, `1`: field}
	}
	return map[string]string{`[]`: collection + "java.util.Map<java.lang.String, ", `"x"`: field, `1`: field}
}
