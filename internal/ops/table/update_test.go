package table

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestUpdate(t *testing.T) {
	env := optest.Env(t)
	orders(t, env, "Orders")
	got := optest.Call(t, env, Update, `{"table_name":"Orders","deletion_protection_enabled":true}`)
	if got["DeletionProtectionEnabled"] != true {
		t.Errorf("result %s", optest.JSON(t, got))
	}
	optest.Call(t, env, Update, `{"table_name":"Orders","global_secondary_index_updates":[{"Delete":{"IndexName":"ByStatus"}}]}`)
	if got := optest.Call(t, env, Describe, `{"table_name":"Orders"}`); got["GlobalSecondaryIndexes"] != nil {
		t.Errorf("indexes %s", optest.JSON(t, got["GlobalSecondaryIndexes"]))
	}
}

func TestUpdateEffect(t *testing.T) {
	for arguments, want := range map[string]op.Effect{
		`{"table_name":"Orders","table_class":"STANDARD"}`:                                                               op.Write,
		`{"table_name":"Orders","global_secondary_index_updates":[{"Update":{"IndexName":"ByStatus"}}]}`:                 op.Write,
		`{"table_name":"Orders","global_secondary_index_updates":[{"Delete":{"IndexName":"ByStatus"}}]}`:                 op.Destroy,
		`{"table_name":"Orders","replica_updates":[{"Create":{"RegionName":"r"}}]}`:                                      op.Write,
		`{"table_name":"Orders","replica_updates":[{"Delete":{"RegionName":"r"}}]}`:                                      op.Destroy,
		`{"table_name":"Orders","vector_index_updates":[{"Delete":{"IndexName":"v"}}],"billing_mode":"PAY_PER_REQUEST"}`: op.Destroy,
	} {
		in, err := Update.Decode([]byte(arguments))
		if err != nil {
			t.Fatal(err)
		}
		if got := Update.EffectOf(in); got != want {
			t.Errorf("%s: %s, want %s", arguments, got, want)
		}
	}
}
