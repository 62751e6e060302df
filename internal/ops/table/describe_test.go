package table

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestDescribe(t *testing.T) {
	env := optest.Env(t)
	orders(t, env, "Orders")
	byName := optest.Call(t, env, Describe, `{"table_name":"Orders"}`)
	if byName["TableName"] != "Orders" || byName["TableStatus"] != "ACTIVE" {
		t.Errorf("result %s", optest.JSON(t, byName))
	}
	arn, _ := byName["TableArn"].(string)
	if byARN := optest.Call(t, env, Describe, `{"table_name":"`+arn+`"}`); byARN["TableId"] != byName["TableId"] {
		t.Errorf("by ARN %s: %s", arn, optest.JSON(t, byARN))
	}
}

func TestDescribeMissing(t *testing.T) {
	env := optest.Env(t)
	orders(t, env, "Orders")
	e := optest.Fail(t, env, Describe, `{"table_name":"Ordes"}`)
	if e.Code != "ResourceNotFoundException" || e.Message != "Requested resource not found: Table: Ordes not found" ||
		e.Brief != `table "Ordes" not found in us-west-2 (local)` || e.Hint != `did you mean "Orders"?` {
		t.Errorf("error %#v", e)
	}
	e = optest.Fail(t, env, Describe, `{"table_name":"Orders","region_name":"eu-west-1"}`)
	if e.Brief != `table "Orders" not found in eu-west-1 (local)` {
		t.Errorf("in another region: %#v", e)
	}
}
