package tag

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestTags(t *testing.T) {
	env := optest.Env(t)
	arn := optest.Table(t, env, "Orders", "pk:S")
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
