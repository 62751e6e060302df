package mcp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// shop is the table the refusals are tried on.
const shop = `{"table_name":"shop","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],"billing_mode":"PAY_PER_REQUEST"}`

func TestBadInputIsRefused(t *testing.T) {
	cases := []struct {
		name, tool, args string
		code             string
		says             []string // in the message or the hint
	}{
		{"unknown argument", "get_item", `{"table_name":"shop","key":{"pk":{"S":"a"},"sk":{"N":"1"}},"kee":1}`, "InvalidArgument", []string{`unknown argument "kee"`, "valid ones: ", "format", "key", "table_name"}},
		{"unknown argument of a tool without any", "dynamodb_data_modeling", `{"topic":"x"}`, "InvalidArgument", []string{`unknown argument "topic"`}},
		{"unknown member below", "create_table", strings.Replace(shop, `"KeyType":"HASH"`, `"KeyTyp":"HASH"`, 1), "InvalidArgument", []string{"key_schema[0]", `"KeyTyp"`, "KeyType"}},
		{"missing argument", "describe_table", `{}`, "InvalidArgument", []string{"table_name", "missing"}},
		{"null for a required argument", "describe_table", `{"table_name":null}`, "InvalidArgument", []string{"table_name"}},
		{"no arguments at all", "get_item", ``, "InvalidArgument", []string{"table_name"}},
		{"arguments not an object", "describe_table", `["shop"]`, "InvalidArgument", []string{"object"}},
		{"a number for a text", "describe_table", `{"table_name":42}`, "InvalidArgument", []string{"table_name", "expected a string", "42"}},
		{"text for a number", "scan", `{"table_name":"shop","limit":"many"}`, "InvalidArgument", []string{"limit", "integer", "many"}},
		{"a fraction for a whole number", "scan", `{"table_name":"shop","limit":1.5}`, "InvalidArgument", []string{"limit", "integer"}},
		{"text for a truth value", "update_continuous_backups", `{"table_name":"shop","point_in_time_recovery_enabled":"perhaps"}`, "InvalidArgument", []string{"point_in_time_recovery_enabled", "true or false"}},
		{"plain JSON for an attribute value", "get_item", `{"table_name":"shop","key":{"pk":"a","sk":1}}`, "InvalidArgument", []string{"key.pk", `such as {"S":"text"}`, `got "a"`}},
		{"an item that is a list", "put_item", `{"table_name":"shop","item":[1]}`, "InvalidArgument", []string{"item", "object"}},
		{"broken JSON text for an object", "put_item", `{"table_name":"shop","item":"{\"pk\":"}`, "InvalidArgument", []string{"item"}},
		{"unknown table", "describe_table", `{"table_name":"shp"}`, "ResourceNotFoundException", []string{"shp", `did you mean "shop"`}},
		{"unknown table for an item", "get_item", `{"table_name":"shp","key":{"pk":{"S":"a"},"sk":{"N":"1"}}}`, "ResourceNotFoundException", []string{`shop`}},
		{"a table name that cannot be", "describe_table", `{"table_name":"a b"}`, "ValidationException", []string{"a b"}},
		{"missing sort key", "get_item", `{"table_name":"shop","key":{"pk":{"S":"a"}}}`, "ValidationException", []string{"key"}},
		{"key of the wrong type", "put_item", `{"table_name":"shop","item":{"pk":{"N":"1"},"sk":{"N":"1"}}}`, "ValidationException", []string{"pk"}},
		{"empty key", "put_item", `{"table_name":"shop","item":{"pk":{"S":""},"sk":{"N":"1"}}}`, "ValidationException", []string{"empty string"}},
		{"a number that is none", "put_item", `{"table_name":"shop","item":{"pk":{"S":"a"},"sk":{"N":"one"}}}`, "", []string{"one"}},
		{"an item over 400 KB", "put_item", `{"table_name":"shop","item":{"pk":{"S":"a"},"sk":{"N":"1"},"x":{"S":"` + strings.Repeat("x", 410_000) + `"}}}`, "ValidationException", []string{"Item size"}},
		{"unknown index", "query", `{"table_name":"shop","index_name":"none","key_condition_expression":"pk = :p","expression_attribute_values":{":p":{"S":"a"}}}`, "ValidationException", []string{"none"}},
		{"a broken expression", "scan", `{"table_name":"shop","filter_expression":"a ="}`, "ValidationException", []string{"FilterExpression"}},
		{"a value that is not given", "query", `{"table_name":"shop","key_condition_expression":"pk = :p"}`, "ValidationException", []string{":p"}},
		{"a policy that is no JSON", "put_resource_policy", `{"resource_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop","policy":"{"}`, "ValidationException", []string{"olicy"}},
		{"a policy that is a number", "put_resource_policy", `{"resource_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop","policy":5}`, "InvalidArgument", []string{"policy"}},
	}
	c := localClient(t, nil)
	if result := callTool(t.Context(), t, c, "create_table", shop); result.IsError {
		t.Fatal(textOf(t, result))
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			result := callTool(t.Context(), t, c, k.tool, k.args)
			text := textOf(t, result)
			if !result.IsError {
				t.Fatalf("no error but %.300s", text)
			}
			var failed struct{ Error failure }
			if err := json.Unmarshal([]byte(text), &failed); err != nil {
				t.Fatal(err)
			}
			if k.code != "" && failed.Error.Code != k.code {
				t.Errorf("code %s, want %s: %s", failed.Error.Code, k.code, failed.Error.Message)
			}
			for _, want := range k.says {
				if said := failed.Error.Message + "\n" + fromPointer(failed.Error.Hint); !strings.Contains(said, want) {
					t.Errorf("the error does not say %q: %s", want, said)
				}
			}
			if len(text) > 4000 {
				t.Errorf("an error of %d bytes", len(text))
			}
		})
	}
	result := callTool(t.Context(), t, c, "scan", `{"table_name":"shop"}`)
	if text := textOf(t, result); !strings.Contains(text, `"Count": 0`) {
		t.Errorf("refused calls left something behind: %s", text)
	}
}

func fromPointer(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// readOnlyArguments are those of tools whose effect depends on them; the others
// get arguments made from their schema.
var readOnlyArguments = map[string]string{
	"search_vectors":       `{"table_name":"shop","index_name":"v","search_vector":[{"N":"1"}],"top_k":1}`,
	"execute_statement":    `{"statement":"DELETE FROM shop WHERE pk='a' AND sk=1"}`,
	"transact_write_items": `{"transact_items":[{"Delete":{"TableName":"shop","Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}}]}`,
	"batch_write_item":     `{"request_items":{"shop":[{"DeleteRequest":{"Key":{"pk":{"S":"a"},"sk":{"N":"1"}}}}]}}`,
}

func TestReadOnlyHoldsForEveryTool(t *testing.T) {
	const message = "Mutation not allowed: DDB-MCP-READONLY is set to true."
	for by, want := range map[string]string{"": message, "--read-only": message + " (set by --read-only)"} {
		c := localClient(t, func(o *Options) {
			o.Toolsets = []string{toolsetAll}
			o.Env.ReadOnly, o.Env.ReadOnlyBy = true, by
		})
		for _, o := range ops.All {
			spec := o.Spec()
			t.Run(fmt.Sprintf("%s by %q", spec.Tool, by), func(t *testing.T) {
				args := readOnlyArguments[spec.Tool]
				if args == "" {
					args = argumentsFor(t, o)
				}
				result := callTool(t.Context(), t, c, spec.Tool, args)
				text := textOf(t, result)
				var failed struct{ Error failure }
				if result.IsError {
					if err := json.Unmarshal([]byte(text), &failed); err != nil {
						t.Fatal(err)
					}
				}
				refused := failed.Error.Code == op.CodeReadOnly
				if refused != (spec.Effect != op.Read) {
					t.Fatalf("refused is %v for a tool whose effect is %v: %.300s", refused, spec.Effect, text)
				}
				if refused && failed.Error.Message != want {
					t.Errorf("message %q, want %q", failed.Error.Message, want)
				}
			})
		}
	}
}

func TestTablesHoldOverMCP(t *testing.T) {
	c := localClient(t, func(o *Options) {
		o.Toolsets = []string{toolsetAll}
		o.Env.Tables = []string{"dev-*"}
	})
	create := func(name string) string { return strings.Replace(shop, `"shop"`, `"`+name+`"`, 1) }
	if result := callTool(t.Context(), t, c, "create_table", create("dev-shop")); result.IsError {
		t.Fatal(textOf(t, result))
	}
	for _, k := range []struct{ tool, args string }{
		{"create_table", create("shop")},
		{"describe_table", `{"table_name":"arn:aws:dynamodb:us-west-2:000000000000:table/shop"}`},
		{"tag_resource", `{"resource_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop","tags":[]}`},
		{"batch_get_item", `{"request_items":{"dev-shop":{"Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}]},"shop":{"Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}]}}}`},
		{"execute_statement", `{"statement":"SELECT * FROM \"shop\""}`},
	} {
		t.Run(k.tool, func(t *testing.T) {
			text := textOf(t, callTool(t.Context(), t, c, k.tool, k.args))
			if !strings.Contains(text, `"code": "TableNotAllowed"`) || !strings.Contains(text, "dev-*") {
				t.Errorf("not refused, or not for the table: %s", text)
			}
		})
	}
}

// argumentsFor makes arguments that Decode takes: each required one by its type.
func argumentsFor(t *testing.T, o op.Operation) string {
	t.Helper()
	raw, err := json.Marshal(o.Input())
	if err != nil {
		t.Fatal(err)
	}
	root := parseSchema(t, raw)
	text, err := json.Marshal(exampleOf(root, root))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exampleOf(s, root *schemaNode) any {
	s = s.resolve(root)
	switch {
	case len(s.AnyOf) > 0:
		return exampleOf(s.AnyOf[len(s.AnyOf)-1], root)
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == "string":
		return "arn:aws:dynamodb:us-west-2:000000000000:table/shop"
	case s.Type == "boolean":
		return true
	case s.Type == "integer", s.Type == "number":
		return 1
	case s.Type == "array":
		return []any{exampleOf(s.Items, root)}
	}
	object := map[string]any{}
	for name, p := range s.Properties {
		if slices.Contains(s.Required, name) {
			object[name] = exampleOf(p, root)
		}
	}
	return object
}
