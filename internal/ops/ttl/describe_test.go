package ttl

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestDescribe(t *testing.T) {
	env := optest.Orders(t)
	if text := optest.JSON(t, optest.Call(t, env, Describe, `{"table_name":"Orders"}`)); text != `{"TimeToLiveStatus":"DISABLED"}` {
		t.Errorf("before: %s", text)
	}
	optest.Call(t, env, Update, `{"table_name":"Orders","time_to_live_specification":{"AttributeName":"expires","Enabled":true}}`)
	got := optest.Call(t, env, Describe, `{"table_name":"Orders"}`)
	if got["AttributeName"] != "expires" {
		t.Errorf("after: %s", optest.JSON(t, got))
	}
}
