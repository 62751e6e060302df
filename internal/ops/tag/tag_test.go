package tag

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestTags(t *testing.T) {
	env := optest.Env(t)
	made := optest.Call(t, env, table.Create, `{"table_name":"Orders","billing_mode":"PAY_PER_REQUEST",
		"attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	arn, _ := made["TableArn"].(string)
	if text := optest.JSON(t, optest.Call(t, env, Set, `{"resource_arn":"`+arn+`","tags":[{"Key":"env","Value":"dev"},{"Key":"team","Value":"a"}]}`)); text != "{}" {
		t.Errorf("set: %s", text)
	}
	if text := optest.JSON(t, optest.Call(t, env, Remove, `{"resource_arn":"Orders","tag_keys":["env"]}`)); text != "{}" {
		t.Errorf("remove: %s", text)
	}
	if text := optest.JSON(t, optest.Call(t, env, List, `{"resource_arn":"Orders"}`)); text != `{"NextToken":null,"Tags":[{"Key":"team","Value":"a"}]}` {
		t.Errorf("list: %s", text)
	}
	limited := *env
	limited.Tables = []string{"dev-*"}
	if e := optest.Fail(t, &limited, Set, `{"resource_arn":"`+arn+`","tags":[{"Key":"a","Value":"b"}]}`); e.Code != "TableNotAllowed" {
		t.Errorf("outside the allow-list: %#v", e)
	}
}
