package ttl

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestUpdate(t *testing.T) {
	env := optest.Orders(t)
	got := optest.Call(t, env, Update, `{"table_name":"Orders","time_to_live_specification":"{\"AttributeName\":\"expires\",\"Enabled\":true}"}`)
	if text := optest.JSON(t, got); text != `{"AttributeName":"expires","Enabled":true}` {
		t.Errorf("result %s", text)
	}
	e := optest.Fail(t, env, Update, `{"table_name":"Orders","time_to_live_specification":{"AttributeName":"expires","Enabled":true}}`)
	if e.Code != "ValidationException" {
		t.Errorf("once more: %#v", e)
	}
}
