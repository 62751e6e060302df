package table

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestCreate(t *testing.T) {
	env := optest.Env(t)
	made := orders(t, env, "Orders")
	if made["TableName"] != "Orders" || made["TableStatus"] == nil || made["TableDescription"] != nil {
		t.Errorf("result %s", optest.JSON(t, made))
	}
	if e := optest.Fail(t, env, Create, `{"table_name":"Orders","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],
		"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],"billing_mode":"PAY_PER_REQUEST"}`); e.Code != "ResourceInUseException" || e.Hint == "" {
		t.Errorf("a second one: %#v", e)
	}
}

func TestCreateTakesWhatTheSchemaHides(t *testing.T) {
	env := optest.Env(t)
	made := optest.Call(t, env, Create, `{"table_name":"Hidden","billing_mode":"PAY_PER_REQUEST","deletion_protection_enabled":"true",
		"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}],
		"stream_specification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},"tags":[{"Key":"env","Value":"dev"}]}`)
	if made["DeletionProtectionEnabled"] != true || made["StreamSpecification"] == nil {
		t.Errorf("result %s", optest.JSON(t, made))
	}
}

func TestCreateRefusesBeforeTheCall(t *testing.T) {
	env := optest.Env(t)
	e := optest.Fail(t, env, Create, `{"table_name":"Orders","attribute_definitions":[],"key_schema":[{"Name":"pk"}]}`)
	if !strings.Contains(e.Message, `key_schema[0]: unknown argument "Name"`) {
		t.Errorf("error %#v", e)
	}
	if names := optest.Call(t, env, List, `{}`)["TableNames"]; len(names.([]any)) != 0 {
		t.Errorf("tables %v", names)
	}
}
