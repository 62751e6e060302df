package ops

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

func TestDefinitions(t *testing.T) {
	tools, paths := map[string]bool{}, map[string]bool{}
	toolName := regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	for _, o := range All {
		s := o.Spec()
		t.Run(s.Tool, func(t *testing.T) {
			if err := o.Check(); err != nil {
				t.Fatal(err)
			}
			if !toolName.MatchString(s.Tool) {
				t.Errorf("tool name %q is not in snake case", s.Tool)
			}
			if tools[s.Tool] {
				t.Errorf("tool %q is there twice", s.Tool)
			}
			if s.Path() == "" || paths[s.Path()] {
				t.Errorf("CLI path %q is empty, or there twice", s.Path())
			}
			tools[s.Tool], paths[s.Path()] = true, true
			if s.Title == "" || s.Toolset == "" {
				t.Error("title or toolset is missing")
			}
			if s.Short == "" || strings.HasSuffix(s.Short, ".") || strings.Contains(s.Short, "\n") || len(s.Short) > 60 {
				t.Errorf("summary %q: one line of at most 60 bytes, without a full stop, is wanted", s.Short)
			}
			if s.API != "" && len(s.Actions) == 0 {
				t.Error("the IAM actions are missing")
			}
			if o.Input() == nil || o.Output() == nil && !s.Text {
				t.Error("a schema is missing")
			}
			if s.Effect == op.Read && !s.Idempotent {
				t.Error("a read is idempotent")
			}
		})
	}
}

// tableless are operations whose inputs speak of a table without naming one to touch.
var tableless = map[string]string{
	"list_tables":        "its argument is a place in the list; it shows allowed tables only",
	"list_global_tables": "its argument is a place in the list; it shows allowed tables only",
}

func TestOperationsThatNameTablesDeclareThem(t *testing.T) {
	names := regexp.MustCompile(`(?i)table|resource_arn|_arn$|request_items|transact_items|statement$`)
	for _, o := range All {
		s := o.Spec()
		if o.DeclaresTables() || tableless[s.Tool] != "" {
			continue
		}
		for _, f := range wire.Fields(o.InputType()) {
			if names.MatchString(f.Name) {
				t.Errorf("%s has an argument %s, and does not declare its tables (op.Tables)", s.Tool, f.Name)
			}
		}
	}
}

func TestDescriptionsAreShort(t *testing.T) {
	for _, o := range All {
		for _, f := range wire.Fields(o.InputType()) {
			if d := f.Tag.Get("jsonschema"); len(d) > 40 {
				t.Errorf("%s.%s: the description has %d bytes, at most 40 are allowed: %s", o.Spec().Tool, f.Name, len(d), d)
			}
		}
	}
}

// legacy parameters came before expressions and do nothing these cannot.
var legacy = []string{
	"AttributesToGet", "AttributeUpdates", "ConditionalOperator", "Expected", "KeyConditions", "QueryFilter", "ScanFilter",
}

// set are filled by the operation itself.
var set = []string{
	"ReturnConsumedCapacity", "ReturnItemCollectionMetrics", "ReturnValuesOnConditionCheckFailure", "PointInTimeRecoverySpecification",
}

// own are fields of ours that an operation puts where the SDK wants them.
var own = []string{"RegionName", "PointInTimeRecoveryEnabled", "RecoveryPeriodInDays"}

func TestInputsCoverTheAPI(t *testing.T) {
	clients := []reflect.Type{reflect.TypeFor[op.DynamoDBAPI](), reflect.TypeFor[op.StreamsAPI]()}
	for _, o := range All {
		s := o.Spec()
		if s.API == "" {
			continue
		}
		method, ok := clients[0].MethodByName(s.API)
		if !ok {
			method, ok = clients[1].MethodByName(s.API)
		}
		if !ok {
			t.Errorf("%s: no method %s", s.Tool, s.API)
			continue
		}
		homeless, unfilled := op.CheckRequest(o.InputType(), method.Type.In(1).Elem())
		for _, name := range homeless {
			if !slices.Contains(own, name) {
				t.Errorf("%s: nothing takes the field %s", s.Tool, name)
			}
		}
		for _, name := range unfilled {
			if !slices.Contains(legacy, name) && !slices.Contains(set, name) {
				t.Errorf("%s: the parameter %s of %s has no field", s.Tool, name, s.API)
			}
		}
	}
}

// unplaced are methods of the SDK's clients that are no operation, with the reason. There is none.
var unplaced = map[string]string{}

func TestEveryMethodOfTheSDKHasItsPlace(t *testing.T) {
	placed := map[string]bool{}
	for _, o := range All {
		placed[o.Spec().API] = true
	}
	methods := map[string]bool{}
	for _, client := range []reflect.Type{reflect.TypeFor[*dynamodb.Client](), reflect.TypeFor[*dynamodbstreams.Client]()} {
		for m := range client.Methods() {
			if m.Type.NumIn() < 3 || m.Type.NumOut() != 2 {
				continue // Options
			}
			methods[m.Name] = true
			if reason := unplaced[m.Name]; placed[m.Name] == (reason != "") {
				t.Errorf("%s: operation %v, reason for having none %q: exactly one is wanted", m.Name, placed[m.Name], reason)
			}
		}
	}
	for name := range unplaced {
		if !methods[name] {
			t.Errorf("%s is no method of the SDK's clients", name)
		}
	}
	if len(methods) != 66 {
		t.Errorf("the SDK's clients have %d methods, 62 and 4 were expected: place the new ones", len(methods))
	}
}

func TestUnknownFieldKindsFail(t *testing.T) {
	type channel struct {
		C chan int `json:"c" flag:"c"`
	}
	type untagged struct {
		S string `json:"s"`
	}
	type unnamed struct {
		S string `flag:"s"`
	}
	type hidden struct {
		S string `json:"s" flag:"s" mcp:"-"`
	}
	for _, in := range []reflect.Type{
		reflect.TypeFor[channel](), reflect.TypeFor[untagged](), reflect.TypeFor[unnamed](), reflect.TypeFor[hidden](),
		reflect.TypeFor[string](),
	} {
		if _, err := op.InputSchema(in); err == nil {
			t.Errorf("%s is taken for an input", in)
		}
	}
}

func TestSchemasAreJSON(t *testing.T) {
	for _, o := range All {
		if text, err := json.Marshal(o.Input()); err != nil || !json.Valid(text) {
			t.Errorf("%s: input schema: %v", o.Spec().Tool, err)
		}
		if text, err := json.Marshal(o.Output()); err != nil || !json.Valid(text) {
			t.Errorf("%s: output schema: %v", o.Spec().Tool, err)
		}
	}
}
